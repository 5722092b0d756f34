"""Asking the three experts together: the most likely categories of each line, how sure, and whether that is sure enough.

The experts' scores are added (a product of their probabilities), each with a weight that depends on what else is there: a description
outweighs the shop, a known shop outweighs the look of its name, and a shop that sells everything says nothing beside a description.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from phb_audit.classified import clean
from phb_audit.classified.experts import Weights, WordScores, ask_memory, ask_merchant_code, ask_words, shipped_weights
from phb_audit.classified.reference import Reference, reference
from phb_audit.classified.words import Floats, Ints

Flags = npt.NDArray[np.bool_]
MIXED = "M04"
NEVER = ("X01", "X02", "X03", "X04", "X05", "X06", "X07", "X08")


@dataclass(frozen=True)
class Balance:
    """How much each expert counts, chosen by cross-validation over the examples (docs/reference/classifying.md)."""

    description: float = 1.7
    merchant_alone: float = 1.2
    merchant_beside: float = 0.6
    merchant_known: float = 0.15
    memory: float = 1.0
    memory_beside: float = 0.4
    memory_from_description: float = 0.7
    merchant_code: float = 1.1
    merchant_code_beside: float = 0.5
    merchant_code_known: float = 0.25
    never_allowed: float = -0.4
    """Added to categories that are never allowed: naming one wrongly costs a person more than missing one that the next line shows."""
    mixed_by_words: float = -3.0
    """Added to 'unclassified' where only the words speak for it: not knowing is no category to be recognised by its words."""
    temperature: float = 1.0


BALANCE = Balance()
SURE_ENOUGH = 0.40
"""Under this probability the answer is a guess: it is given, and marked as not settled."""
SURE_BY_NAME_ALONE = 0.50
"""The same where only the words of an unknown firm's name speak ('OAK CHOIR')."""
SURE_BY_LETTERS_ALONE = 0.70
"""The same where no word of the name is known, only its letters look like something."""
NAMED_FIRMLY = 0.50
"""A category that is never allowed is named only from this probability on; below it the next best stands first."""
NAMED_FIRMLY_BY_NAME = 0.80
"""The same where only the look of an unknown firm's name speaks."""


def read_lines(frame: pl.DataFrame) -> pl.DataFrame:
    """What the experts see of `merchant`, `description`, `mcc` as they came, row by row.

    Returns `merchant` and `description` cleaned, `carrier` (the firm that stands before the seller, or null) and a tidy `mcc`.
    Where a merchant code is words ('Grocery Stores'), they join the description.
    """
    mcc = pl.col("mcc").fill_null("").cast(pl.String)
    code_words = pl.when(mcc.str.contains(r"[A-Za-z]{3}")).then(mcc).otherwise(pl.lit(""))
    said = frame.select(words=pl.concat_str(pl.col("description").fill_null(""), code_words, separator=" "), mcc=clean.tidy_mcc(mcc))
    payee, words = clean.cleaned(frame["merchant"], is_payee=True), clean.cleaned(said["words"], is_payee=False)
    lines = pl.DataFrame({"merchant": payee["text"], "description": words["text"], "mcc": said["mcc"]})
    lines = lines.with_columns(carrier=payee["carrier"].fill_null(words["carrier"]))
    is_repeated = pl.col("description") == pl.col("merchant")
    return lines.with_columns(description=pl.when(is_repeated).then(pl.lit("")).otherwise(pl.col("description")))


@dataclass(frozen=True)
class Evidence:
    """What each expert said of each line."""

    merchant_words: WordScores
    description_words: WordScores
    memory: Ints
    is_memory_of_merchant: Flags
    mcc: Ints

    @cached_property
    def has_description(self) -> Flags:
        """Lines with at least one word of description that was learned."""
        return has_known_word(self.description_words)

    @cached_property
    def is_name_alone(self) -> Flags:
        """Lines of which only the look of an unknown name is told."""
        return ~(self.has_description | (self.memory > 0) | (self.mcc > 0))


def has_known_word(scores: WordScores) -> Flags:
    """Texts with a word that was met while learning."""
    known = scores.is_known[scores.found.word] if len(scores.found.word) else np.zeros(0, bool)
    return np.bincount(scores.found.text[known], minlength=scores.found.text_count) > 0


def gather(lines: pl.DataFrame, known: Reference, weights: Weights) -> Evidence:
    """Ask every expert."""
    of_merchant = ask_memory(lines["merchant"], known)
    of_description = ask_memory(lines["description"], known)
    return Evidence(
        merchant_words=ask_words(lines["merchant"], weights),
        description_words=ask_words(lines["description"], weights),
        memory=np.where(of_merchant > 0, of_merchant, of_description),
        is_memory_of_merchant=of_merchant > 0,
        mcc=ask_merchant_code(lines["mcc"], known),
    )


def by_expert(evidence: Evidence, known: Reference, balance: Balance = BALANCE) -> dict[str, Floats]:
    """Weighted scores of each expert: 'words', 'memory', 'merchant_code'; rows lines, columns categories, zero where silent."""
    has_description, has_memory = evidence.has_description, evidence.memory > 0
    merchant = np.where(has_description, balance.merchant_beside, balance.merchant_alone)
    merchant = np.where(has_memory, np.minimum(merchant, balance.merchant_known), merchant)
    words = merchant[:, None] * centred(evidence.merchant_words.total) + balance.description * centred(evidence.description_words.total)
    remembered = np.where(has_description & evidence.is_memory_of_merchant, balance.memory_beside, balance.memory)
    remembered = np.where(evidence.is_memory_of_merchant, remembered, balance.memory_from_description)
    coded = np.where(has_description, balance.merchant_code_beside, balance.merchant_code)
    coded = np.where(has_memory & ~has_description, balance.merchant_code_known, coded)
    memory_scores = looked_up(known.merchant_shares, evidence.memory, has_description, known)
    code_scores = looked_up(known.mcc_shares, evidence.mcc, has_description | has_memory, known)
    words[~has_memory & (evidence.mcc == 0), known.place(MIXED)] += balance.mixed_by_words
    return {
        "words": words.astype(np.float32),
        "memory": (remembered[:, None] * memory_scores).astype(np.float32),
        "merchant_code": (coded[:, None] * code_scores).astype(np.float32),
    }


def centred(scores: Floats) -> Floats:
    """Scores with their mean taken away, line by line: what is left is for or against each category."""
    centre: Floats = (scores - scores.mean(axis=1, keepdims=True)).astype(np.float32)
    return centre


def looked_up(shares: Floats, rows: Ints, is_told_more: Flags, known: Reference) -> Floats:
    """Centred log shares. Where a line tells more, a shop of many kinds ('mixed') says nothing of which kind."""
    mixed = known.place(MIXED)
    logs = np.log(shares)
    quiet = logs.copy()
    quiet[:, mixed] = np.delete(logs, mixed, axis=1).min(axis=1)
    logs, quiet = centred(logs), centred(quiet)
    chosen: Floats = np.where(is_told_more[:, None], quiet[rows], logs[rows])
    return chosen


def probabilities(experts: dict[str, Floats], known: Reference, balance: Balance = BALANCE) -> Floats:
    """The experts' scores as probabilities of each category."""
    total = experts["words"] + experts["memory"] + experts["merchant_code"]
    total = total + np.array([balance.never_allowed if code in NEVER else 0.0 for code in known.codes], np.float32)
    total = (total - total.max(axis=1, keepdims=True)) / balance.temperature
    raised = np.exp(total)
    shares: Floats = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def first_three(shares: Floats, known: Reference, firmly: Floats) -> Ints:
    """Places of the three most likely categories; a never-allowed one stands first only where it has at least `firmly`."""
    order: Ints = np.argsort(-shares, axis=1, kind="stable")[:, :3]
    never = np.isin(np.array(known.codes), NEVER)
    row = np.arange(len(order))
    weak = never[order[:, 0]] & (shares[row, order[:, 0]] < firmly) & ~never[order[:, 1]]
    order[weak, :2] = order[weak, :2][:, ::-1]
    return order


@dataclass(frozen=True)
class Judged:
    """The answer for each line, before it is put in words."""

    lines: pl.DataFrame
    evidence: Evidence
    experts: dict[str, Floats]
    shares: Floats
    order: Ints

    @property
    def top(self) -> Ints:
        """Place of the category that stands first."""
        return self.order[:, 0]


def judge(lines: pl.DataFrame, known: Reference | None = None, weights: Weights | None = None, balance: Balance = BALANCE) -> Judged:
    """Ask the experts and add them up."""
    known, weights = known or reference(), weights or shipped_weights()
    evidence = gather(lines, known, weights)
    experts = by_expert(evidence, known, balance)
    shares = probabilities(experts, known, balance)
    firmly = np.where(evidence.is_name_alone, NAMED_FIRMLY_BY_NAME, NAMED_FIRMLY).astype(np.float32)
    return Judged(lines, evidence, experts, shares, first_three(shares, known, firmly))
