"""`phb-audit synth`: make a world from the command line."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from phb_audit.errors import CLEAN, UsageError
from phb_audit.synthetic.world import LAST_DAY, WorldTotals, make_world


def synth(
    *,
    holders: int,
    months: int,
    seed: int,
    out: Path,
    commissioner_code: str = "QZZ",
    last_day: date = LAST_DAY,
    papers: str = "tidy",
    prices: str = "steady",
    drawn: int = 0,
    force: bool = False,
) -> int:
    """Make a world and say in words what it holds; returns the exit code. Progress goes to a terminal only.

    Raises UsageError for sizes that cannot be made, and for a folder that holds something, unless forced.
    """
    if not force and (out.is_file() or (out.is_dir() and any(out.iterdir()))):
        raise UsageError(f"{out} is not empty: what is there would be written over.", do="Name another folder with --out, or say --force.")
    totals = make_world(
        holders=holders,
        months=months,
        seed=seed,
        out=out,
        commissioner_code=commissioner_code,
        last_day=last_day,
        papers=papers,
        prices=prices,
        drawn=drawn,
        progress=_show if sys.stderr.isatty() else None,
    )
    sys.stdout.write(in_words(totals, out) + "\n")
    return CLEAN


def _show(done: int, holders: int) -> None:
    sys.stderr.write(f"\r{done:,} of {holders:,} holders" + ("\n" if done == holders else ""))
    sys.stderr.flush()


def in_words(totals: WorldTotals, out: Path) -> str:
    """The totals as lines for a person."""
    return "\n".join(
        (
            f"A made-up world of {totals.holders:,} holders, {totals.first_day:%d %B %Y} to {totals.last_day:%d %B %Y}:",
            f"  {totals.payment_lines:,} payment lines, {totals.receipt_lines:,} receipt lines, {totals.pay_slips:,} pay slips",
            f"  {totals.breach_lines:,} payment lines are breaches ({totals.breach_share:.2%}), {totals.clinician_lines:,} for a clinician",
            f"  {totals.other_problems:,} planted problems that are not payment lines, {len(totals.kinds)} kinds",
            f"  {totals.files:,} files: {out / totals.commissioner_code}",
            f"  the truth, which no stage reads: {out / 'truth.csv'}",
        )
    )
