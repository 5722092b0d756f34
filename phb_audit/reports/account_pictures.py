"""Each receipt beside its payment on the account page, with its picture where the page may hold it, and else what keeps it out.

A picture is made anew from the sealed original in a process of its own (evidence/pictures.py): small, bare pixels, nothing of what the
camera wrote beside them. They go in only where asked for, since a picture tells names that are pseudonyms everywhere else.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from phb_audit.errors import UnreadableFile
from phb_audit.evidence.pictures import page_as_jpeg
from phb_audit.identity import IdentityKey, read_or_make_key
from phb_audit.landed.sealed import open_sealed
from phb_audit.reports.receipt_words import compared
from phb_audit.settings import Settings

PIXELS = 300_000
MOST_BYTES = 6 * 2**20
MOST_PICTURES = 150
TYPED = "No picture: the sender typed it in."
NOT_SENT = "No picture: the sender typed it in and names one that was not sent to us."
PERSON_PAID = "Picture kept out: a person was paid, and it may name others. The review app shows it."
NOT_ASKED = "Picture kept sealed. Write the page with --pictures to see it here."
NO_KEY = "Picture kept sealed: the key is not on this machine."
NO_ORIGINAL = "The sealed picture is not on this machine."
NOT_SHOWN = "The picture cannot be shown. Ask for it again."
FULL = "Picture kept out: the page would grow too large. The review app shows it."


@dataclass
class Pictures:
    """Pictures for one page, within its limits. `folder`: where the sealed originals lie; `key` opens them (None: none goes in)."""

    settings: Settings
    commissioner_code: str
    is_asked: bool
    most_bytes: int = MOST_BYTES
    taken: dict[str, Markup | str] = field(default_factory=dict)
    bytes_taken: int = 0

    def of(self, receipt: dict[str, Any]) -> Markup | str:
        """The picture of a receipt's first page, or why there is none."""
        if not receipt["is_paper"]:
            return NOT_SENT if receipt["image_hash"] else TYPED
        if receipt["is_person_paid"]:
            return PERSON_PAID
        if not self.is_asked:
            return NOT_ASKED
        file_id = receipt["file_id"]
        if file_id not in self.taken:
            self.taken[file_id] = self._made(file_id, receipt["receipt_id"])
        return self.taken[file_id]

    def _made(self, file_id: str, receipt_id: str) -> Markup | str:
        key, original = self._key(), self.settings.folder("landing", self.commissioner_code) / file_id
        if key is None:
            return NO_KEY
        if not original.is_file():
            return NO_ORIGINAL
        if self.bytes_taken >= self.most_bytes or len(self.taken) >= MOST_PICTURES:
            return FULL
        try:
            told = base64.b64encode(page_as_jpeg(open_sealed(original, key), 1, PIXELS)).decode()
        except UnreadableFile:
            return NOT_SHOWN
        if self.bytes_taken + len(told) > self.most_bytes:
            return FULL
        self.bytes_taken += len(told)
        return Markup('<img class="phb-paper" alt="First page of {}" src="data:image/jpeg;base64,{}">').format(receipt_id, told)

    def _key(self) -> IdentityKey | None:
        path = self.settings.key_path(self.commissioner_code)
        try:
            return read_or_make_key(path) if path.is_file() else None
        except OSError:
            return None


def beside(rows: list[dict[str, Any]], pictures: Pictures) -> list[dict[str, Any]]:
    """What the page tells of each receipt and its payment: both sides of every field, whether they agree, and the picture."""
    return [
        {
            "receipt_id": row["receipt_id"],
            "payment_id": row["payment_id"],
            "fields": [(name, on_paper, at_bank, agrees) for name, on_paper, _, at_bank, agrees in compared(row, None)],
            "because": row["because"],
            "picture": pictures.of(row),
        }
        for row in rows
    ]
