"""A receipt that came as a photo, for tests: its original sealed, what was read of it kept."""

from __future__ import annotations

import hashlib
import io

from PIL import Image

from phb_audit.evidence.paper import Place
from phb_audit.evidence.reading import Field, Reading
from phb_audit.evidence.readings import Outcome
from phb_audit.identity import read_or_make_key
from phb_audit.landed.papers import KeptReadings
from phb_audit.landed.sealed import seal
from phb_audit.run import Run
from tests.evidence import drawn

NOWHERE = Place(1, 0, 0, 1, 1)


def sealed_photo(run: Run, lines: tuple[str, ...] = ("NORTHERN SEEDS", "9 August 2026", "TOTAL   20.00")) -> str:
    """Keep a photo of these lines sealed, as a night does; returns its file's id."""
    photo, told = io.BytesIO(), Image.Exif()
    told[0x010E] = "a place"
    drawn.picture(lines).save(photo, "JPEG", exif=told)
    file_id = hashlib.sha256(photo.getvalue()).hexdigest()
    folder = run.settings.folder("landing", run.commissioner_code)
    seal(photo.getvalue(), file_id, folder, read_or_make_key(run.settings.key_path(run.commissioner_code)))
    return file_id


def kept_reading(run: Run, file_id: str, company: str, total: str, sure_share: float) -> None:
    """Keep what was read of a photo, with how sure."""
    field = {"sure_share": sure_share, "place": NOWHERE}
    reading = Reading(Field(company, **field), None, Field(total, **field), None, read_by="a test", amounts_pence=(2000,))
    key = read_or_make_key(run.settings.key_path(run.commissioner_code))
    outcome = Outcome(run.inbox / file_id, reading, file_id)
    KeptReadings(run.settings.folder("readings", run.commissioner_code), key).keep(file_id, outcome)
