"""A night killed with SIGKILL at random moments, twice over, and run again ends in the same bytes as one that was never killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from datetime import date
from pathlib import Path

import pytest

from phb_audit.night import Night
from tests.flows.nights import LAST_DAY, fresh_home, home_with_key, left_behind, night_of, processes, run_in_this_process, small_world

KILLS, KILLS_A_NIGHT = 20, 2
FIRST_DAY = date(2026, 9, 30)


def run_to_the_end(night: Night) -> float:
    """Run a night in a process of its own; returns its seconds."""
    began = time.monotonic()
    process = processes().Process(target=run_in_this_process, args=(night,))
    process.start()
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - began


def kill_after(night: Night, seconds: float) -> bool:
    """Start a night and kill it after some seconds; True when it was still at work."""
    process = processes().Process(target=run_in_this_process, args=(night,))
    process.start()
    process.join(seconds)
    at_work = process.is_alive()
    if at_work and process.pid:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    return at_work


def world_until(world: Path, folder: Path, share: float) -> Path:
    """A world with only the first part of its files: what had arrived by the first night."""
    shutil.copytree(world, folder)
    files = sorted(path for path in (folder / "QZZ").rglob("*") if path.is_file())
    for path in files[int(len(files) * share) :]:
        path.unlink()
    return folder


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_twenty_kills_leave_no_trace(tmp_path: Path) -> None:
    world = small_world(tmp_path / "world", holders=7, months=2)
    first_part = world_until(world, tmp_path / "first", 0.7)
    never_killed = fresh_home(tmp_path / "never_killed")
    run_to_the_end(night_of(first_part, never_killed, day=FIRST_DAY))  # a night of history, so that later work meets earlier rows
    history = shutil.copytree(never_killed, tmp_path / "history", symlinks=True)
    usual = run_to_the_end(night_of(world, never_killed))
    expected = left_behind(never_killed)

    seed = 20261121
    moments = random.Random(seed)
    struck = 0
    for trial in range(KILLS // KILLS_A_NIGHT):
        home = shutil.copytree(history, home_with_key(tmp_path / f"trial{trial}", never_killed), dirs_exist_ok=True, symlinks=True)
        seconds = [moments.uniform(0.02, usual) for _ in range(KILLS_A_NIGHT)]
        struck += sum(kill_after(night_of(world, home), moment) for moment in seconds)
        run_to_the_end(night_of(world, home))
        assert left_behind(home, LAST_DAY) == expected, f"trial {trial}, killed after {seconds} s (seed {seed})"
        shutil.rmtree(home)
    assert struck >= KILLS * 3 // 4, f"only {struck} of {KILLS} kills met a night at work"
