"""Asking the experts together: the most likely categories of each line, how sure, and whether that is sure enough.

The experts' scores are added (a product of their probabilities), each with a weight that depends on what else is there: a description
outweighs the shop, a known shop outweighs the look of its name, and a shop that sells everything says nothing beside a description.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from phb_audit.classified import clean
from phb_audit.classified.calibration import Calibration, calibration_beside, members, read_calibration
from phb_audit.classified.council import Council, CouncilSays, ask_council, shipped_council
from phb_audit.classified.experts import (
    WEIGHTS,
    TableScores,
    Told,
    Weights,
    WordScores,
    ask_memory,
    ask_merchant_code,
    ask_table,
    ask_told,
    ask_words,
    weights_of,
)
from phb_audit.classified.reference import Reference, reference
from phb_audit.classified.table import Table, shipped_table
from phb_audit.classified.words import Floats, Ints

Flags = npt.NDArray[np.bool_]
MIXED = "M04"
EXPERTS = ("words", "table", "memory", "merchant_code", "council")
DESCRIPTION_OF_BOTH = 0.7
"""Where seller and description both have words, how much of their strangeness is the description's."""
NEVER = ("X01", "X02", "X03", "X04", "X05", "X06", "X07", "X08")


@dataclass(frozen=True)
class Balance:
    """How much each expert counts, chosen by cross-validation over the examples (docs/reference/classifying.md)."""

    description: float = 1.0
    merchant_alone: float = 1.0
    merchant_beside: float = 0.36
    merchant_known: float = 0.1
    near: float = 5.0
    """How much nearness in the static table counts beside the words, in the same field."""
    memory: float = 1.0
    memory_beside: float = 0.4
    memory_from_description: float = 0.7
    merchant_code: float = 1.2
    merchant_code_beside: float = 0.6
    merchant_code_known: float = 0.25
    council: float = 1.2
    """How much a name counts that looks like names on councils' cards, where nothing else is told."""
    council_met: float = 1.5
    """The same for a name that was itself met there."""
    never_allowed: float = -0.4
    """Added to categories that are never allowed: naming one wrongly costs a person more than missing one that the next line shows."""
    mixed_by_words: float = -3.0
    """Added to 'unclassified' where only the words speak for it: not knowing is no category to be recognised by its words."""
    strange_spread: float = 0.5
    """How much the spread of the answer counts for being strange; the probability itself already falls with it."""
    strange_words: float = 0.5
    """The same for each score of 'belongs to no category' (of the words, of the table)."""
    strange_far: float = 3.0
    """The same for being far from every lesson in the table."""
    strange_unknown: float = 1.0
    """The same for the share of the words that was never met while learning."""


BALANCE = Balance()
SURE_ENOUGH = 0.40
"""Under this probability the answer is a guess: it is given, and marked as not settled."""
SURE_BY_NAME_ALONE = 0.50
"""The same where only the words of an unknown firm's name speak ('OAK CHOIR')."""
SURE_BY_LETTERS_ALONE = 0.70
"""The same where no word of the name is known, only its letters look like something."""
NAMED_FIRMLY = 0.50
"""A category that is never allowed is named only from this probability on; below it the next best stands first."""
NAMED_FIRMLY_BY_NAME = 0.65
"""The same where only the look of an unknown firm's name speaks."""


def read_lines(frame: pl.DataFrame) -> pl.DataFrame:
    """What the experts see of `merchant`, `description`, `mcc` as they came, row by row.

    Returns `merchant` and `description` cleaned, `carrier` (the firm that stands before the seller, or null), a tidy `mcc`, and `is_cut`:
    the seller's text is long enough for a bank's or card's field to have cut it off.
    Where a merchant code is words ('Grocery Stores'), they join the description.
    """
    mcc = pl.col("mcc").fill_null("").cast(pl.String)
    code_words = pl.when(mcc.str.contains(r"[A-Za-z]{3}")).then(mcc).otherwise(pl.lit(""))
    said = frame.select(words=pl.concat_str(pl.col("description").fill_null(""), code_words, separator=" "), mcc=clean.tidy_mcc(mcc))
    payee, words = clean.cleaned(frame["merchant"], is_payee=True), clean.cleaned(said["words"], is_payee=False)
    lines = pl.DataFrame({"merchant": payee["text"], "description": words["text"], "mcc": said["mcc"]})
    is_cut = frame["merchant"].fill_null("").str.strip_chars().str.len_chars() >= clean.SHORTEST_FIELD
    lines = lines.with_columns(carrier=payee["carrier"].fill_null(words["carrier"]), is_cut=is_cut)
    is_repeated = pl.col("description") == pl.col("merchant")
    return lines.with_columns(description=pl.when(is_repeated).then(pl.lit("")).otherwise(pl.col("description")))


@dataclass(frozen=True)
class Evidence:
    """What each expert said of each line."""

    merchant_words: WordScores
    description_words: WordScores
    merchant_table: TableScores
    description_table: TableScores
    memory: Ints
    is_memory_of_merchant: Flags
    mcc: Ints
    told: Told
    council: CouncilSays

    @cached_property
    def has_description(self) -> Flags:
        """Lines with at least one word of description that was learned."""
        return has_known_word(self.description_words)

    @cached_property
    def has_memory(self) -> Flags:
        """Lines whose seller is remembered: told by people, or known from merchants.csv."""
        return (self.memory > 0) | (self.told.rows > 0)

    @cached_property
    def is_name_alone(self) -> Flags:
        """Lines of which only the look of an unknown name is told."""
        return ~(self.has_description | self.has_memory | (self.mcc > 0) | self.council.is_met)

    @cached_property
    def stratum(self) -> Ints:
        """Place in STRATA of each line: what it tells."""
        is_known = self.has_memory | (self.mcc > 0) | (self.council.is_met & ~self.has_description)
        return np.where(self.has_description, np.where(is_known, 0, 1), np.where(is_known, 2, 3)).astype(np.int64)


def has_known_word(scores: WordScores) -> Flags:
    """Texts with a word that was met while learning."""
    known = scores.is_known[scores.found.word] if len(scores.found.word) else np.zeros(0, bool)
    return np.bincount(scores.found.text[known], minlength=scores.found.text_count) > 0


@dataclass(frozen=True)
class Learned:
    """All that was learned and measured: what the experts and the calibration are read from."""

    weights: Weights
    table: Table
    council: Council
    measured: Calibration


def model_of(weights: Path = WEIGHTS) -> Learned:
    """The shipped model with the word weights of a file and the calibration beside it, each read once."""
    return _model_of(weights, calibration_beside(weights))


@cache
def _model_of(weights: Path, calibration: Path) -> Learned:
    return Learned(weights_of(weights), shipped_table(), shipped_council(), read_calibration(calibration))


def shipped_model() -> Learned:
    """What came with the package."""
    return model_of(WEIGHTS)


def gather(lines: pl.DataFrame, known: Reference, learned: Learned, remembered: pl.DataFrame | None = None) -> Evidence:
    """Ask every expert."""
    weights, table = learned.weights, learned.table
    of_merchant = ask_memory(lines["merchant"], known)
    of_description = ask_memory(lines["description"], known)
    sellers = weights.vocabulary.completed(lines["merchant"], lines["is_cut"])
    merchant_words, description_words = ask_words(sellers, weights), ask_words(lines["description"], weights)
    told, mcc = ask_told(lines["merchant"], remembered, known), ask_merchant_code(lines["mcc"], known)
    is_told_more = has_known_word(description_words) | (mcc > 0) | (told.rows > 0)
    alone = lines.select(pl.when(pl.Series(is_told_more)).then(pl.lit("")).otherwise("merchant"))["literal"]
    return Evidence(
        merchant_words=merchant_words,
        description_words=description_words,
        merchant_table=ask_table(sellers, merchant_words.found, weights, table),
        description_table=ask_table(lines["description"], description_words.found, weights, table),
        told=told,
        council=ask_council(alone, learned.council, known.codes),
        memory=np.where(of_merchant > 0, of_merchant, of_description),
        is_memory_of_merchant=of_merchant > 0,
        mcc=mcc,
    )


def by_expert(evidence: Evidence, known: Reference, balance: Balance = BALANCE) -> dict[str, Floats]:
    """Weighted scores of each of EXPERTS; rows lines, columns categories, zero where silent."""
    has_description, has_memory = evidence.has_description, evidence.has_memory
    merchant = merchant_weight(evidence, balance)[:, None]
    words = merchant * centred(evidence.merchant_words.total) + balance.description * centred(evidence.description_words.total)
    near = merchant * centred(evidence.merchant_table.near) + balance.description * centred(evidence.description_table.near)
    of_merchant = evidence.is_memory_of_merchant | (evidence.told.rows > 0)
    remembered = np.where(has_description & of_merchant, balance.memory_beside, balance.memory)
    remembered = np.where(of_merchant, remembered, balance.memory_from_description)
    coded = np.where(has_description, balance.merchant_code_beside, balance.merchant_code)
    coded = np.where(has_memory & ~has_description, balance.merchant_code_known, coded)
    memory_scores = looked_up(known.merchant_shares, evidence.memory, has_description, known)
    told_scores = looked_up(evidence.told.shares, evidence.told.rows, has_description, known)
    memory_scores = np.where((evidence.told.rows > 0)[:, None], told_scores, memory_scores)
    code_scores = looked_up(known.mcc_shares, evidence.mcc, has_description | has_memory, known)
    words[~has_memory & (evidence.mcc == 0) & ~evidence.council.is_met, known.place(MIXED)] += balance.mixed_by_words
    return {
        "words": words.astype(np.float32),
        "table": (balance.near * near).astype(np.float32),
        "memory": (remembered[:, None] * memory_scores).astype(np.float32),
        "merchant_code": (coded[:, None] * code_scores).astype(np.float32),
        "council": (council_weight(evidence, balance)[:, None] * evidence.council.scores).astype(np.float32),
    }


def council_weight(evidence: Evidence, balance: Balance) -> Floats:
    """How much councils' cards count: only where there is no description and no merchant code, and never against better knowledge."""
    alone = np.where(evidence.council.is_met, balance.council_met, np.where(evidence.has_memory, 0.0, balance.council))
    alone = np.where(evidence.has_memory & evidence.council.is_delicate, 0.0, alone)
    return alone.astype(np.float32)


def merchant_weight(evidence: Evidence, balance: Balance) -> Floats:
    """How much the look of each line's seller counts."""
    weight = np.where(evidence.has_description, balance.merchant_beside, balance.merchant_alone)
    return np.where(evidence.has_memory, np.minimum(weight, balance.merchant_known), weight).astype(np.float32)


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


def probabilities(experts: dict[str, Floats], known: Reference, temperature: Floats, balance: Balance = BALANCE) -> Floats:
    """The experts' scores as probabilities of each category, each line's scores divided by its temperature."""
    total = np.sum([experts[name] for name in EXPERTS], axis=0, dtype=np.float32)
    total = total + np.array([balance.never_allowed if code in NEVER else 0.0 for code in known.codes], np.float32)
    raised = np.exp((total - total.max(axis=1, keepdims=True)) / temperature[:, None])
    shares: Floats = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def strangeness(evidence: Evidence, shares: Floats, balance: Balance = BALANCE) -> Floats:
    """How strange each line is: a spread answer, words of other trades or never met, and far from every lesson."""
    spread = -(shares * np.log(shares + 1e-9)).sum(axis=1)
    far = 1 - np.maximum(evidence.merchant_table.nearest, evidence.description_table.nearest)
    words = of_both(evidence, evidence.merchant_words.strange, evidence.description_words.strange)
    table = of_both(evidence, evidence.merchant_table.strange, evidence.description_table.strange)
    unknown = of_both(evidence, evidence.merchant_words.unknown_share, evidence.description_words.unknown_share)
    scores = balance.strange_spread * spread + balance.strange_far * far
    scores = scores + balance.strange_words * (words + table) + balance.strange_unknown * unknown
    strange: Floats = scores.astype(np.float32)
    return strange


def of_both(evidence: Evidence, merchant: Floats, description: Floats) -> Floats:
    """One score a line: that of the field with words, or of both, the description counting for DESCRIPTION_OF_BOTH."""
    of_description = np.where(evidence.merchant_words.has_words, DESCRIPTION_OF_BOTH, 1.0)
    of_description = np.where(evidence.description_words.has_words, of_description, 0.0)
    score: Floats = (of_description * description + (1 - of_description) * merchant).astype(np.float32)
    return score


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
    """The answer for each line, before it is put in words. `shares` are of the categories, given that it belongs to one."""

    lines: pl.DataFrame
    evidence: Evidence
    experts: dict[str, Floats]
    shares: Floats
    strange_share: Floats
    order: Ints
    inside: Flags
    """Which categories are in each line's set."""

    @property
    def top(self) -> Ints:
        """Place of the category that stands first."""
        return self.order[:, 0]


def judge(lines: pl.DataFrame, remembered: pl.DataFrame | None = None, learned: Learned | None = None) -> Judged:
    """Ask the experts and add them up. `remembered` is what people decided of sellers (see `ask_told`)."""
    known, learned = reference(), learned or shipped_model()
    measured = learned.measured
    evidence = gather(lines, known, learned, remembered)
    experts = by_expert(evidence, known)
    shares = probabilities(experts, known, measured.temperature[evidence.stratum])
    strange = measured.strange_share(strangeness(evidence, shares))
    firmly = np.where(evidence.is_name_alone, NAMED_FIRMLY_BY_NAME, NAMED_FIRMLY).astype(np.float32)
    order = first_three(shares, known, firmly)
    inside = members(shares, order[:, 0], measured.least_share[evidence.stratum])
    return Judged(lines, evidence, experts, shares, strange, order, inside)
