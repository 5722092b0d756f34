"""camt.053 statements (ISO 20022 XML, any version) to lines, read by lxml as a stream.

Nothing outside the file is ever opened and no entity is expanded: a file that declares a document type is refused, since no bank's
statement needs one. What stands whole before a damaged place lands; the damaged place is a row of its own, which the gate refuses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias, cast

from lxml import etree

from phb_audit.errors import UnreadableFile
from phb_audit.sources.decoding import ASK, as_utf8
from phb_audit.sources.statements import Line, Statement, decimal, joined, nothing_in, signed, uk_account

PENDING = "the bank has not booked this line yet"
NO_AMOUNT, NO_DAY = "the entry has no amount that can be read", "the entry has no day that can be read"
BROKEN = "the file is damaged at this line: what stands there or follows may be missing"
# ISO 20022's codes that tell what UK statements tell. A bank's own code (Prtry) is taken as it stands.
TYPES = {"POSD": "DEB", "CWDL": "CPT", "PMDD": "DD", "ESDD": "DD", "STDO": "SO", "CHRG": "FEE", "INTR": "INT", "FPAY": "FPO"}
PART_BYTES = 16_384
Element: TypeAlias = Any  # lxml ships no types


@dataclass
class Section(Statement):
    """A statement with its account."""

    account: tuple[str | None, str | None] = (None, None)
    balances: dict[str, Decimal] = field(default_factory=dict)

    def finished(self) -> Iterator[Line]:
        """Its lines with balances."""
        self.opening = self.balances.get("OPBD", self.balances.get("PRCD"))
        self.closing = self.balances.get("CLBD")
        return self.settled()


def lines(data: bytes) -> Iterator[Line]:
    """The entries of every statement. Raises UnreadableFile for other XML, a declared document type, and damage before any entry."""
    if b"<!DOCTYPE" in as_utf8(data):
        raise UnreadableFile("The XML file declares a document type, which a bank statement never needs.", do=ASK)
    section: Section | None = None
    is_any, rows = False, 0
    account: tuple[str | None, str | None] = (None, None)
    try:
        for event, element in events(data):
            name = local(element)
            if name == "Stmt" and event == "start":
                section, is_any = Section(), True
            elif section is not None and event == "end" and is_part(element):
                add(section, element, name)
                element.clear()
            elif name == "Stmt" and section is not None:
                yield from section.finished()
                rows, account, section = rows + len(section.lines), section.account, None
                element.clear()
    except etree.XMLSyntaxError as error:
        where = error.lineno or 1
        rows += len(section.lines) if section else 0
        if not rows:
            raise UnreadableFile(f"The XML file is damaged at line {where}.", do=ASK) from error
        if section:
            section.balances.pop("CLBD", None)
            yield from section.finished()
            account = section.account
        yield Line(where, *account, problem=BROKEN)
    if not is_any:
        raise nothing_in("XML")


def events(data: bytes) -> Iterator[tuple[str, Element]]:
    """Starts and ends of elements as they are met; what stands before a damaged place is told before the damage is raised."""
    safely = {"resolve_entities": False, "load_dtd": False, "no_network": True, "dtd_validation": False, "huge_tree": False}
    parser = etree.XMLPullParser(events=("start", "end"), remove_comments=True, remove_pis=True, **safely)
    for start in range(0, len(data), PART_BYTES):
        try:
            parser.feed(data[start : start + PART_BYTES])
        except etree.XMLSyntaxError:
            yield from cast("Iterator[tuple[str, Element]]", parser.read_events())
            raise
        yield from cast("Iterator[tuple[str, Element]]", parser.read_events())
    parser.close()


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_part(element: Element) -> bool:
    """True for the account, the balances and the entries of a statement."""
    parent = element.getparent()
    return parent is not None and local(parent) == "Stmt" and local(element) in ("Acct", "Bal", "Ntry")


def add(section: Section, element: Element, name: str) -> None:
    """Take a part of a statement into it."""
    if name == "Acct":
        written = told(element, "Id/IBAN") or told(element, "Id/Othr/Id") or ""
        section.account = uk_account(written, told(element, "Svcr/FinInstnId/ClrSysMmbId/MmbId") or "")
    elif name == "Bal":
        amount = decimal(told(element, "Amt"))
        if (kind := told(element, "Tp/CdOrPrtry/Cd")) and amount is not None:
            section.balances.setdefault(kind, -amount if told(element, "CdtDbtInd") == "DBIT" else amount)
    else:
        section.lines.extend(of_entry(element, section.account))


def of_entry(entry: Element, account: tuple[str | None, str | None]) -> Iterator[Line]:
    """One line, or one for each payment of a batch where each tells its amount and together they are the entry's."""
    parts = found(entry, "NtryDtls/TxDtls")
    amounts = [decimal(told(part, "Amt") or told(part, "AmtDtls/TxAmt/Amt")) for part in parts]
    whole = decimal(told(entry, "Amt"))
    if len(parts) > 1 and None not in amounts and sum(amount for amount in amounts if amount is not None) == whole:
        for part, amount in zip(parts, amounts, strict=True):
            yield line_of(entry, part, f"{amount:f}", account)
    else:
        yield line_of(entry, parts[0] if len(parts) == 1 else None, told(entry, "Amt"), account)


def line_of(entry: Element, part: Element | None, amount: str | None, account: tuple[str | None, str | None]) -> Line:
    """One line of an entry and, where it tells one, the payment inside it."""
    is_out = told(entry, "CdtDbtInd") == "DBIT"
    on = day_of(entry, "BookgDt") or day_of(entry, "ValDt")
    money = signed(amount, is_out=is_out) if told(entry, "CdtDbtInd") in ("DBIT", "CRDT") else None
    status = told(entry, "Sts/Cd") or told(entry, "Sts")
    other = "Cdtr" if is_out else "Dbtr"
    name = (told(part, f"RltdPties/{other}/Nm") or told(part, f"RltdPties/{other}/Pty/Nm")) if part is not None else None
    more = joined(each.text for each in found(part, "RmtInf/Ustrd")) if part is not None else None
    said = joined([told(entry, "AddtlNtryInf")])
    ids = [told(part, "Refs/EndToEndId"), told(part, "Refs/TxId")] if part is not None else []
    return Line(
        entry.sourceline or 1,
        *account,
        on=on,
        value_on=day_of(entry, "ValDt"),
        amount=money,
        currency=currency_of(entry),
        type=told(entry, "BkTxCd/Prtry/Cd") or TYPES.get(told(entry, "BkTxCd/Domn/Fmly/SubFmlyCd") or ""),
        payee=joined([name]) or said or more,
        details=joined([more, said]) if name else (more if said else None),
        reference=told(entry, "AcctSvcrRef") or next((one for one in ids if one and one != "NOTPROVIDED"), None) or told(entry, "NtryRef"),
        problem=PENDING if status == "PDNG" else NO_AMOUNT if money is None else NO_DAY if on is None else None,
    )


def currency_of(entry: Element) -> str | None:
    """The currency of the entry's amount."""
    amounts = found(entry, "Amt")
    return amounts[0].get("Ccy") if amounts else None


def day_of(element: Element, name: str) -> str | None:
    """A day that may be told with a time of day."""
    on = told(element, f"{name}/Dt") or told(element, f"{name}/DtTm")
    return on[:10] if on else None


def found(element: Element, path: str) -> list[Element]:
    """The elements at a path of names, in any namespace."""
    return cast("list[Element]", element.findall("/".join(f"{{*}}{name}" for name in path.split("/"))))


def told(element: Element | None, path: str) -> str | None:
    """The text at a path of names; None where it is not there or blank."""
    if element is None:
        return None
    text = next((each.text for each in found(element, path)), None)
    return text.strip() or None if text else None
