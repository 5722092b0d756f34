"""MT940 statements to lines. The fields are read by the library mt-940, one by one, so that a bad field costs itself only."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from mt940.models import Transactions
from mt940.tags import FinalClosingBalance, FinalOpeningBalance, IntermediateClosingBalance, IntermediateOpeningBalance, Tag
from mt940.tags import Statement as StatementLine

from phb_audit.sources.decoding import as_utf8
from phb_audit.sources.statements import Line, Statement, decimal, joined, nothing_in, signed, uk_account

logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)  # it logs whole lines, names and all, when one cannot be read

FIELD = re.compile(r"^(?:\{1:.*\{4:\s*)?:(\d{2}[A-Z]?|NS):(.*)$")
ENDS = re.compile(r"^-\}?")
OPENING = {"60F": FinalOpeningBalance(), "60M": IntermediateOpeningBalance()}
CLOSING = {"62F": FinalClosingBalance(), "62M": IntermediateClosingBalance()}
NOT_READ = "the statement line (:61:) cannot be read"
CUT = "the file ends in the middle of this statement, so the line may lack letters or figures"
# SWIFT's codes that tell what UK statements tell; NTRF, NMSC and the like tell nothing.
TYPES = {"CHK": "CHQ", "DDT": "DD", "STO": "SO", "INT": "INT", "CHG": "FEE", "COM": "FEE", "CLR": "CPT"}
MOST_LETTERS = 2000
STATEMENT_LINE, NOTHING = StatementLine(), Transactions()  # made once: a pattern a line costs as much as the line


@dataclass
class Field:
    """One field: its tag, its lines, and the line of the file it begins on."""

    tag: str
    parts: list[str]
    number: int

    @property
    def value(self) -> str:
        """Its lines as one text, cut where no field is as long."""
        return "\n".join(self.parts)[:MOST_LETTERS].strip()


def lines(data: bytes) -> Iterator[Line]:
    """The lines of every statement in the file. Raises UnreadableFile where it holds no statement."""
    is_any = False
    for message in messages(as_utf8(data)):
        is_any = True
        yield from of_message(message)
    if not is_any:
        raise nothing_in("MT940")


def messages(text: bytes) -> Iterator[list[Field]]:
    """The fields of each message; a message begins with :20:."""
    fields: list[Field] = []
    for number, line in enumerate(text.decode("utf-8", errors="replace").translate({1: None, 3: None}).split("\n"), start=1):
        line = line.rstrip("\r")
        if found := FIELD.match(line):
            if found[1] == "20" and fields:
                yield fields
                fields = []
            fields.append(Field(found[1], [found[2]], number))
        elif ENDS.match(line) and fields:
            yield fields
            fields = []
        elif fields:
            fields[-1].parts.append(line)
    if fields:
        yield fields


def of_message(fields: list[Field]) -> Iterator[Line]:
    """The lines of one message."""
    statement = Statement()
    account: tuple[str | None, str | None] = (None, None)
    currency: str | None = None
    for at, field in enumerate(fields):
        if field.tag == "25":
            account = uk_account(field.parts[0])
        elif field.tag in OPENING:
            statement.opening, currency = balance_of(field, OPENING[field.tag])
        elif field.tag in CLOSING:
            statement.closing, _ = balance_of(field, CLOSING[field.tag])
        elif field.tag == "61":
            after = fields[at + 1].parts if at + 1 < len(fields) and fields[at + 1].tag == "86" else []
            line = line_of(field, after)
            statement.lines.append(replace(line, sort_code=account[0], account_number=account[1], currency=currency))
    is_cut = not any(field.tag in CLOSING for field in fields)
    if is_cut and statement.lines:
        statement.lines[-1] = replace(statement.lines[-1], problem=statement.lines[-1].problem or CUT)
    yield from statement.settled()


def balance_of(field: Field, tag: Tag) -> tuple[Decimal | None, str | None]:
    """A balance with its sign and its currency; none of them where it cannot be read."""
    try:
        told = tag.parse(NOTHING, field.value)
    except RuntimeError:
        return None, None
    amount = decimal(told["amount"])
    return (None if amount is None else -amount if told["status"] == "D" else amount), told["currency"]


def line_of(field: Field, words: list[str]) -> Line:
    """One statement line with the words of the :86: behind it, if any."""
    payee, details = joined(words[:1]), joined(words[1:])
    try:
        told = STATEMENT_LINE.parse(NOTHING, field.value)
    except RuntimeError:
        return Line(field.number, payee=payee, details=joined([field.value, details]), problem=NOT_READ)
    # RC takes back a credit and RD a debit, so they move money the other way.
    amount = signed(told["amount"], is_out=(told["status"] or "").upper() in ("D", "RC"))
    extra = told.get("extra_details")
    return Line(
        field.number,
        on=f"20{told['year']}-{told['month']}-{told['day']}",
        amount=amount,
        type=TYPES.get((told["id"] or "")[1:].strip().upper()),
        payee=payee or joined([extra]) or joined([told["customer_reference"]]),
        details=joined([details, extra]) if payee else None,
        reference=joined([told["bank_reference"]]) or joined([told["customer_reference"]]),
        problem=None if amount is not None else NOT_READ,
    )
