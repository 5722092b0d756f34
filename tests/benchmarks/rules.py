"""What each rule costs: `python -m tests.benchmarks.rules HOME CODE AS_OF`, where HOME holds that night (what a night leaves behind).

One line a rule: rows it looked at, rows it found, processor seconds to find them, and how many floors that is. What several rules
stand on is worked out once and counted with the first of them. Then the reading, and all rules together as a night runs them.
Processor seconds swing less than the clock on a busy machine; each rule is the least of `TRIES`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import polars as pl

from phb_audit.flagged import rules_in_force
from phb_audit.flagged.findings import found_rows
from phb_audit.flagged.reading import all_holders, batches, read_spending, with_everyone
from phb_audit.rules.register import Registered
from phb_audit.rules.spending import ENGINE, Spending
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse
from tests.benchmarks.floor import measured_floor

TRIES = 3
HEADERS = "| rule | rows looked at | found | processor seconds | times the floor's |\n|---|---:|---:|---:|---:|"
READING, TOGETHER = "reading what rules use", "all rules together"
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Cost:
    """What one line of the table says."""

    name: str
    looked_at: int
    found: int
    cpu_seconds: float


def timed(work: Callable[[], Answer]) -> tuple[Answer, float]:
    """What the work gave, and the processor seconds it took."""
    began = time.process_time()
    return work(), time.process_time() - began


def measured_rules(lots: Sequence[Spending], rules: Sequence[Registered]) -> list[Cost]:
    """One cost a rule over all lots, the dearest first, then all of them together."""
    tries = []
    for _ in range(TRIES):
        fresh = [_anew(lot) for lot in lots]
        tries.append([_once(one, fresh) for one in rules])
    best = [min(costs, key=lambda cost: cost.cpu_seconds) for costs in zip(*tries, strict=True)]
    counted = [replace(cost, looked_at=_looked_at(one, lots)) for one, cost in zip(rules, best, strict=True)]
    together = min(timed(lambda: [found_rows(rules, _anew(lot)) for lot in lots])[1] for _ in range(TRIES))
    whole = Cost(TOGETHER, sum(cost.looked_at for cost in counted), sum(cost.found for cost in counted), together)
    return [*sorted(counted, key=lambda cost: -cost.cpu_seconds), whole]


def _anew(lot: Spending) -> Spending:
    return replace(lot, worked_out={})


def _once(one: Registered, lots: Sequence[Spending]) -> Cost:
    frames, seconds = timed(lambda: [frame for lot in lots for frame in found_rows([one], lot)])
    return Cost(f"{one.rule.id} {one.rule.title}", 0, sum(frame.height for frame in frames), seconds)


def _looked_at(one: Registered, lots: Sequence[Spending]) -> int:
    return sum(int(one.considered(lot).select(pl.len()).collect(engine=ENGINE).item()) for lot in lots)


def in_words(costs: Sequence[Cost], floor: dict[str, float]) -> str:
    """The table as Markdown."""
    head = f"{floor['lines']:,} payment lines; floor {floor['floor_cpu_seconds']:.3f} s of the processor."
    rows = [
        f"| {cost.name} | {cost.looked_at:,} | {cost.found:,} | {cost.cpu_seconds:.3f} "
        f"| {cost.cpu_seconds / max(floor['floor_cpu_seconds'], 1e-9):.2f} |"
        for cost in costs
    ]
    return "\n".join([head, "", HEADERS, *rows])


def measure(home: Path, code: str, as_of: date) -> str:
    """Read every holder of the night as a night does, and measure each rule over them."""
    settings, run_id = Settings(home), f"{code}-{as_of}"
    path = settings.warehouse_path(code)
    floor = measured_floor(path, run_id, home)
    rules = rules_in_force(code, settings)
    warehouse = Warehouse(path, read_only=True)
    try:
        holders = with_everyone(all_holders(warehouse))
        lots, seconds = timed(lambda: [read_spending(warehouse, run_id, as_of, batch) for batch in batches(warehouse, holders)])
    finally:
        warehouse.close()
    read = sum(int(lot.payments.select(pl.len()).collect().item()) for lot in lots)
    return in_words([*measured_rules(lots, rules), Cost(READING, read, 0, seconds)], floor)


def main() -> None:
    """Read the arguments, measure, print."""
    options = argparse.ArgumentParser(description="Measure each rule against the floor.")
    options.add_argument("home", type=Path, help="a home folder in which the night was run")
    options.add_argument("code", help="the commissioner's code")
    options.add_argument("as_of", type=date.fromisoformat, help="the night's day")
    given = options.parse_args()
    sys.stdout.write(measure(given.home, given.code, given.as_of) + "\n")


if __name__ == "__main__":
    main()
