"""Who a holder is: opened from the sealed registers as they arrived, when a person asks with a reason. No second copy is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from phb_audit.errors import PhbAuditError
from phb_audit.identity import IdentityKey, read_or_make_key
from phb_audit.landed.arrivals import mapping_files
from phb_audit.landed.sealed import open_sealed
from phb_audit.review.night import ShownNight
from phb_audit.settings import Settings
from phb_audit.sources.mapping import known_layouts, read_mappings
from phb_audit.sources.pseudonyms import holder_refs
from phb_audit.sources.read import Reader, rows_of
from phb_audit.warehouse import sql

HOLDER_ROLE = "holder"


@dataclass(frozen=True)
class Identity:
    """What the registers say of a holder; empty where they say nothing. Never in words about it."""

    name: str = field(default="", repr=False)
    nhs_number: str = field(default="", repr=False)


def identity_of(settings: Settings, commissioner_code: str, night: ShownNight, holder_id: str) -> Identity:
    """The holder's name and NHS number by the newest register that names them, read anew each time.

    Registers of a layout that is known only by `--mapping` are not read. Raises UsageError for a damaged key.
    """
    path = settings.key_path(commissioner_code)
    if not path.exists():
        return Identity()
    number = ""
    for rows in _registers(settings, commissioner_code, night, read_or_make_key(path)):
        own = rows.filter(pl.col("holder_id") == holder_id)
        number = number or next(iter(own["nhs_number"]), "")
        is_holder = pl.col("role_text").str.strip_chars().str.to_lowercase() == HOLDER_ROLE
        if name := next(iter(own.filter(is_holder)["person_name"].drop_nulls()), ""):
            return Identity(" ".join(name.split()), number)
    return Identity("", number)


def _registers(settings: Settings, commissioner_code: str, night: ShownNight, key: IdentityKey) -> Iterator[pl.DataFrame]:
    """Each register's rows with `holder_id`, `nhs_number`, `role_text` and `person_name`: people's first, then budgets', newest first."""
    inbox = settings.home / "inbox" / commissioner_code
    reader = Reader((*read_mappings(mapping_files(inbox) if inbox.is_dir() else ()), *known_layouts()))
    with night.reading() as warehouse:
        files = warehouse.frame(sql(__file__, "registers")).rows()
    for file_id, file_name in files:
        try:
            data = open_sealed(settings.folder("landing", commissioner_code) / file_id, key)
            cells = [rows_of([piece]) for piece in reader.read(data, 0, file_name).pieces]
        except (PhbAuditError, OSError):
            continue  # a register that is gone, or of a layout of its own, tells nothing
        for part in (part for part in cells if "nhs_number" in part.columns):
            absent = [pl.lit(None, pl.String).alias(name) for name in ("role_text", "person_name") if name not in part.columns]
            yield part.with_columns(holder_refs(part["nhs_number"], key).alias("holder_id"), *absent)
