"""Every reader of what others send, fed what no sender would send: good files changed at random, and words at random.

`python -m tests.benchmarks.fuzz [EXAMPLES]`: each reader with so many examples (default 2,000); `make bench` runs it. What may happen is a
refusal in our own words, or rows with their lines. Anything else is a fault, shown with the smallest example that brings it about.
"""

from __future__ import annotations

import gzip
import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from phb_audit.errors import PhbAuditError
from phb_audit.evidence.intake import taken_in
from phb_audit.evidence.paper import Paper, Word, in_lines
from phb_audit.evidence.reading import read
from phb_audit.fetched.fetch import safe_name
from phb_audit.fetched.named import named_sources
from phb_audit.landed.rows import prepare
from phb_audit.sources.mapping import known_layouts, read_mapping
from phb_audit.sources.printed import PrintedLine, PrintedWord
from phb_audit.sources.read import Reader, rows_of
from tests.sources import bad_binaries as binaries
from tests.sources import bad_file as made
from tests.sources.cells import NOBODY
from tests.sources.statement_files import camt053, mt940, ofx

READER = Reader(known_layouts())
AS_OF = date(2026, 10, 31)
TOKENS = (
    *rb"""
    " ' , ; | < > & <!DOCTYPE <!-- ]]> </Stmt> <Ntry> </Ntry> <STMTTRN> </STMTTRN> <BANKACCTFROM> :61: :20: :25: :60F: :62F: :86: -}
    { } [ ] null 1e999 NaN - 99999999999999999999 Account_Number: Date,
    """.split(),
    *(b"\t", b"\r", b"\n", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\xae", b"\xf0\x9f\xa7\x91"),
)
HEADS = (b"", b"<?xml version='1.0'?>", b"OFXHEADER:100\n<OFX>", b":20:X\n:25:1\n", b"[")
HEADER = (("Date", 0), ("Details", 80), ("Paid out", 300), ("Paid in", 370), ("Balance", 440))
WORDS = ("Date", "Description", "Paid out", "Paid in", "Balance", "1 Jul", "01/07/2026", "3.20", "£1,000.00", "12.00 OD", "TOTAL", "VAT")
TEXTS = {
    "delimited": [made.memo().encode(), made.five().encode(), made.memo().encode("utf-16")],
    "json": [made.records().encode(), made.records(as_lines=True).encode()],
    "ofx": [ofx(made.MOVED).encode(), ofx(made.MOVED, closes_elements=True).encode()],
    "mt940": [mt940(made.MOVED).encode()],
    "camt053": [camt053(made.MOVED).encode(), camt053(made.MOVED, version="08").encode("utf-8-sig")],
    "gzip": [gzip.compress(made.memo().encode(), mtime=0)],
    "workbook": [binaries.workbook()],
}

edit = st.tuples(st.floats(0, 1), st.sampled_from(("flip", "cut", "twice", "token", "end")), st.integers(0, 255))


def changed(data: bytes, edits: Sequence[tuple[float, str, int]]) -> bytes:
    """The bytes after some edits: a bit turned, a piece cut out or written twice, a token put in, the end cut off."""
    out = bytearray(data)
    for where, kind, much in edits:
        at = int(where * max(0, len(out) - 1))
        if kind == "flip" and out:
            out[at] ^= 1 << (much % 8)
        elif kind == "cut":
            del out[at : at + much]
        elif kind == "twice":
            out[at:at] = out[at : at + much]
        elif kind == "token":
            out[at:at] = TOKENS[much % len(TOKENS)]
        elif kind == "end" and much < 64:
            del out[at:]
    return bytes(out)


def land(data: bytes) -> None:
    """Read a file and make landed rows of it, as a night does."""
    with suppress(PhbAuditError):
        for piece in READER.read(data, 0, "999 000 0018.x").pieces:
            rows = rows_of([piece])
            assert rows["line_number"].null_count() == 0
            assert rows.is_empty() or int(str(rows["line_number"].min())) >= 1
            batch = prepare(rows, piece.shape.layout, NOBODY, AS_OF)
            assert batch.rows.height == rows.height
    with suppress(PhbAuditError):
        READER.feed_at_a_glance(data)


def changed_files(kind: str) -> Callable[[], None]:
    """Good files of a kind, changed."""

    @given(st.sampled_from(TEXTS[kind]), st.lists(edit, min_size=1, max_size=8))
    def check(data: bytes, edits: list[tuple[float, str, int]]) -> None:
        land(changed(data, edits))

    return check


@given(st.lists(st.sampled_from(TOKENS), max_size=60), st.sampled_from(HEADS))
def tokens(parts: list[bytes], head: bytes) -> None:
    """Tokens in any order."""
    land(head + b"".join(parts))


junk = st.binary(max_size=40).map(lambda told: bytes(byte for byte in told if byte not in b"\n:<>"))


def payees(rows: pl.DataFrame) -> set[str]:
    """The payees of rows that can be trusted."""
    return set(rows.filter(pl.col("problem_text").is_null())["payee_text"].drop_nulls())


@given(st.integers(0, 10), st.sampled_from(("ofx", "mt940")), junk)
def other_lines_stay(at: int, kind: str, spoiled: bytes) -> None:
    """A line made unreadable costs no other line."""
    text = ofx(made.MOVED) if kind == "ofx" else mt940(made.MOVED)
    mark = {"ofx": f"<TRNAMT>{made.MOVED[at].amount}", "mt940": f":61:2607{at + 1:02d}"}[kind]
    data = text.encode().replace(mark.encode(), {"ofx": b"<TRNAMT>", "mt940": b":61:"}[kind] + spoiled, 1)
    rows = rows_of(READER.read(data, 0, "x").pieces)
    assert payees(rows) >= {line.payee for place, line in enumerate(made.MOVED) if place != at}


word = st.text(st.characters(exclude_categories=("Cs",)), max_size=20) | st.sampled_from(WORDS)
placed = st.tuples(word, st.integers(0, 500), st.integers(0, 60), st.integers(0, 40))


@given(st.lists(placed, max_size=60))
def papers(words: list[tuple[str, int, int, int]]) -> None:
    """Words anywhere on a page, as a receipt and as a printed statement."""
    lines = in_lines(Word(text, left, top * 12, left + wide + 1, top * 12 + 10) for text, left, top, wide in words)
    read(Paper(tuple(lines), "fuzz"))
    printed = [PrintedLine(1, tuple(PrintedWord(w.text, w.left, w.right, w.top, w.bottom) for w in line.words)) for line in lines]
    header = PrintedLine(1, tuple(PrintedWord(text, left, left + 50, -20, -10) for text, left in HEADER))
    with suppress(PhbAuditError):
        rows_of(READER.of_print([header, *printed], 0, "x").pieces)


PAPERS = [
    binaries.pdf(),
    binaries.pdf(lambda writer: writer.add_attachment("a.txt", b"x")),
    *(binaries.picture(form) for form in ("JPEG", "PNG", "WEBP", "TIFF")),
]


@given(st.sampled_from(PAPERS), st.lists(edit, min_size=1, max_size=6))
def pictures_and_pdfs(data: bytes, edits: list[tuple[float, str, int]]) -> None:
    """Pictures and PDFs, changed, as the child takes them in."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(changed(data, edits))
        with suppress(PhbAuditError):
            taken_in(path)


SETTINGS = b'[[source]]\nname = "a"\nkind = "folder"\npath = "/x"\ntries = 3\nwait_seconds = 1.5\ninto = "bank"\n'
LAYOUT = b'[[layout]]\ncode = "ours"\nfeed = "bank"\namount_sign = "in"\n[layout.columns]\npaid_on_text = "Date"\namount_text = "Amount"\n'


@given(st.sampled_from((SETTINGS, LAYOUT)), st.lists(edit, min_size=1, max_size=6))
def settings_files(data: bytes, edits: list[tuple[float, str, int]]) -> None:
    """Settings of fetching, and mapping files."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_bytes(changed(data, edits))
        with suppress(PhbAuditError):
            named_sources(path)
        with suppress(PhbAuditError):
            read_mapping(path)


@given(st.text(max_size=400))
def names(name: str) -> None:
    """Names of fetched files."""
    safe = Path(safe_name(name))
    assert not safe.is_absolute()
    assert safe.parts
    assert not any(part in ("", ".", "..") or part.startswith(".") for part in safe.parts)


CHECKS: dict[str, Callable[[], None]] = {
    **{kind: changed_files(kind) for kind in TEXTS},
    "tokens": tokens,
    "other lines stay": other_lines_stay,
    "papers": papers,
    "pictures and PDFs": pictures_and_pdfs,
    "settings files": settings_files,
    "names": names,
}


def run_one(name: str, examples: int, *, is_repeatable: bool) -> float:
    """Feed one reader; returns the seconds. Raises what the reader raised, with the smallest example."""
    began = time.monotonic()
    phases = (Phase.explicit, Phase.generate, Phase.shrink)
    how = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=is_repeatable,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    how(CHECKS[name])()
    return time.monotonic() - began


def main() -> None:
    """Feed every reader and say how long each took."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    told = {name: round(run_one(name, examples, is_repeatable=False), 1) for name in CHECKS}
    sys.stdout.write(json.dumps({"examples_each": examples, "seconds": told}, indent=1) + "\n")


if __name__ == "__main__":
    main()
