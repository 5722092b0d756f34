"""The night the target is set for: new lines on a year of history, at least 5% of their strings never seen (it prints how many).

`python -m tests.benchmarks.night --history --monthly-lines 1000000` makes a world of thirteen months, runs twelve nights with
the files each month brought, forgets one remembered string in twenty, and measures the thirteenth. At a million lines a month it
takes about an hour and 30 GB of disk on two cores; try `--monthly-lines 20000` first.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from phb_audit.settings import Settings
from tests.benchmarks.night import Measured, in_words, one_night, say
from tests.benchmarks.worlds import BENCH, CODE, LAST_DAY, world_of

MONTHS = 13
SINGLE = "own"  # folder of the statements of single accounts
MONTH_IN_NAME = re.compile(r"\d{4}-\d{2}")
RANKING = ("detected", "ranked")
FORGOTTEN_BELOW = "0ccd"  # of string ids, whose first four hex digits go up to ffff: 5%


def measure_history(monthly_lines: int) -> None:
    """Run twelve nights, measure the thirteenth, print it."""
    world = world_of(monthly_lines * MONTHS, months=MONTHS)
    arrivals = arriving(world / CODE, month_ends(LAST_DAY, MONTHS))
    say("| night | of | new lines | on a history of | the night | reading and rules | features and ranking | seconds |")
    say("|---:|---|---:|---:|---:|---:|---:|---:|")
    with TemporaryDirectory(prefix="history-", dir=BENCH) as folder:
        home = Path(folder) / "home"
        warehouse = Settings(home).warehouse_path(CODE)
        for night, (day, files) in enumerate(sorted(arrivals.items()), 1):
            inbox = deliver(files, world / CODE, Path(folder) / f"inbox-{day}")
            if night == MONTHS:
                forget(warehouse)
            before = history_lines(warehouse) if night > 1 else 0
            measured = one_night(inbox, day, home)
            shutil.rmtree(inbox)
            say(a_night(night, day, before, measured))
        new, used = strings_of(warehouse, measured["run_id"])
    say(f"\n### {measured['lines']:,} new lines on {before:,} of history\n")
    say(f"{new:,} of {used:,} strings of the night were new ({new / max(used, 1):.1%}).\n\n{in_words(measured)}")


def a_night(number: int, day: date, before: int, measured: Measured) -> str:
    """One line of the curve: what a new line costs, in microseconds of the processor, as the history grows."""
    stages: dict[str, dict[str, float]] = measured["stages"]

    def a_line(names: Iterable[str]) -> str:
        return f"{sum(stages[name]['cpu_seconds'] for name in names if name in stages) / max(measured['lines'], 1) * 1e6:,.0f}"

    seconds = sum(stage["seconds"] for stage in stages.values())
    told = (number, day, f"{measured['lines']:,}", f"{before:,}", a_line(stages), a_line(["flagged"]), a_line(RANKING), f"{seconds:.1f}")
    return f"| {' | '.join(map(str, told))} |"


def month_ends(last_day: date, months: int) -> list[date]:
    """The last days of so many months, the latest last."""
    ends = [last_day]
    while len(ends) < months:
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]


def arriving(folder: Path, ends: list[date]) -> dict[date, list[Path]]:
    """Which files come in which month: a file named after a month covers the time until the next of its kind, and comes at its end.

    Registers, which name no month, come first. The statements of single accounts name none either and hold the whole time: they never come.
    """
    kinds: dict[str, list[tuple[str, Path]]] = defaultdict(list)
    arrivals: dict[date, list[Path]] = {end: [] for end in ends}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.parent.name != SINGLE):
        month = MONTH_IN_NAME.search(path.name)
        if month:
            kinds[str(path.relative_to(folder)).replace(month.group(), "")].append((month.group(), path))
        else:
            arrivals[ends[0]].append(path)
    for files in kinds.values():
        starts = [month for month, _ in files[1:]] + ["9999-99"]
        for (own, path), following in zip(files, starts, strict=True):
            covered = [end for end in ends if own <= f"{end:%Y-%m}" < following]
            arrivals[covered[-1] if covered else ends[0]].append(path)
    return arrivals


def deliver(files: list[Path], source: Path, inbox: Path) -> Path:
    """The month's files as an inbox of their own (hard links)."""
    inbox.mkdir()
    for path in files:
        place = inbox / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.link(path, place)
    return inbox


def forget(warehouse: Path) -> None:
    """Forget one remembered string in twenty, so that the next night meets them as new, whatever it is sent."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("DELETE FROM classified.strings WHERE string_id < $below", {"below": FORGOTTEN_BELOW})


def history_lines(warehouse: Path) -> int:
    """Payment lines admitted so far."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        (lines,) = connection.execute("SELECT count(*) FROM validated.payments").fetchone() or (0,)
        return int(lines)


def strings_of(warehouse: Path, run_id: str) -> tuple[int, int]:
    """How many distinct strings the night classified anew, and how many it met."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        (new,) = connection.execute("SELECT count(*) FROM classified.strings WHERE run_id = $run_id", {"run_id": run_id}).fetchone() or (0,)
        used = connection.execute(
            "SELECT count(DISTINCT string_id) FROM (SELECT string_id FROM classified.payments WHERE run_id = $run_id"
            " UNION SELECT string_id FROM classified.receipt_lines WHERE run_id = $run_id)",
            {"run_id": run_id},
        ).fetchone() or (0,)
        return int(new), int(used[0])
