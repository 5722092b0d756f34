"""How long a night takes: `python -m tests.benchmarks.night [--lines N ...]` (what `make bench` runs).

Each size is run plainly (no Prefect) in a process of its own. Prints Markdown for docs/reference/measurements.md: for each stage
the seconds, lines a second, peak memory, and the ratio to the floor (reading and writing as many lines) on this machine in this run;
below it, the ratio to reading and writing every table the night published.
Times by the clock swing with what else the machine does; compare the ratios, on a busy machine those of processor time. It never
fails on time.
`--history` measures a night on a year of history instead; see history.py.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.worlds import BENCH, CODE, LAST_DAY, world_of

SIZES = (10_000, 100_000, 1_000_000)
HEADERS = """| stage | seconds | lines a second | peak MiB | times the floor | processor seconds | times the floor's |
|---|---:|---:|---:|---:|---:|---:|"""
Measured = dict[str, Any]


def one_night(inbox: Path, day: date, home: Path) -> Measured:
    """Run one night in a process of its own and return what it measured."""
    home.mkdir(parents=True, exist_ok=True)
    out = home / "measured.json"
    command = [sys.executable, "-m", "tests.benchmarks.one_night", CODE, day.isoformat(), str(inbox), str(home), str(out)]
    subprocess.run(command, check=True, stdout=sys.stderr)
    found: Measured = json.loads(out.read_text())
    return found


def say(words: str) -> None:
    """A line on standard output, at once."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def in_words(measured: Measured) -> str:
    """One measured night as a Markdown section."""
    stages: dict[str, dict[str, float]] = measured["stages"]
    whole = {name: sum(stage[name] for stage in stages.values()) for name in ("seconds", "cpu_seconds")}
    whole["peak_mib"] = max(stage["peak_mib"] for stage in stages.values())
    rows = [row(name, stage, measured) for name, stage in (stages | {"**the night**": whole}).items()]
    floor = f"floor {measured['floor_seconds']:.3f} s ({measured['floor_cpu_seconds']:.3f} s of the processor)"
    head = f"{measured['lines']:,} new payment lines; {floor}; start-up (imports) {measured['start_up_seconds']:.1f} s, not counted below."
    return "\n".join([head, "", HEADERS, *rows, "", against_the_whole(whole, measured)])


def against_the_whole(whole: dict[str, float], measured: Measured) -> str:
    """The night beside only moving what it published."""
    seconds, cpu = measured["whole_floor_seconds"], measured["whole_floor_cpu_seconds"]
    return (
        f"Only reading and writing the {measured['whole_rows']:,} rows of every table it published: {seconds:.2f} s"
        f" ({cpu:.2f} s of the processor). The night took {whole['seconds'] / seconds:.1f} times that"
        f" ({whole['cpu_seconds'] / cpu:.1f} by the processor)."
    )


def row(name: str, stage: dict[str, float], measured: Measured) -> str:
    """One line of the table."""
    seconds, cpu = stage["seconds"], stage["cpu_seconds"]
    cells = [
        name,
        f"{seconds:.2f}",
        f"{measured['lines'] / max(seconds, 1e-9):,.0f}",
        f"{stage['peak_mib']:,.0f}",
        f"{seconds / measured['floor_seconds']:,.1f}",
        f"{cpu:.2f}",
        f"{cpu / max(measured['floor_cpu_seconds'], 1e-9):,.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """What it ran on, in a few words that name nobody."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def measure_sizes(sizes: list[int]) -> None:
    """Measure a first night of each size, with an empty warehouse."""
    for size in sizes:
        world = world_of(size)
        with TemporaryDirectory(prefix="home-", dir=BENCH) as folder:
            measured = one_night(world / CODE, LAST_DAY, Path(folder))
        say(f"\n### About {size:,} lines in twelve months, one night\n\n{in_words(measured)}")


def main() -> None:
    """Read the options, measure, print."""
    options = argparse.ArgumentParser(description="Measure nights against the floor.")
    options.add_argument("--lines", type=int, nargs="+", default=list(SIZES), help="sizes in payment lines")
    options.add_argument("--history", action="store_true", help="12 monthly nights, then measure the 13th (long)")
    options.add_argument("--monthly-lines", type=int, default=1_000_000, help="with --history: lines a month")
    given = options.parse_args()
    BENCH.mkdir(parents=True, exist_ok=True)
    say(f"Measured on {machine()}.")
    if given.history:
        from tests.benchmarks.history import measure_history

        measure_history(given.monthly_lines)
    else:
        measure_sizes(given.lines)


if __name__ == "__main__":
    main()
