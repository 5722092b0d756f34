"""What makes two landed rows the same: their content, written one way whatever the sender's spelling of amounts and days."""

from __future__ import annotations

import polars as pl

from phb_audit.money import pence_series
from phb_audit.periods import day
from phb_audit.sources.feeds import REF_OF, Feed
from phb_audit.sources.layouts import Layout

MONEY = frozenset(
    {"amount_text", "paid_out_text", "paid_in_text", "fee_text", "balance_text", "total_text", "vat_text", "unit_price_text"}
    | {"line_total_text", "rate_text", "gross_text", "tax_text", "employee_ni_text", "employer_ni_text", "pension_text", "net_text"}
    | {"annual_amount_text", "most_at_once_text", "alternative_cost_text", "hours_text", "quantity_text"}
    | {"opening_text", "received_text", "other_income_text", "wages_text", "hmrc_text", "agency_text", "equipment_text", "activity_text"}
    | {"other_spend_text", "charges_text", "closing_text", "statement_balance_text", "unpaid_wages_text", "unpaid_invoices_text"}
    | {"contingency_text"}
)
OF_THE_PERSON_PAID = frozenset({"payee_ref", "surname_ref"})
SEPARATOR = "\x1f"
MOST_DAYS_READ = 100_000
DAYS_READ: dict[str, str | None] = {}  # the files of a night speak of the same few hundred days over and over
WORDS = {"words": pl.String, "is_line": pl.Boolean}


def contents(cells: pl.DataFrame, landed: pl.DataFrame, feed: Feed, layout: Layout, amount: pl.Series, salt: str) -> pl.DataFrame:
    """One row a landed row: `content` (text to be hashed) and `may_recur` (true where equal rows of one file are two rows).

    For payments also `words` (payee and further words, where account, day and amount are there to compare the line by) and `is_line`
    (true where `content` is made of these four). Names are hashed as written, not as replaced: a row must be the same row before and
    after its payee became a known person. `salt` is secret, so that nobody can guess a name from the hash.
    """
    start = pl.lit(salt + SEPARATOR + feed.code)
    is_payment = "amount_sign_code" in feed.table.column_names
    told = (
        with_words(cells, landed, amount, layout)
        if is_payment
        else pl.DataFrame({"words": pl.Series([None] * cells.height, dtype=pl.String)})
    )
    told = told.with_columns(is_line=pl.col("words").is_not_null(), content=line_content(start) if is_payment else None)
    recurs = pl.lit(not layout.each_row_once)
    is_problem = cells["problem_text"].is_not_null()
    if layout.unique_reference:
        told = told.with_columns(reference_content(cells, landed, layout, start))
        is_named = pl.col("reference").is_not_null()
        told = told.with_columns(content=pl.coalesce("reference", "content"), is_line=pl.col("is_line") & ~is_named)
        recurs = recurs & ~is_named
    told = told.with_columns(may_recur=recurs | is_problem)
    wanting = told["content"].is_null()
    if wanting.all():
        told = told.with_columns(whole_content(cells, landed, feed, start))
    elif wanting.any():
        whole = whole_content(cells.filter(wanting), landed.filter(wanting), feed, start)
        told = told.with_columns(told["content"].scatter(wanting.arg_true(), whole))
    return told.select("content", "may_recur", *(WORDS if is_payment else ()))


def whole_content(cells: pl.DataFrame, landed: pl.DataFrame, feed: Feed, start: pl.Expr) -> pl.Series:
    """Every cell of a row, written one way."""
    texts = [canonical(cells[name]) for name in feed.text_columns]
    refs = [landed[name] for name in feed.ref_columns if name not in OF_THE_PERSON_PAID]
    columns = pl.DataFrame([*texts, *refs])
    return columns.select(content=pl.concat_str(start, pl.all().fill_null(""), separator=SEPARATOR)).to_series()


def with_words(cells: pl.DataFrame, landed: pl.DataFrame, amount: pl.Series, layout: Layout) -> pl.DataFrame:
    """What a payment line is compared by in any layout: account, day as one writes it, pence out, and words in capitals.

    `words` is null where one of the others is not there or not readable, or the row as a whole cannot be trusted: such a row is
    compared by every cell, so that nothing of it is lost. So it is where the layout says that it has each row once.
    """
    frame = pl.DataFrame(
        [landed["account_ref"], canonical(cells["paid_on_text"]), amount.alias("amount"), cells["problem_text"]]
        + [cells[name] for name in ("payee_text", "description_text")]
    )
    can_be = pl.all_horizontal(pl.col("account_ref", "paid_on_text", "amount").is_not_null()) & pl.col("problem_text").is_null()
    parts = pl.col("payee_text", "description_text").str.strip_chars()
    words = pl.concat_str(parts, separator=" ", ignore_nulls=True).str.to_uppercase()
    return frame.select("account_ref", "paid_on_text", "amount", words=pl.when(can_be & (not layout.each_row_once)).then(words))


def line_content(start: pl.Expr) -> pl.Expr:
    """A payment line in terms that every layout has; null where one is not there."""
    return pl.concat_str(start, pl.lit("line"), "account_ref", "paid_on_text", "amount", "words", separator=SEPARATOR)


def reference_content(cells: pl.DataFrame, landed: pl.DataFrame, layout: Layout, start: pl.Expr) -> pl.Series:
    """The cells that together name a row, as 'reference'; null where one of them is blank."""
    columns = pl.DataFrame([canonical(cells[name]) if name in cells.columns else landed[name] for name in unique_columns(layout)])
    filled = columns.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return filled.select(reference=pl.concat_str(start, pl.lit("reference"), pl.all(), separator=SEPARATOR)).to_series()


def unique_columns(layout: Layout) -> list[str]:
    """Our columns for the headers that name a row, pseudonyms for identity cells."""
    wanted = set(layout.unique_reference)
    named = [name for name, cell in layout.columns.items() if wanted & set(cell.headers)]
    return list(dict.fromkeys(REF_OF.get(name, name) for name in named))


def canonical(texts: pl.Series) -> pl.Series:
    """Amounts without commas, pounds and idle zeros; days as ISO; other text in capitals without blanks around it."""
    if texts.null_count() == len(texts):
        return texts
    if texts.name in MONEY:
        return texts.to_frame().select(plain_amount(pl.col(texts.name))).to_series()
    if texts.name.endswith("_on_text"):
        return pl.select(pl.coalesce(iso_days(texts), tidy_moment(pl.lit(texts)))).to_series().alias(texts.name)
    return texts.str.strip_chars().str.to_uppercase()


def plain_amount(text: pl.Expr) -> pl.Expr:
    """'1,234.50' and '£1234.5' as '1234.5'; by characters, since a pattern costs five times as much on a million rows."""
    bare = text.str.replace_all(",", "", literal=True).str.strip_chars(" £\t\xa0")
    return pl.when(bare.str.contains(".", literal=True)).then(bare.str.strip_chars_end("0").str.strip_chars_end(".")).otherwise(bare)


def iso_days(texts: pl.Series) -> pl.Series:
    """The day of each text without a time of day, as ISO text; null for others. What was read once is remembered."""
    distinct = texts.unique().drop_nulls()
    distinct = distinct.filter(~distinct.str.contains(":", literal=True))
    asked = distinct.to_list()
    if new := [text for text in asked if text not in DAYS_READ]:
        read = pl.DataFrame({"text": new}, schema={"text": pl.String}).select(day(pl.col("text")).cast(pl.String)).to_series()
        found = dict(zip(new, read.to_list(), strict=True))
        if len(DAYS_READ) < MOST_DAYS_READ:
            DAYS_READ.update(found)
    else:
        found = {}
    answers = pl.Series([found[text] if text in found else DAYS_READ[text] for text in asked], dtype=pl.String)
    return texts.replace_strict(distinct, answers, default=None, return_dtype=pl.String)


def tidy_moment(text: pl.Expr) -> pl.Expr:
    """A timestamp with a blank between day and time."""
    return text.str.strip_chars().str.replace(r"^(\d{4}-\d{2}-\d{2})T", "$1 ")


def by_distinct(texts: pl.Series, expression: pl.Expr) -> pl.Series:
    """An expression over the column 'text', worked out once for each distinct value."""
    distinct = texts.unique(maintain_order=True).drop_nulls().alias("text").to_frame()
    answers = distinct.select("text", answer=expression)
    joined = texts.alias("text").to_frame().join(answers, on="text", how="left", maintain_order="left")
    return joined["answer"].alias(texts.name)


def amount_of(cells: pl.DataFrame, feed: Feed) -> pl.Series:
    """What the books count for each row, in pence: out is positive for payments; null where nothing can be read as an amount."""
    if not feed.amount:
        return pl.Series("pence", [None] * cells.height, dtype=pl.Int64)
    if "amount_sign_code" in feed.table.column_names:
        return signed_pence(with_one_pence(cells))
    read = cells.with_columns(one=read_pence(cells[feed.amount]))
    if feed.code == "receipts":  # a receipt without lines counts its total
        read = read.with_columns(total=read_pence(cells["total_text"]))
        read = read.with_columns(one=pl.coalesce("one", pl.when(pl.col("line_text").is_null()).then("total")))
    return read["one"].alias("pence")


def with_one_pence(cells: pl.DataFrame) -> pl.DataFrame:
    """Payments with `one`: the pence of the column that holds both directions."""
    return cells.with_columns(one=read_pence(cells["amount_text"]))


def signed_pence(cells: pl.DataFrame) -> pl.Series:
    """Pence out of the budget: of one signed column, or of two where both can be read; null where not."""
    both = cells.with_columns(out=read_pence(cells["paid_out_text"]), back=read_pence(cells["paid_in_text"]))
    is_read = (pl.col("out").is_not_null() | pl.col("paid_out_text").is_null()) & (
        pl.col("back").is_not_null() | pl.col("paid_in_text").is_null()
    )
    is_there = pl.col("out").is_not_null() | pl.col("back").is_not_null()
    two = pl.when(is_read & is_there).then(pl.col("out").fill_null(0) - pl.col("back").fill_null(0))
    one = pl.when(pl.col("amount_sign_code") == "in").then(-pl.col("one")).otherwise("one")
    return both.select(pence=pl.when(pl.col("amount_text").is_not_null()).then(one).otherwise(two)).to_series()


def read_pence(texts: pl.Series) -> pl.Series:
    """Amount texts to pence; a column the layout does not have costs nothing."""
    return texts.cast(pl.Int64) if texts.null_count() == len(texts) else pence_series(texts)
