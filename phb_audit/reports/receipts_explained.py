"""The receipts of an explanation: each beside its payment in words, and on demand the picture of its first page as a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from phb_audit.errors import UsageError
from phb_audit.flagged.explain_receipts import Beside, Compared
from phb_audit.reports.page import lower_first
from phb_audit.reports.receipt_pictures import DO, MOST_PICTURES, NoPicture, Originals
from phb_audit.reports.receipt_words import compared, tell_receipt
from phb_audit.reports.receipts_beside import Rows, lines_of, receipts_beside
from phb_audit.rules.wording import categories
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse

JPEG = (".jpg", ".jpeg")
SEALED = "Picture kept sealed: `phb-audit explain {} --picture {}.jpg` writes it."


@dataclass
class ReceiptsExplained:
    """`told` is what `explain` asks for receipts; `write` then writes the pictures of those that were told.

    `with_readings`: with how sure each thing was read. A past night published nothing of that.
    """

    settings: Settings
    commissioner_code: str
    with_readings: bool = True
    rows: Rows = field(default_factory=list)

    @property
    def originals(self) -> Originals:
        """The sealed papers."""
        return Originals(self.settings, self.commissioner_code)

    def told(self, warehouse: Warehouse, payment_ids: Sequence[str], receipt_id: str | None) -> tuple[Beside, ...]:
        """The receipts beside these payments, or only that one."""
        rows = [row for row in receipts_beside(warehouse, payment_ids) if receipt_id in (None, row["receipt_id"])]
        self.rows = rows[:MOST_PICTURES]
        lines, originals = lines_of(warehouse, self.rows), self.originals
        return tuple(self._beside(row, lines.get(row["receipt_id"], []), originals) for row in self.rows)

    def _beside(self, row: dict[str, Any], lines: Rows, originals: Originals) -> Beside:
        reading = originals.reading(row) if self.with_readings else None
        said = tell_receipt(row, lines, reading, categories())
        more = [f"and {said['more_lines']} more"] if said["more_lines"] else []
        try:
            originals.sealed(row)
            picture = SEALED.format(row["receipt_id"], row["receipt_id"])
        except NoPicture as why:
            picture = str(why)
        return Beside(
            receipt_id=row["receipt_id"],
            payment_id=row["payment_id"],
            link=row["link_code"],
            source=said["source"],
            fields=tuple(
                Compared(name, bank, paper, sure if reading else "", agrees) for name, paper, sure, bank, agrees in compared(row, reading)
            ),
            lines=(*(_line(cells, is_read=said["is_read"]) for cells in said["lines"]), *more),
            words=" ".join([*said["says"], said["words"]]).strip(),
            because=row["because"].rstrip("."),
            picture=picture,
        )

    def write(self, target: Path) -> list[Path]:
        """The pictures as JPEG, one in the file named, or each in the folder by its receipt's id; only you can read them.

        Raises UsageError where there is none to show, or more than one for a file.
        """
        rows = {row["receipt_id"]: row for row in self.rows}
        if not rows:
            raise UsageError("There is no receipt beside it, so there is no picture.", do="See what `phb-audit explain` says of receipts.")
        if target.is_dir():
            shown = {receipt_id: row for receipt_id, row in rows.items() if row["is_paper"] and not row["is_person_paid"]} or rows
            return [_write(target / f"{receipt_id}.jpg", self._picture(row)) for receipt_id, row in shown.items()]
        if len(rows) > 1:
            raise UsageError(
                f"There are {len(rows)} receipts: {', '.join(rows)}.", do="Explain one of them, or name a folder that is there."
            )
        (row,) = rows.values()
        return [_write(target, self._picture(row))]

    def _picture(self, row: dict[str, Any]) -> bytes:
        try:
            return self.originals.picture(row)
        except NoPicture as why:
            raise UsageError(f"No picture of {row['receipt_id']} was written. {why}", do=DO[str(why)]) from why


def _line(cells: Sequence[str], *, is_read: bool) -> str:
    """'Frozen peas, £3.00 (99% sure): groceries, 93% sure'."""
    words, amount, *sure, taken_for = cells
    told = ", ".join(cell for cell in (words, amount) if cell) + (f" ({sure[0]})" if is_read and sure[0] else "")
    return f"{told}: {lower_first(taken_for)}" if taken_for else told


def check_target(target: Path) -> None:
    """Raise UsageError where no picture can be written there: a folder that is there, or a file named as a JPEG is."""
    if target.is_dir():
        return
    if target.suffix.lower() not in JPEG:
        raise UsageError(
            f"--picture {target.name!r} is neither a folder that is there nor a JPEG.", do="Name a folder, or a file ending in .jpg."
        )
    if not target.parent.is_dir():
        raise UsageError(f"There is no folder {target.parent}.", do="Make it first, or name another.")


def _write(path: Path, picture: bytes) -> Path:
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.touch(mode=0o600)
    part.write_bytes(picture)
    return part.replace(path)
