"""`phb-audit read-receipt FILE...`: what a receipt says, and whether it bears out a payment."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from phb_audit.errors import CLEAN, REFUSED, WARNINGS
from phb_audit.evidence.reading import Field, Reading
from phb_audit.evidence.readings import Outcome, readings
from phb_audit.evidence.verify import Verified, lines_in_words, verify

Say = Callable[[str], None]
FIELDS = {"company": "Company", "day": "Date", "total": "Total", "vat": "VAT"}


def read_receipts(
    files: Sequence[Path],
    *,
    pence: int | None,
    on: date | None,
    name: str | None,
    engine: str | None,
    kept_in: Path | None,
    as_json: bool,
    say: Say,
    note: Say,
) -> int:
    """Read the files in order and say what each holds; returns 0, 1 when some could not be read, 3 (or its own code) when none could."""
    told: list[dict[str, Any]] = []
    bad: list[Outcome] = []
    for outcome in readings(files, engine=engine, kept_in=kept_in):
        if outcome.reading is None:
            bad.append(outcome)
            note(f"{outcome.path.name}: {outcome.problem} {outcome.do}")
            told.append({"file": outcome.path.name, "problem": outcome.problem, "do": outcome.do})
            continue
        checked = verify(outcome.reading, pence=pence, on=on, name=name) if (pence is not None or on or name) else None
        if as_json:
            told.append(in_json(outcome, outcome.reading, checked))
        else:
            say(in_words(outcome, outcome.reading, checked))
    if as_json:
        say(json.dumps({"papers": told}, indent=1, ensure_ascii=False))
    if not bad:
        return CLEAN
    return WARNINGS if len(bad) < len(files) else max(max(one.exit_code for one in bad), REFUSED) if len(files) > 1 else bad[0].exit_code


def in_json(outcome: Outcome, reading: Reading, checked: Verified | None) -> dict[str, Any]:
    """One paper as JSON: values, how sure, and the place on the page of each."""
    fields = {"date" if name == "day" else name: asdict(value) if (value := getattr(reading, name)) else None for name in FIELDS}
    items = [asdict(item) | {"amount": f"{item.pence / 100:.2f}"} for item in reading.items]
    verified = {"verified": asdict(checked)} if checked else {}
    about = {
        "file": outcome.path.name,
        "sha256": outcome.sha256,
        "read_by": reading.read_by,
        "pages": reading.pages,
        "remarks": reading.remarks,
    }
    adds_up = {"do_lines_add_up": reading.do_lines_add_up, "left_over_pence": reading.left_over_pence}
    return about | fields | {"items": items} | adds_up | verified


def in_words(outcome: Outcome, reading: Reading, checked: Verified | None) -> str:
    """One paper for a person: read by machine, to be checked against the picture."""
    lines = [f"{outcome.path.name}, read by {reading.read_by}. Check it against the paper."]
    lines += [f"  {title + ':':9} {_shown(getattr(reading, name))}" for name, title in FIELDS.items()]
    lines += [f"  {item.description[:44]:46}{item.pence / 100:>9.2f}" for item in reading.items]
    lines += [f"  {sentence}" for sentence in (lines_in_words(reading), *reading.remarks) if sentence]
    lines += [f"  {sentence}" for sentence in checked.says] if checked else []
    return "\n".join(lines)


def _shown(field: Field | None) -> str:
    return f"{field.value} ({field.sure_share:.0%} sure of its letters)" if field else "not read"
