"""The stack: how likely a case leads to something, as an exact sum of named parts.

Log-odds = the usual chance + one part for each thing that speaks for it. A part is a weight, never below nought, times a value from 0 to 1
(1 for a flag; a detector gives its own). Weights start where the rules' severities put them, and decisions move them: the most likely
weights under a normal prior around the start (MAP). With no decision the weights are the start, to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped, unused-ignore]
from scipy.special import expit, logit  # type: ignore[import-untyped, unused-ignore]

Array = npt.NDArray[np.float64]
DIGITS = 6


@dataclass(frozen=True)
class Prior:
    """Where the weights start: `usual` log-odds, `start` of each named part, and how far they may be moved (`spread`)."""

    usual: float
    start: Mapping[str, float]
    spread: float


@dataclass(frozen=True)
class Decided:
    """One decided case: the values of its parts, whether it led to something, and how much the decision counts (0 to 1)."""

    parts: Mapping[str, float]
    is_right: bool
    trust: float


@dataclass(frozen=True)
class Stack:
    """Weights of named parts. `covariance`: how uncertain the free weights are, in the order of `names`."""

    usual: float
    weights: Mapping[str, float]
    covariance: Array

    @property
    def names(self) -> list[str]:
        """The parts in order."""
        return sorted(self.weights)

    def parts(self, values: Mapping[str, float]) -> dict[str, float]:
        """The named parts of a case's log-odds, the usual chance first; they add up to `score`, exactly."""
        return {"usual": self.usual, **{name: round(self.weights[name] * values[name], DIGITS) for name in sorted(values)}}

    def score(self, values: Mapping[str, float]) -> float:
        """Log-odds of a case."""
        return round(sum(self.parts(values).values()), DIGITS)

    def chance(self, values: Mapping[str, float]) -> float:
        """How likely it leads to something."""
        return float(expit(self.score(values)))

    def without(self, names: Iterable[str]) -> Stack:
        """The same with some weights nought: what demotes a rule."""
        return Stack(self.usual, {**self.weights, **dict.fromkeys(names, 0.0)}, self.covariance)

    def switched_back(self, names: Sequence[str], prior: Prior) -> Stack:
        """The same with some weights where they started: what a stop rule asks for."""
        return Stack(self.usual, {**self.weights, **{name: prior.start[name] for name in names}}, self.covariance)


def starting(usual_chance: float, chances: Mapping[str, float], spread: float) -> Prior:
    """The prior whose single-part cases have the chances given. Rounded, so that sums of parts are exact."""
    usual = round(float(logit(usual_chance)), DIGITS)
    start = {name: round(max(float(logit(chance)) - usual, 0.0), DIGITS) for name, chance in chances.items()}
    return Prior(usual, start, spread)


def fit(prior: Prior, decided: Sequence[Decided]) -> Stack:
    """The most likely weights, none below nought. The usual chance stays: decisions are on flagged cases, which tell nothing of others."""
    names = sorted(prior.start)
    start = np.array([prior.start[name] for name in names])
    counted = [one for one in decided if one.trust > 0]
    values = np.array([[one.parts.get(name, 0.0) for name in names] for one in counted]).reshape(len(counted), len(names))
    right = np.array([float(one.is_right) for one in counted])
    trust = np.array([one.trust for one in counted])

    def loss(weights: Array) -> tuple[float, Array]:
        odds = prior.usual + values @ weights
        chance = expit(odds)
        moved = (weights - start) / prior.spread
        told = float(trust @ (np.logaddexp(0, odds) - right * odds)) + 0.5 * float(moved @ moved)
        return told, values.T @ (trust * (chance - right)) + moved / prior.spread

    if not counted:
        return Stack(prior.usual, dict(prior.start), np.eye(len(names)) * prior.spread**2)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(names), options={"maxiter": 500, "ftol": 1e-12})
    weights = np.round(np.maximum(found.x, 0.0), DIGITS)
    chance = expit(prior.usual + values @ weights)
    curvature = (values * (trust * chance * (1 - chance))[:, None]).T @ values + np.eye(len(names)) / prior.spread**2
    return Stack(prior.usual, dict(zip(names, map(float, weights), strict=True)), np.linalg.inv(curvature))


def first_tier(chances: Sequence[float], most_wrong: float) -> int:
    """How many of the cases, the likeliest first, form the first tier: as many as keep the expected share that leads to nothing in bounds.

    `chances` from high to low. The mean of (1 - chance) over the tier is its expected false-discovery rate.
    """
    if not len(chances):
        return 0
    wrong = np.cumsum(1 - np.asarray(chances)) / np.arange(1, len(chances) + 1)
    within = np.flatnonzero(wrong <= most_wrong + 1e-12)
    return int(within[-1]) + 1 if len(within) else 0


def pounds_found(
    stack: Stack, cases: Sequence[tuple[Mapping[str, float], int]], *, times: int = 2_000, seed: int = 20261126
) -> tuple[float, float, float]:
    """Pence expected from reading cases (parts, pence at stake), with a 95% interval over the weights and over what each case comes to."""
    if not cases:
        return 0.0, 0.0, 0.0
    names = stack.names
    values = np.array([[parts.get(name, 0.0) for name in names] for parts, _ in cases])
    pence = np.array([float(abs(at_stake)) for _, at_stake in cases])
    generator = np.random.Generator(np.random.PCG64(seed))
    middle = np.array([stack.weights[name] for name in names])
    root = np.linalg.cholesky(stack.covariance + 1e-12 * np.eye(len(names)))
    weights = np.maximum(middle + generator.standard_normal((times, len(names))) @ root.T, 0.0)
    chances = expit(stack.usual + weights @ values.T)
    sums = (generator.random(chances.shape) < chances) @ pence
    low, high = np.quantile(sums, [0.025, 0.975])
    return round(float(expit(stack.usual + values @ middle) @ pence), 0), round(float(low), 0), round(float(high), 0)
