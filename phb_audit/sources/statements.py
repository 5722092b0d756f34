"""Bank statements in a bank's own format (OFX and QFX, MT940, camt.053) to cells: which of them it is, and what their lines share.

Each format has a module that yields `Line`s; here they become one frame with the headers of HEADERS, which layouts map as they map
the headers of a table (data/reference/layouts/statements.toml).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, field, replace
from decimal import Decimal, InvalidOperation

import polars as pl

from phb_audit.errors import UnreadableFile
from phb_audit.sources.decoding import as_utf8, encoding_by_shape
from phb_audit.sources.layouts import Cell, Layout, fitting, unknown_layout

HEADERS = (
    "Sort code",
    "Account number",
    "Date",
    "Value date",
    "Amount",
    "Currency",
    "Type",
    "Payee",
    "Details",
    "Reference",
    "Balance",
)
COLUMNS = (
    "sort_code",
    "account_number",
    "paid_on_text",
    "posted_on_text",
    "amount_text",
    "currency_text",
    "type_text",
    "payee_text",
    "description_text",
    "reference_text",
    "balance_text",
)
CELLS_OF_LINES = {name: Cell((header,)) for name, header in zip(COLUMNS, HEADERS, strict=True)}
SNIFF_BYTES = 65_536
BLANKS = b" \t\r\n\x01\x02\x03"
OFX = re.compile(rb"\A[\s\x00-\x1f]*(?:OFXHEADER\s*:|<\?OFX\b|(?:<\?xml[^>]*\?>\s*)?(?:<\?OFX[^>]*\?>\s*)?<OFX>)", re.IGNORECASE)
MT940 = re.compile(rb"^(?:\{1:[^\n]*\{4:\s*)?:20:", re.MULTILINE)
MT940_LINE = re.compile(rb"^:(?:25|28C?|60[FM]):", re.MULTILINE)
XML = re.compile(rb"\A\s*<(?:\?xml\b|!DOCTYPE\b|!--|(?:\w+:)?Document\b)")
IBAN = re.compile(r"GB\d{2}[A-Z]{4}(\d{6})(\d{8})")
MOST_DIGITS = 15


@dataclass(frozen=True)
class Line:
    """One line of a statement: the line of the file it stands on, the cells of HEADERS, and why it cannot be trusted, if so."""

    number: int
    sort_code: str | None = None
    account_number: str | None = None
    on: str | None = None
    value_on: str | None = None
    amount: str | None = None
    currency: str | None = None
    type: str | None = None
    payee: str | None = None
    details: str | None = None
    reference: str | None = None
    balance: str | None = None
    problem: str | None = None


Read = Callable[[bytes], Iterable[Line]]


@dataclass
class Statement:
    """One account's statement in a file: the balances it tells, and its lines so far."""

    opening: Decimal | None = None
    closing: Decimal | None = None
    lines: list[Line] = field(default_factory=list)

    def settled(self) -> Iterator[Line]:
        """The lines with the balance after each: reckoned from the opening balance; the last has the closing balance as told.

        So a statement whose lines do not lead from one balance to the other shows it at its last line. After a line whose amount
        cannot be read nothing is reckoned.
        """
        running = self.opening
        for place, line in enumerate(self.lines):
            amount = decimal(line.amount) if line.problem is None else None
            running = None if running is None or amount is None else running + amount
            told = self.closing if place == len(self.lines) - 1 else running
            yield replace(line, balance=None if told is None else f"{told:.2f}")


def form_of(data: bytes) -> str:
    """'ofx', 'mt940' or 'camt053' (any XML) for a file whose head looks like one of them; empty for others."""
    head = data[:SNIFF_BYTES]
    head = as_utf8(head) if encoding_by_shape(head) else head
    if head.lstrip(BLANKS)[:1] not in (b"<", b":", b"{", b"O", b"o"):
        return ""
    head = head.replace(b"\r", b"\n")
    if OFX.match(head):
        return "ofx"
    if XML.match(head):
        return "camt053"
    return "mt940" if MT940.search(head) and MT940_LINE.search(head) else ""


def statement_rows(data: bytes, form: str, layouts: tuple[Layout, ...]) -> tuple[Layout, pl.DataFrame]:
    """The layout of the form and its rows: columns line_number, problem_text, c0 ... in the file's order.

    Raises UnreadableFile where the file holds no statement or none that can be read.
    """
    if not (fit := fitting(HEADERS, layouts, form=form)):
        raise unknown_layout(HEADERS, layouts)
    return fit[0], line_frame(readers()[form](data))


def line_frame(lines: Iterable[Line]) -> pl.DataFrame:
    """Lines as columns line_number, problem_text, c0 ... in their order."""
    schema = {"line_number": pl.Int64, **{f"c{place}": pl.String for place in range(len(HEADERS))}, "problem_text": pl.String}
    frame = pl.DataFrame([astuple(line) for line in lines], schema=schema, orient="row")
    return frame.select("line_number", "problem_text", pl.col("^c\\d+$"))


def readers() -> dict[str, Read]:
    """What reads each form."""
    from phb_audit.sources import camt053, mt940_lines, ofx

    return {"ofx": ofx.lines, "mt940": mt940_lines.lines, "camt053": camt053.lines}


def uk_account(written: str, sort_code: str = "") -> tuple[str | None, str | None]:
    """Sort code and account number of an account as banks write it: an IBAN, '12-34-56 12345678', or beside its sort code."""
    bare = re.sub(r"[\s-]", "", written).upper()
    if found := IBAN.fullmatch(bare):
        return found[1], found[2]
    bank, number = re.sub(r"\D", "", sort_code), re.sub(r"\D", "", bare)
    if len(number) == 14:
        return number[:6], number[6:]
    if len(number) < 6:  # too short to be told from another account: a bank's own short name of it
        return (bank or None, None)
    return bank or None, number


def decimal(text: str | None) -> Decimal | None:
    """An amount as banks write it in these formats: digits, one point or comma, a sign; None for anything else."""
    if text is None or not re.fullmatch(r"[+-]?\d*[.,]?\d*", text.strip()) or sum(map(str.isdigit, text)) > MOST_DIGITS:
        return None
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None


def signed(amount: str | None, *, is_out: bool) -> str | None:
    """An amount without sign as text with one, positive = money in; None where it is no amount."""
    value = decimal(amount)
    return None if value is None else f"{-value if is_out else value:f}"


def joined(parts: Iterable[str | None]) -> str | None:
    """The parts that are not blank, once each, with a blank between; None where there is none."""
    filled = [re.sub(r"\s+", " ", part).strip() for part in parts if part and part.strip()]
    return " ".join(dict.fromkeys(filled)) or None


def nothing_in(name: str) -> UnreadableFile:
    """The error for a file of a known format without a statement in it."""
    return UnreadableFile(f"The {name} file holds no bank statement.", do="Ask the sender for the statement, or for a CSV of it.")
