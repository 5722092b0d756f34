"""What is known without reading a word: the kind of movement (cash, fee ...) and whether the person paid is on the payroll."""

from __future__ import annotations

import polars as pl

# kind of movement, category, how sure, below which the words give way to it (1 = always), why
KINDS: tuple[tuple[str, str, float, float, str], ...] = (
    ("cash", "Z01", 0.99, 1.0, "The bank says that cash was drawn."),
    ("fee", "M02", 0.99, 1.0, "The bank or card charged a fee."),
    ("interest", "M02", 0.99, 1.0, "The bank booked interest."),
    ("instalment", "M04", 1.0, 1.0, "The commissioner's money coming in: nothing was bought."),
    ("credit", "M04", 1.0, 1.0, "Money coming in: nothing was bought."),
    ("repayment", "M03", 0.99, 1.0, "Money given back to the commissioner."),
    ("transfer", "Z02", 0.85, 0.6, "The bank says that it went to another account, and the words do not say what for."),
)
# role of the person paid, category, how sure, below which the words give way, a category it replaces, why; the first that fits counts
PERSONS: tuple[tuple[str, str, float, float, str, str], ...] = (
    ("payroll", "C01", 0.95, 0.7, "Z02", "The person paid has pay slips with this budget: wages."),
    ("pa", "C01", 0.9, 0.7, "Z02", "The person paid is a personal assistant of this holder: wages."),
    ("holder", "Z02", 0.95, 0.6, "C01", "The person paid is the holder."),
    ("nominee", "Z02", 0.8, 0.6, "C01", "The person paid is the holder's nominee, and has no pay slip."),
    ("representative", "Z02", 0.8, 0.6, "C01", "The person paid is the holder's representative, and has no pay slip."),
    ("family", "Z02", 0.7, 0.4, "", "The person paid is of the holder's family, and has no pay slip."),
)

# An assistant who is paid a present, not wages: words that say so, words that say wages all the same, category, how sure, why.
PRESENT_WORDS = r"(?i)\b(?:bonus|gifts?|gratuity)\b"
WAGE_WORDS = r"(?i)\b(?:wages?|salary|net pay|pay|hours|hrs|week|wk|backpay|overtime|payslip)\b"
PRESENT = ("Z04", 0.85, "The person paid is an assistant, and the words are those of a bonus or present: no wages.")


def answers_of_kinds() -> pl.DataFrame:
    """One row per kind of movement that tells its own category; `is_always` where no word can change it."""
    columns = ["kind_code", "category_code", "probability_share", "below_share", "because"]
    return pl.DataFrame(KINDS, schema=columns, orient="row").with_columns(is_always=pl.col("below_share") >= 1)


def answers_of_persons() -> pl.DataFrame:
    """One row per role of a person paid, `rank` 0 counting first where a person has several."""
    columns = ["role_code", "category_code", "probability_share", "below_share", "instead_of_code", "because"]
    return pl.DataFrame(PERSONS, schema=columns, orient="row").with_row_index("rank")


def answer_of_presents() -> pl.DataFrame:
    """One row: the words of a present to an assistant, those that say wages all the same, and what is answered."""
    columns = ["present_words", "wage_words", "category_code", "probability_share", "because"]
    return pl.DataFrame([(PRESENT_WORDS, WAGE_WORDS, *PRESENT)], schema=columns, orient="row")
