"""For the analyst: which layout fits a file, which header goes where, or what it had and the nearest layout."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from phb_audit.errors import CLEAN, REFUSED, PhbAuditError, UsageError
from phb_audit.landed.arrivals import masked_name
from phb_audit.landed.papers import is_paper
from phb_audit.sources.layouts import Layout, plain_header
from phb_audit.sources.mapping import known_layouts, read_mappings
from phb_audit.sources.read import Reader, Recognised, rows_of


def check_layout(file: Path, mappings: Sequence[Path]) -> int:
    """Print what `phb-audit landed FILE` found; returns the exit code: 0 where a layout fits, 3 where the file is refused.

    Nothing of the file's rows is printed. Raises UsageError where the file or a mapping file is not there.
    """
    if not file.is_file():
        raise UsageError(f"The file {masked_name(file.name)} is not there.", do="Check the path.")
    reader = Reader((*read_mappings(tuple(mappings)), *known_layouts()))
    data = file.read_bytes()
    if is_paper(data):
        say(f"{masked_name(file.name)}: a paper. The night reads it; `phb-audit read-receipt` shows what it says.")
        return CLEAN
    try:
        found = reader.read(data, 0, file.name)
    except PhbAuditError as error:
        say(f"{masked_name(file.name)}: refused.", str(error))
        return REFUSED
    say(*report(masked_name(file.name), found))
    return CLEAN


def report(name: str, found: Recognised) -> list[str]:
    """The lines to print for a file that fits a layout."""
    lines = [f"{name}: layout {found.layout_code}, feed {found.feed}.", *([found.note] if found.note else [])]
    for piece in found.pieces:
        layout, headers = piece.shape.layout, piece.shape.headers
        rows = rows_of([piece])
        first = rows["line_number"].to_list()[0] if rows.height else "none"
        lines.append(f"{rows.height} rows for landed table of feed {layout.feed}, the first on line {first}.")
        if broken := rows["problem_text"].is_not_null().sum():
            lines.append(f"{broken} of them cannot be trusted as a whole and will be refused row by row.")
        lines += [f"  {header:<30} -> {', '.join(taking)}" for header, taking in taken(layout, headers).items()]
    if found.unmapped:
        lines.append(f"Not used: {', '.join(found.unmapped)}.")
    return lines


def taken(layout: Layout, headers: Sequence[str]) -> dict[str, list[str]]:
    """For each header that is used: the columns that take it."""
    columns: dict[str, list[str]] = {}
    for header in headers:
        taking = [name for name, cell in layout.columns.items() if plain_header(header) in cell.plain]
        if taking:
            columns[header.strip()] = taking
    return columns


def say(*lines: str) -> None:
    """Write lines to standard output."""
    sys.stdout.write("\n".join(lines) + "\n")
