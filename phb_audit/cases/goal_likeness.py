"""How like the words of a goal are to the phrases that tell each domain, by the classifier's static table: for wordings nobody listed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from phb_audit.cases.purchase_nearness import nearness, vectors
from phb_audit.matched.goal_states import Hearing
from phb_audit.matched.goal_tables import Floats, domain_phrases

TOWARDS_ROUND = 0.2  # how far the spread of the phrases is drawn towards one that is alike in all directions
SURENESS = 0.5  # below 1, since a goal of many words is not as sure as its vector says


def hearing() -> Hearing:
    """What judges words of goals and purchases that no table lists; read when first asked."""
    return Hearing(nearness, likeness)


def likeness(texts: Sequence[str]) -> Floats:
    """Texts by domains (in the order of `goals().domains`): 0-1, all domains of a text together 1; zeros where no word is known."""
    weights, start = _taught()
    rows = vectors(texts)
    scores = (rows @ weights + start) * SURENESS
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = (odds / odds.sum(axis=1, keepdims=True) * rows.any(axis=1, keepdims=True)).astype(np.float32)
    return shares


@cache
def _taught() -> tuple[Floats, Floats]:
    """What the phrases teach: each domain is a cloud around its mean, all clouds of one shape (linear discriminants, in closed form)."""
    phrases = domain_phrases()
    rows = vectors([phrase for of_domain in phrases for phrase in of_domain])
    domain = np.repeat(np.arange(len(phrases)), [len(of_domain) for of_domain in phrases])
    known = rows.any(axis=1)
    rows, domain = rows[known].astype(np.float64), domain[known]
    middles = np.stack([rows[domain == place].mean(axis=0) for place in range(len(phrases))])
    apart = rows - middles[domain]
    spread = apart.T @ apart / len(rows)
    width = len(spread)
    spread = (1 - TOWARDS_ROUND) * spread + TOWARDS_ROUND * np.trace(spread) / width * np.eye(width)
    weights = np.linalg.solve(spread, middles.T)
    return weights.astype(np.float32), (-0.5 * (middles.T * weights).sum(axis=0)).astype(np.float32)
