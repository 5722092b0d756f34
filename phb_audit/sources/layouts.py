"""Layouts: which header becomes which column. Built-in layouts and an analyst's mapping files are the same TOML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from phb_audit.errors import UnknownLayout

SHOWN_HEADERS = 40


@dataclass(frozen=True)
class Cell:
    """Where one of our columns comes from: one header, the first of several that is not blank, or several joined by a blank."""

    headers: tuple[str, ...]
    joins: bool = False

    @property
    def plain(self) -> tuple[str, ...]:
        """The headers as they are compared."""
        return tuple(plain_header(header) for header in self.headers)


@dataclass(frozen=True, eq=False)
class Layout:
    """One layout of one feed. `columns` maps our column to their header(s); layouts that share a code are found in one file."""

    code: str
    feed: str
    columns: dict[str, Cell]
    form: str = "table"
    rows_of: str = ""
    only_with_rows: bool = False
    amount_sign: str = ""
    above: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    file_name: str = ""
    unique_reference: tuple[str, ...] = ()
    each_row_once: bool = False
    holder: str = ""
    ignored: tuple[str, ...] = ()
    may_be_missing: frozenset[str] = frozenset()

    def fits(self, headers: frozenset[str]) -> bool:
        """True when every column that may not be missing finds one of its headers among these plain headers."""
        return not self.missing(headers)

    def missing(self, headers: frozenset[str]) -> list[str]:
        """The headers of needed columns that are not there, as the layout writes them."""
        needed = (cell for name, cell in self.columns.items() if name not in self.may_be_missing)
        return [cell.headers[0] for cell in needed if headers.isdisjoint(cell.plain)]

    def known(self) -> frozenset[str]:
        """Every plain header the layout speaks of."""
        used = {plain for cell in self.columns.values() for plain in cell.plain}
        return frozenset(used | {plain_header(header) for header in self.ignored})

    def used(self) -> frozenset[str]:
        """Every plain header whose cells land."""
        return frozenset(plain for cell in self.columns.values() for plain in cell.plain)


@cache
def plain_header(header: str) -> str:
    """A header without case, blanks, underscores and punctuation: 'Paid_Out (GBP)' is 'paidoutgbp'."""
    return "".join(letter for letter in header.casefold() if letter.isalnum())


def fitting(headers: Sequence[str], layouts: Iterable[Layout], form: str = "table") -> tuple[Layout, ...]:
    """The layouts of the one code that fits these headers best; empty when none does.

    Best = the most of the headers known to it; then the order given (an analyst's mappings stand first).
    """
    plain = frozenset(plain_header(header) for header in headers)
    fit = [layout for layout in layouts if layout.form == form and layout.fits(plain)]
    if not fit:
        return ()
    main = [layout for layout in fit if not layout.only_with_rows]
    if not main:
        return ()
    best = max(main, key=lambda layout: len(layout.known() & plain))
    if form == "table":
        return (best,)
    parts: dict[str, Layout] = {}
    for layout in fit:
        if layout.code == best.code:
            parts.setdefault(layout.feed, layout)
    return tuple(parts.values())


def unknown_layout(headers: Sequence[str], layouts: Iterable[Layout]) -> UnknownLayout:
    """The error for headers that fit nothing: what they were, the nearest known layout, and what it still needs."""
    plain = frozenset(plain_header(header) for header in headers) - {""}
    shown = ", ".join(header.strip()[:40] for header in headers[:SHOWN_HEADERS] if header.strip()) if is_header(headers) else ""
    ranked = sorted(layouts, key=lambda layout: (-nearness(layout, plain), layout.code))
    nearest = ranked[0]
    lacks = ", ".join(nearest.missing(plain)) or "nothing"
    seen = f"It has: {shown}." if shown else "It seems to have no line of headers."
    return UnknownLayout(
        f"No known layout has these headers. {seen} Nearest: {nearest.code}, which also needs {lacks}.",
        do="Ask the sender for the usual layout, or describe this one in a mapping file (docs/how-to/add-a-layout.md).",
    )


def is_header(cells: Sequence[str]) -> bool:
    """True when a line looks like headers. A line with amounts or dates in it is data, and is not to be shown to anybody."""
    with_digits = [cell for cell in cells if sum(letter.isdigit() for letter in cell) > 2]
    return not with_digits


def nearness(layout: Layout, plain: frozenset[str]) -> float:
    """Headers in common over headers in either, 0-1."""
    known = layout.known()
    return len(known & plain) / max(1, len(known | plain))
