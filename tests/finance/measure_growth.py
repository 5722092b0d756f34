"""How often the forecast's interval holds what comes, and how far off its middle is: `python -m tests.finance.measure_growth [seed]`.

Made-up registers of kinds the damping and the spread were not chosen on (seed 1 chose them; the kinds here are drawn anew), then the few
published yearly numbers of England.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median

import numpy as np

from phb_audit.assurance.intervals import wilson
from phb_audit.finance import lines
from phb_audit.finance.growth import STEPS, forecast, growth_of

QUARTERS, REGISTERS = 13, 400
Come = Callable[[int, float, np.random.Generator], float]


def kinds(draw: np.random.Generator) -> dict[str, Come]:
    """People who come in a quarter, by kind of register: quarter, people there, and chance in."""
    grows, room = draw.uniform(0.0, 0.12), draw.uniform(2.0, 10.0)
    pushed = int(draw.integers(4, QUARTERS - 1))
    slow = [0.02]

    def wanders(_: int, there: float, rng: np.random.Generator) -> float:
        slow.append(0.8 * slow[-1] + 0.2 * 0.02 + rng.normal(0, 0.02))
        return there * max(0.0, 0.05 + slow[-1])

    return {
        "the same each quarter": lambda _, there, __: 0.05 * there,
        "grows": lambda _, there, __: (0.05 + grows) * there,
        "fills up": lambda quarter, there, __: (0.05 + grows * max(0.0, 1 - quarter / (4 * room))) * there,
        "a push in the past": lambda quarter, there, __: (0.05 + (0.5 if quarter == pushed else 0.02)) * there,
        "most come before March": lambda quarter, there, __: (0.05 + grows * (3 if quarter % 4 == 3 else 0.3)) * there,
        "shrinks": lambda _, there, __: 0.02 * there,
        "growth wanders": wanders,
        "a push that nobody knew of": lambda quarter, there, __: (0.05 + (0.5 if quarter == QUARTERS else 0.02)) * there,
    }


def registers(seed: int) -> Iterator[tuple[str, list[int]]]:
    """Series of people by quarter, of every kind, from 20 to 5,000 people at first."""
    rng = np.random.default_rng(seed)
    for _ in range(REGISTERS):
        start = int(10 ** rng.uniform(1.3, 3.7))
        for kind, come in kinds(rng).items():
            there = [start]
            for quarter in range(QUARTERS - 1 + STEPS):
                left = rng.binomial(there[-1], 0.05)
                there.append(max(1, there[-1] + int(rng.poisson(come(quarter, there[-1], rng))) - int(left)))
            yield kind, there


def main() -> None:
    """Print the table."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 2026
    found: dict[str, list[tuple[int, bool, float, float]]] = {}
    for kind, there in registers(seed):
        for step, made in enumerate(forecast(there[:QUARTERS]), start=1):
            came = there[QUARTERS - 1 + step]
            now = (made.lower <= came <= made.upper, abs(made.value - came) / came, abs(there[QUARTERS - 1] - came) / came)
            found.setdefault(kind, []).append((step, *now))
    say = sys.stdout.write
    say(f"Seed {seed}; {REGISTERS} registers of each kind; {QUARTERS} quarters known, 1 to {STEPS} ahead.\n\n")
    say("| kind | held, 1 ahead | held, 4 ahead | median error, 4 ahead | no change, 4 ahead |\n|---|---:|---:|---:|---:|\n")
    for kind, told in found.items():
        held = [[inside for step, inside, _, _ in told if step == ahead] for ahead in (1, STEPS)]
        errors, still = zip(*[(error, none) for step, _, error, none in told if step == STEPS], strict=True)
        say(f"| {kind} | {_share(held[0])} | {_share(held[1])} | {median(errors):.1%} | {median(still):.1%} |\n")
    say("\nPublished, England, people of the year to date at the end of March:\n")
    year_ends = [one for one in lines.published() if one.counts == "year_to_date" and one.on.month == 3]
    for before, after in pairwise(year_ends):
        grown = growth_of(after.people, before.people)
        say(f"{before.quarter} {before.people:,} to {after.quarter} {after.people:,}: {grown:+.1%}\n")
    say(f"{len(year_ends)} year ends, not at even distances: a forecast needs 5 at even distances, so it is not tested on them.\n")


def _share(held: list[bool]) -> str:
    told = wilson(sum(held), len(held))
    return f"{told.value or 0:.3f} ({told.low or 0:.3f}-{told.high or 0:.3f})"


if __name__ == "__main__":
    main()
