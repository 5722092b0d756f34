"""Putting an answer in words: which category, how sure, how we know, why, and what would settle it when we do not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from phb_audit.classified.experts import WordScores
from phb_audit.classified.model import (
    BALANCE,
    EXPERTS,
    MIXED,
    SURE_BY_LETTERS_ALONE,
    SURE_BY_NAME_ALONE,
    SURE_ENOUGH,
    Balance,
    Flags,
    Judged,
    has_known_word,
    merchant_weight,
)
from phb_audit.classified.reference import Reference
from phb_audit.classified.words import Floats
from phb_audit.sentences import filled_in

SPEAKS_FOR = 0.25
"""An expert is named as a reason when it raised the category by at least this much (in log odds against the average category)."""
WORDS_QUOTED = 2
GUESS = 0.35
"""The most that is claimed for a payment to a person, or where nothing at all is known; 'unclassified' then."""
STRANGE_ENOUGH = 0.5
"""From this share on a line counts as strange: it is like nothing in the categories."""
LOOKS_LIKE_NOTHING = 0.06
"""Where no word is known and the best category has less than this, nothing is claimed."""
DECIMALS = 4


def answers(judged: Judged, known: Reference, balance: Balance = BALANCE) -> pl.DataFrame:
    """One row per line, in order: the columns of `phb_audit.tables.classified.ANSWER`."""
    silent = is_silent(judged)
    shares, order = with_silence(judged, known, silent)
    row = np.arange(len(order))
    codes = np.array(known.codes)
    support = np.stack([judged.experts[name][row, order[:, 0]] for name in EXPERTS], axis=1).astype(np.float32)
    belongs = 1 - judged.strange_share
    frame = pl.DataFrame(
        {
            "category_code": codes[order[:, 0]],
            "probability_share": rounded(shares[row, order[:, 0]] * belongs),
            "second_code": codes[order[:, 1]],
            "second_share": rounded(shares[row, order[:, 1]] * belongs),
            "third_code": codes[order[:, 2]],
            "how_code": np.where(
                silent | (support.max(axis=1, initial=-9.0) < SPEAKS_FOR), "none", np.array(EXPERTS)[support.argmax(axis=1)]
            ),
            "strange_share": rounded(judged.strange_share),
            "set_codes": set_codes(judged, shares, order, codes),
            "set_count": judged.inside.sum(axis=1).astype(np.int64),
            "sure_share": sure_share(judged),
            "carrier": judged.lines["carrier"],
            "is_silent": silent,
            "is_person": judged.lines["merchant"].str.contains(r"\bPERSON\b"),
            "reason": reasons(judged, known, order[:, 0], support, balance),
            "second_name": np.array(known.plain_names)[order[:, 1]],
        },
        schema_overrides={"carrier": pl.String},
    )
    is_mixed = pl.col("category_code") == MIXED
    bare_person = judged.lines["merchant"].str.contains("^PERSON( PERSON)*$") & ~pl.Series(evidence_beside_name(judged))
    frame = frame.with_columns(
        probability_share=pl.when(bare_person).then(pl.min_horizontal("probability_share", pl.lit(GUESS))).otherwise("probability_share")
    )
    is_strange = pl.col("strange_share") >= STRANGE_ENOUGH
    frame = frame.with_columns(is_abstained=is_mixed | is_strange | (pl.col("probability_share") < pl.col("sure_share")))
    return frame.with_columns(because=because()).select(COLUMNS)


COLUMNS = (
    "category_code",
    "probability_share",
    "second_code",
    "second_share",
    "third_code",
    "set_codes",
    "set_count",
    "strange_share",
    "how_code",
    "is_abstained",
    "because",
)


def set_codes(judged: Judged, shares: Floats, order: npt.NDArray[np.int64], codes: npt.NDArray[np.str_]) -> pl.Series:
    """The codes of each line's set, the one that stands first and then the likelier first, joined by '|'."""
    lines, columns = np.nonzero(judged.inside)
    ranked = pl.DataFrame({"line": lines, "code": codes[columns], "share": shares[lines, columns], "is_first": columns == order[lines, 0]})
    joined = ranked.sort("line", "is_first", "share", "code", descending=[False, True, True, False]).group_by("line", maintain_order=True)
    return joined.agg(pl.col("code").str.join("|"))["code"]


def rounded(shares: Floats) -> npt.NDArray[np.float64]:
    """Shares as they are stored."""
    return np.asarray(np.round(shares.astype(np.float64), DECIMALS), dtype=np.float64)


def sure_share(judged: Judged) -> Floats:
    """The probability from which each line's answer counts as settled."""
    by_name = np.where(has_known_word(judged.evidence.merchant_words), SURE_BY_NAME_ALONE, SURE_BY_LETTERS_ALONE)
    shares: Floats = np.where(judged.evidence.is_name_alone, by_name, SURE_ENOUGH).astype(np.float32)
    return shares


def is_silent(judged: Judged) -> Flags:
    """Lines of which no expert knows anything: no known word, name or merchant code, and letters that look like nothing known."""
    evidence = judged.evidence
    told = evidence.has_description | has_known_word(evidence.merchant_words) | (evidence.memory > 0) | (evidence.mcc > 0)
    claimed = judged.shares.max(axis=1, initial=0) * (1 - judged.strange_share)
    looks_like_nothing: Flags = ~told & (claimed < LOOKS_LIKE_NOTHING)
    return looks_like_nothing


def evidence_beside_name(judged: Judged) -> Flags:
    """Lines that tell more than who was paid."""
    return judged.evidence.has_description | (judged.evidence.mcc > 0)


def with_silence(judged: Judged, known: Reference, silent: Flags) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Shares and order, with 'unclassified' put first where nobody knows anything."""
    shares, order = judged.shares.copy(), judged.order.copy()
    mixed = known.place(MIXED)
    rest = shares[silent] * (1 - np.eye(len(known.codes), dtype=np.float32)[mixed])
    shares[silent] = rest / np.maximum(rest.sum(axis=1, keepdims=True), 1e-9) * (1 - GUESS)
    shares[silent, mixed] = GUESS
    judged.inside[silent, mixed] = True
    order[silent] = np.argsort(-shares[silent], axis=1, kind="stable")[:, :3]
    return shares, order


def quoted_words(judged: Judged, top: npt.NDArray[np.int64], balance: Balance) -> pl.DataFrame:
    """`line`, `quoted`: the ordinary words that did most for the answer, in their order; never a name."""
    evidence = judged.evidence
    parts = [
        helpful(evidence.merchant_words, top, merchant_weight(evidence, balance), field=0),
        helpful(evidence.description_words, top, np.full(len(top), balance.description), field=1),
    ]
    best = (
        pl.concat(parts)
        .sort("line", "raised", descending=[False, True], maintain_order=True)
        .group_by("line", maintain_order=True)
        .head(WORDS_QUOTED)
    )
    in_order = best.sort("line", "field", "place").group_by("line", maintain_order=True).agg(pl.col("word").unique(maintain_order=True))
    return in_order.select("line", quoted=filled_in("'{}'", pl.col("word").list.join("' and '")), words_quoted=pl.col("word").list.len())


def helpful(scores: WordScores, top: npt.NDArray[np.int64], weight: Floats, *, field: int) -> pl.DataFrame:
    """Occurrences of ordinary words that raised their line's answer: `line, field, place, word, raised`."""
    found = scores.found
    if not len(found.word):
        return pl.DataFrame(schema={"line": pl.Int64, "field": pl.Int64, "place": pl.Int64, "word": pl.String, "raised": pl.Float64})
    mean = scores.by_word.mean(axis=1)
    raised = (scores.by_word[found.word, top[found.text]] - mean[found.word]) * scores.share * weight[found.text]
    kept = np.flatnonzero(scores.is_sayable[found.word] & (raised > SPEAKS_FOR))
    names = np.array(found.words, dtype=object)[found.word[kept]]
    return pl.DataFrame(
        {
            "line": found.text[kept],
            "field": np.full(len(kept), field),
            "place": kept,
            "word": list(names),
            "raised": raised[kept].astype(float),
        },
        schema={"line": pl.Int64, "field": pl.Int64, "place": pl.Int64, "word": pl.String, "raised": pl.Float64},
    ).with_columns(pl.col("word").str.to_lowercase())


def reasons(judged: Judged, known: Reference, top: npt.NDArray[np.int64], support: Floats, balance: Balance) -> pl.Series:
    """Why this category, one sentence a line: words, known name and merchant code, those against it said as such."""
    evidence = judged.evidence
    plain, mixed = np.array(known.plain_names, dtype=object), known.place(MIXED)
    mcc_top, memory_top = known.mcc_shares.argmax(axis=1), known.merchant_shares.argmax(axis=1)[evidence.memory]
    frame = pl.DataFrame(
        {
            "line": np.arange(len(top)),
            "name": list(plain[top]),
            "is_mixed": top == mixed,
            "words_for": (support[:, 0] >= SPEAKS_FOR) | (support[:, 1] >= SPEAKS_FOR),
            "by_table": support[:, 1] > support[:, 0],
            "told_for": (evidence.told.rows > 0) & (support[:, 2] >= SPEAKS_FOR),
            "memory_for": (evidence.told.rows == 0) & (evidence.memory > 0) & (support[:, 2] >= SPEAKS_FOR),
            "memory_against": (evidence.told.rows == 0) & (evidence.memory > 0) & (support[:, 2] < 0) & (memory_top != mixed),
            "memory_says": list(plain[memory_top]),
            "council_for": support[:, 4] >= SPEAKS_FOR,
            "council_met": evidence.council.is_met,
            "code_for": (evidence.mcc > 0) & (support[:, 3] >= SPEAKS_FOR),
            "code_against": (evidence.mcc > 0) & (support[:, 3] < 0) & (mcc_top[evidence.mcc] != mixed),
            "merchant": list(np.array(known.merchant_names, dtype=object)[evidence.memory]),
            "note": list(np.array(known.merchant_notes, dtype=object)[evidence.memory]),
            "mcc": judged.lines["mcc"],
            "title": list(np.array(known.mcc_titles, dtype=object)[evidence.mcc]),
            "code_says": list(plain[mcc_top[evidence.mcc]]),
        },
        strict=False,
    ).join(quoted_words(judged, top, balance), on="line", how="left", maintain_order="left")
    sentence = pl.concat_list(*sayings()).list.drop_nulls().list.join("; ")
    return frame.select(sentence=pl.when(sentence != "").then(sentence + ".").otherwise(pl.lit("")))["sentence"]


def sayings() -> tuple[pl.Expr, ...]:
    """What is said of each expert that spoke, and of those that would say otherwise; null where nothing is."""
    words = (
        pl.when(~pl.col("words_for") | pl.col("is_mixed"))
        .then(None)
        .when(pl.col("words_quoted") > 1)
        .then(filled_in("the words {} point to {}", "quoted", "name"))
        .when(pl.col("words_quoted") == 1)
        .then(filled_in("the word {} points to {}", "quoted", "name"))
        .when("by_table")
        .then(filled_in("the wording is close in meaning to {}", "name"))
        .otherwise(filled_in("the wording looks most like {}", "name"))
    )
    told = pl.when("told_for").then(filled_in("people decided that this seller means {}", "name"))
    name = pl.when("memory_for").then(filled_in("{} is a known name ({})", "merchant", "note"))
    code = pl.when("code_for").then(filled_in("the shop's trade code {} means {}", "mcc", pl.col("title").str.to_lowercase()))
    against = pl.when("code_against").then(filled_in("its trade code {} would say {}", "mcc", "code_says"))
    council = (
        pl.when(~pl.col("council_for") | pl.col("is_mixed"))
        .then(None)
        .when("council_met")
        .then(filled_in("councils' cards know this name as {}", "name"))
        .otherwise(filled_in("names like it on councils' cards mean {}", "name"))
    )
    aside = pl.when("memory_against").then(filled_in("{} alone would mean {}", "merchant", "memory_says"))
    return words, told, name, code, council, against, aside


def because() -> pl.Expr:
    """The sentence of `reason`, and what would settle it where the answer is not sure."""
    ask = (
        pl.when(~pl.col("is_abstained"))
        .then(pl.lit(""))
        .when(pl.col("carrier").is_not_null() & (pl.col("category_code") == MIXED))
        .then(filled_in("{} does not show what was bought: needs the receipt's lines.", "carrier"))
        .when(pl.col("is_silent"))
        .then(pl.lit("Nothing in the line is known: needs the receipt or invoice."))
        .when(pl.col("category_code") == MIXED)
        .then(pl.lit("Many kinds of thing are sold here: needs the receipt's lines."))
        .when("is_person")
        .then(filled_in("Not settled, it may also be {}: needs the pay slip or invoice of the person paid.", "second_name"))
        .otherwise(filled_in("Not settled, it may also be {}: needs the receipt or invoice.", "second_name"))
    )
    said = pl.concat_list(pl.when(pl.col("reason") != "").then("reason"), pl.when(ask != "").then(ask)).list.drop_nulls().list.join(" ")
    whole = pl.when(said == "").then(pl.lit("It looks most like this, without one clear reason.")).otherwise(said)
    return whole.str.head(1).str.to_uppercase() + whole.str.slice(1)
