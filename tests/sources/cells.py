"""Small helpers for tests of sources: a file's bytes to the cells or landed columns it gives."""

from __future__ import annotations

import polars as pl

from phb_audit.identity import IdentityKey
from phb_audit.sources.feeds import FEEDS
from phb_audit.sources.layouts import Layout
from phb_audit.sources.mapping import known_layouts
from phb_audit.sources.pseudonyms import Identity
from phb_audit.sources.read import Reader, Recognised, rows_of

KEY = IdentityKey(b"k" * 32)
NOBODY = Identity(KEY)


def recognised(data: bytes | str, *layouts: Layout, name: str = "file.csv") -> Recognised:
    """What the reader makes of a file."""
    return Reader((*layouts, *known_layouts())).read(data.encode() if isinstance(data, str) else data, 0, name)


def cells(data: bytes | str, *layouts: Layout, name: str = "file.csv") -> pl.DataFrame:
    """The cells of a file of one piece."""
    return rows_of(recognised(data, *layouts, name=name).pieces)


def landed(data: bytes | str, identity: Identity = NOBODY) -> pl.DataFrame:
    """The landed columns of a file of one piece, and its line numbers."""
    found = recognised(data)
    return FEEDS[found.pieces[0].shape.layout.feed].land(rows_of(found.pieces), identity)


def knowing(*names: str) -> Identity:
    """An identity that knows these persons."""
    people = landed(
        "Person Ref,Connected Name,Role,Relationship,Same Household,Sort Code,Account Number,Paid Care Approved\n"
        + "".join(f'999 000 0018,"{name}",pa,,,,,\n' for name in names)
    )
    return Identity(KEY, frozenset(people["payee_ref"]), frozenset(people["person_ref"]))
