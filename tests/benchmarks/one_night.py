"""One measured night in a process of its own: `python -m tests.benchmarks.one_night CODE AS_OF INBOX HOME OUT`.

Writes OUT (JSON): seconds of start-up, and for each stage its seconds, processor seconds and peak memory; then the floor on the same lines.
"""

from __future__ import annotations

import time

BEGAN = time.perf_counter()

import json  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from datetime import date  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TypeVar  # noqa: E402

Answer = TypeVar("Answer")
MIB = 1024


def reset_peak() -> None:
    """Forget the highest memory so far, where the system lets us (Linux); elsewhere peaks are those of the night up to there."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak_mib() -> int:
    """Highest resident memory since `reset_peak`, in MiB."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MIB
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")) // MIB


def main(code: str, as_of: str, inbox: Path, home: Path, out: Path) -> None:
    """Import everything (start-up), run the night plainly with each stage measured, then measure the floor."""
    import great_expectations  # noqa: F401
    import sklearn.linear_model  # noqa: F401

    from flows import nightly
    from phb_audit.night import Night
    from tests.benchmarks.floor import measured_floor, whole_floor

    started = time.perf_counter() - BEGAN
    stages: dict[str, dict[str, float]] = {}

    def measured(name: str, work: Callable[[], Answer]) -> Answer:
        reset_peak()
        began, worked = time.perf_counter(), time.process_time()
        answer = work()
        stages[name] = {
            "seconds": time.perf_counter() - began,
            "cpu_seconds": time.process_time() - worked,
            "peak_mib": peak_mib(),
        }
        sys.stderr.write(f"  {name} {stages[name]}\n")
        return answer

    night = Night(code, date.fromisoformat(as_of), inbox, home)
    nightly.run_plain(
        night,
        stage_runner=lambda night, stage: measured(stage, lambda: nightly.run_stage(night, stage)),
        page_writer=lambda night: measured("reports", lambda: nightly.write_pages(night)),
    )
    published = night.settings.folder("published", code) / night.run_id
    floor = measured_floor(night.settings.warehouse_path(code), night.run_id, home) | whole_floor(published, home)
    found = {"run_id": night.run_id, "start_up_seconds": started, "stages": stages, **floor}
    out.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(Path, sys.argv[3:6]))
