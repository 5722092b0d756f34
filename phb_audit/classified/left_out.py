"""What would change an answer: each thing the answer names as its reason is left out in turn, and the classifier asked again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit.classified.answers import answers
from phb_audit.classified.experts import WEIGHTS
from phb_audit.classified.model import judge, model_of, read_lines
from phb_audit.classified.reference import reference

NAMED = re.compile(r"^The words? ('[^']+'(?: and '[^']+')*)")
QUOTED = re.compile(r"'([^']+)'")
Row = dict[str, Any]
NO_ONE_PART = "No one word of the line decides that: a receipt, or the word of whoever bought it, could change it."


@dataclass(frozen=True)
class LeftOut:
    """One thing left out of one line: what it is called, what is left of the line, and what that reads as."""

    line: int
    called: str
    left: Row
    code: str = ""
    share: float = 0.0
    is_abstained: bool = True


def left_out(frame: pl.DataFrame, remembered: pl.DataFrame | None = None, weights: Path = WEIGHTS) -> pl.DataFrame:
    """What would change the answer to each line, as `classify` is asked and answers; one row a line, in order.

    Adds `would_change` (a sentence; empty where the answer is not settled, or nothing it names can be left out) and `least_share`, the
    least share the answer falls to when one thing, or all quoted words, are left out (null where nothing can be).
    """
    lines = read_lines(frame.select("merchant", "description", "mcc"))
    said = asked(lines, remembered, weights)
    tries = [one for place, (line, told) in enumerate(zip(lines.to_dicts(), said, strict=True)) for one in without(place, line, told)]
    found = answered(tries, lines.schema, remembered, weights) if tries else []
    of_line: dict[int, list[LeftOut]] = {}
    for one in found:
        of_line.setdefault(one.line, []).append(one)
    told = [(in_words(answer, of_line.get(place, [])), least(answer, of_line.get(place, []))) for place, answer in enumerate(said)]
    return frame.with_columns(
        would_change=pl.Series([words for words, _ in told], dtype=pl.String),
        least_share=pl.Series([share for _, share in told], dtype=pl.Float64),
    )


def asked(lines: pl.DataFrame, remembered: pl.DataFrame | None, weights: Path) -> list[Row]:
    """The classifier's answers to lines as `read_lines` gives them."""
    return answers(judge(lines, remembered, model_of(weights)), reference()).to_dicts()


def without(place: int, line: Row, told: Row) -> Iterator[LeftOut]:
    """The line without each thing its answer rests on, the smallest first; nothing where too little would be left to read."""
    named = NAMED.match(told["because"])
    quoted = list(dict.fromkeys(QUOTED.findall(named.group(1)))) if named else []
    for word in quoted:
        yield from whole(place, f"the word '{word}'", bare(line, {word}))
    if line["mcc"]:
        yield from whole(place, "its trade code", line | {"mcc": ""})
    if line["description"] and line["merchant"]:
        yield from whole(place, "its description", line | {"description": ""})
        yield from whole(place, "the payee's name", line | {"merchant": ""})
    if len(quoted) > 1:
        yield from whole(place, "the words " + " and ".join(f"'{word}'" for word in quoted), bare(line, set(quoted)))


def whole(place: int, called: str, left: Row) -> Iterator[LeftOut]:
    """That try, where anything is left."""
    if left["merchant"] or left["description"] or left["mcc"]:
        yield LeftOut(place, called, left)


def bare(line: Row, words: set[str]) -> Row:
    """The line without these words."""
    kept = {name: " ".join(word for word in line[name].split() if word.lower() not in words) for name in ("merchant", "description")}
    return line | kept


def answered(tries: list[LeftOut], schema: pl.Schema, remembered: pl.DataFrame | None, weights: Path) -> list[LeftOut]:
    """The tries with what they read as."""
    left = pl.DataFrame([one.left for one in tries], schema=schema)
    return [
        LeftOut(one.line, one.called, one.left, told["category_code"], told["probability_share"], told["is_abstained"])
        for one, told in zip(tries, asked(left, remembered, weights), strict=True)
    ]


def in_words(answer: Row, tries: list[LeftOut]) -> str:
    """The first thing that, left out, changes a settled answer; or that no one part does."""
    if answer["is_abstained"] or not tries:
        return ""
    known = reference()
    for one in tries:
        if one.is_abstained:
            return f"Without {one.called} the words would not settle it."
        if one.code != answer["category_code"]:
            return f"Without {one.called} it would read as {known.plain_names[known.place(one.code)]} ({one.share:.0%} sure)."
    return NO_ONE_PART


def least(answer: Row, tries: list[LeftOut]) -> float | None:
    """The least share of the answer's own code over the tries; nought where another code takes its place."""
    shares = [one.share if one.code == answer["category_code"] else 0.0 for one in tries]
    return min(shares) if shares else None
