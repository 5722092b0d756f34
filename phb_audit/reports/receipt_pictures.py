"""The picture of a receipt for a page or a file, and else what keeps it out; and what was read of it, as the night kept it.

A picture is made anew from the sealed original in a process of its own (evidence/pictures.py): small, bare pixels, nothing of what the
camera wrote beside them. It goes out only where asked for, since a picture tells names that are pseudonyms everywhere else.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from phb_audit.errors import UnreadableFile
from phb_audit.evidence.pictures import SHOWN_PIXELS, page_as_jpeg
from phb_audit.evidence.reading import Reading
from phb_audit.identity import IdentityKey, read_or_make_key
from phb_audit.landed.papers import KeptReadings
from phb_audit.landed.sealed import open_sealed
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


DO = {
    TYPED: "Ask the sender for the paper.",
    NOT_SENT: "Ask the sender for the paper.",
    PERSON_PAID: "Sign in there; who looked is kept.",
    NO_KEY: "Ask on the machine that runs the nights.",
    NO_ORIGINAL: "Restore it from your backup, or ask for it again.",
    NOT_SHOWN: "Ask for it as a JPEG or PNG picture or a PDF.",
}


class NoPicture(Exception):
    """Why there is no picture to show, in a sentence."""


def key_of(settings: Settings, commissioner_code: str) -> IdentityKey | None:
    """The key originals and readings are sealed with; None where it is not here, or may not be read."""
    path = settings.key_path(commissioner_code)
    try:
        return read_or_make_key(path) if path.is_file() else None
    except OSError:
        return None


@dataclass(frozen=True)
class Originals:
    """The sealed papers of one commissioner, and what the nights read of them. Without the key neither opens."""

    settings: Settings
    commissioner_code: str

    @cached_property
    def key(self) -> IdentityKey | None:
        """Looked up once."""
        return key_of(self.settings, self.commissioner_code)

    def reading(self, receipt: dict[str, Any]) -> Reading | None:
        """What was read of the paper, with how sure; None for what a sender typed in, and where no reading is kept."""
        if not receipt["is_paper"] or self.key is None:
            return None
        kept = KeptReadings(self.settings.folder("readings", self.commissioner_code), self.key)
        found = kept.of(receipt["file_id"], Path(receipt["file_id"]))
        return found.reading if found else None

    def sealed(self, receipt: dict[str, Any]) -> tuple[Path, IdentityKey]:
        """Where the sealed original is, and the key to it. Raises NoPicture where it may not be shown, or cannot."""
        if not receipt["is_paper"]:
            raise NoPicture(NOT_SENT if receipt["image_hash"] else TYPED)
        if receipt["is_person_paid"]:
            raise NoPicture(PERSON_PAID)
        if self.key is None:
            raise NoPicture(NO_KEY)
        path = self.settings.folder("landing", self.commissioner_code) / receipt["file_id"]
        if not path.is_file():
            raise NoPicture(NO_ORIGINAL)
        return path, self.key

    def picture(self, receipt: dict[str, Any], pixels: int = SHOWN_PIXELS) -> bytes:
        """The receipt's first page as a JPEG. Raises NoPicture."""
        path, key = self.sealed(receipt)
        try:
            return page_as_jpeg(open_sealed(path, key), 1, pixels)
        except UnreadableFile as error:
            raise NoPicture(NOT_SHOWN) from error


@dataclass
class Pictures:
    """Pictures for one page, within its limits; one that stands on it twice counts twice. `not_asked`: what stands in a picture's place
    where none was asked for."""

    settings: Settings
    commissioner_code: str
    is_asked: bool
    most_bytes: int = field(default_factory=lambda: MOST_BYTES)
    most_pictures: int = field(default_factory=lambda: MOST_PICTURES)
    not_asked: str = NOT_ASKED
    opened: dict[str, str | NoPicture] = field(default_factory=dict)
    bytes_taken: int = 0
    tried_count: int = 0

    @cached_property
    def originals(self) -> Originals:
        """Where the pictures come from."""
        return Originals(self.settings, self.commissioner_code)

    def of(self, receipt: dict[str, Any]) -> Markup | str:
        """The picture of a receipt's first page, or why there is none."""
        if receipt["is_paper"] and not receipt["is_person_paid"] and not self.is_asked:
            return self.not_asked
        try:
            self.originals.sealed(receipt)
        except NoPicture as why:
            return str(why)
        if self.bytes_taken >= self.most_bytes or self.tried_count >= self.most_pictures:
            return FULL
        self.tried_count += 1
        made = self._opened(receipt)
        if isinstance(made, NoPicture):
            return str(made)
        if self.bytes_taken + len(made) > self.most_bytes:
            return FULL
        self.bytes_taken += len(made)
        words = Markup('<img class="phb-paper" alt="First page of receipt {}" src="data:image/jpeg;base64,{}">')
        return words.format(receipt["receipt_id"], made)

    def _opened(self, receipt: dict[str, Any]) -> str | NoPicture:
        file_id = receipt["file_id"]
        if file_id not in self.opened:
            try:
                self.opened[file_id] = base64.b64encode(self.originals.picture(receipt, PIXELS)).decode()
            except NoPicture as why:
                self.opened[file_id] = why
        return self.opened[file_id]
