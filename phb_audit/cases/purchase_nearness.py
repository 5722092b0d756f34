"""How near a purchase's words are to what serves each goal domain, by the classifier's static table: for goods nobody wrote down.

Two things are asked: the goods of the domain, and the example lines of the kinds of purchase that serve it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import polars as pl

from phb_audit.classified.table import shipped_table, unit
from phb_audit.matched.goal_tables import Floats, domain_goods, goals
from phb_audit.settings import shipped

WORD = re.compile("[a-z]+")
NEAREST = 3  # goods of a domain that count: one alone may be near by chance
ORDINARY = 3_000  # example lines of the classifier that say how near an ordinary purchase is
TEXTS_AT_ONCE = 5_000
KINDS_COUNT = 4.0  # how much what kinds of purchase with such words serve counts beside the goods
DRAWN_IN = 3.0  # how far the line through the examples is drawn in (ridge); there are some thousands of them


def nearness(texts: Sequence[str]) -> Floats:
    """Texts by domains (in the order of `goals().domains`): 0 for an ordinary purchase, 1 a standard deviation nearer than that."""
    middle, spread = _ordinary()
    scaled: Floats = (_near(texts) - middle) / spread + KINDS_COUNT * served_by_words(texts)
    return scaled


def served_by_words(texts: Sequence[str]) -> Floats:
    """Texts by domains: how much more than the middle kind a purchase with such words serves, by the kinds whose examples are like it."""
    told: Floats = (vectors(texts) @ _taught_by_kinds()).astype(np.float32)
    return told


@cache
def _taught_by_kinds() -> Floats:
    """Width of the table by domains: from the vector of an example line to what its kind serves (ridge regression, in closed form)."""
    tables, examples = goals(), pl.read_csv(shipped("reference") / "classifier_examples.csv", infer_schema=False)
    place = {code: number for number, code in enumerate(tables.codes)}
    known = examples.filter(pl.col("code").is_in(tables.codes))
    said = known.select(pl.coalesce(pl.col("description", "merchant").replace("", None)).fill_null("")).to_series().to_list()
    rows = vectors(said).astype(np.float64)
    served = tables.serves[[place[code] for code in known["code"]]].astype(np.float64)
    spread = rows.T @ rows + DRAWN_IN * np.eye(rows.shape[1])
    weights: Floats = np.linalg.solve(spread, rows.T @ (served - served.mean(axis=0))).astype(np.float32)
    return weights


@cache
def _ordinary() -> tuple[Floats, Floats]:
    """For each domain how near the classifier's example lines are to it: mean and standard deviation."""
    examples = pl.read_csv(shipped("reference") / "classifier_examples.csv", infer_schema=False)
    said = pl.coalesce(pl.col("description", "merchant").replace("", None)).drop_nulls().unique(maintain_order=True)
    near = _near(examples.select(said).to_series().head(ORDINARY).to_list())
    return near.mean(axis=0), near.std(axis=0)


@cache
def _goods() -> list[Floats]:
    """For each domain the vectors of its goods."""
    return [vectors(goods) for goods in domain_goods()]


def _near(texts: Sequence[str]) -> Floats:
    """Mean likeness of each text to the nearest goods of each domain."""
    goods = _goods()
    near = np.zeros((len(texts), len(goods)), np.float32)
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        rows = vectors(texts[start : start + TEXTS_AT_ONCE])
        for domain, of_domain in enumerate(goods):
            likeness = rows @ of_domain.T
            near[start : start + TEXTS_AT_ONCE, domain] = np.partition(likeness, -NEAREST, axis=1)[:, -NEAREST:].mean(axis=1)
    return near


def vectors(texts: Sequence[str]) -> Floats:
    """One row of length 1 per text: the sum of its words' vectors; zeros where no word is known."""
    said = [WORD.findall(text.lower()) for text in texts]
    vocabulary = sorted({word for words in said for word in words})
    place = {word: number for number, word in enumerate(vocabulary)}
    table = shipped_table()
    by_word = table.of_words(vocabulary)
    rows = np.zeros((len(texts), table.width), np.float32)
    for row, words in enumerate(said):
        if words:
            rows[row] = by_word[[place[word] for word in words]].sum(axis=0)
    return unit(rows)
