"""OFX and QFX statements, as tags with or without closing (1.x) and as XML (2.x), to lines.

No entity but the five of XML is known, so nothing expands. A transaction that cannot be read costs itself only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from phb_audit.sources.decoding import as_utf8
from phb_audit.sources.statements import Line, decimal, joined, nothing_in, uk_account

TAG = re.compile(rb"<(/?)([A-Za-z0-9.]{1,32})>([^<]*)")
ACCOUNTS = frozenset({"BANKACCTFROM", "CCACCTFROM"})
STATEMENTS = frozenset({"STMTRS", "CCSTMTRS"})
DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
CUT = "the transaction is not closed: the file ends or breaks off in the middle of it"
NO_DAY, NO_AMOUNT = "the transaction has no day that can be read", "the transaction has no amount that can be read"
# What OFX tells of the kind of a transaction, in the words of UK statements; its other words (DEBIT, CREDIT, OTHER) tell nothing.
TYPES = {
    "POS": "DEB",
    "ATM": "CPT",
    "CASH": "CPT",
    "XFER": "TFR",
    "CHECK": "CHQ",
    "DIRECTDEBIT": "DD",
    "REPEATPMT": "SO",
    "DIRECTDEP": "BGC",
    "INT": "INT",
    "FEE": "FEE",
    "SRVCHG": "FEE",
}
KNOWN = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,5});")


def lines(data: bytes) -> Iterator[Line]:
    """The transactions of every statement in the file. Raises UnreadableFile where it holds no statement."""
    text = as_utf8(data)
    account: dict[str, str] = {}
    currency: str | None = None
    inside: dict[str, str] | None = None
    within, began, counted = "", 0, (0, 1)
    is_statement = False
    for match in TAG.finditer(text):
        closes, tag, value = bool(match[1]), match[2].decode().upper(), written(match[3])
        if tag == "STMTTRN":
            if inside is not None:
                yield line_of(inside, began, account, currency, is_whole=closes)
            counted = (match.start(), counted[1] + text.count(b"\n", counted[0], match.start()))
            inside, began = (None if closes else {}), counted[1]
        elif tag in STATEMENTS:
            is_statement, account, currency = True, {} if not closes else account, None if not closes else currency
        elif tag in ACCOUNTS:
            within = "" if closes else tag
        elif closes:
            if tag == "BANKTRANLIST" and inside is not None:
                yield line_of(inside, began, account, currency, is_whole=False)
                inside = None
        elif inside is not None:
            inside.setdefault(tag, value)
        elif within:
            account[tag] = value
        elif tag == "CURDEF":
            currency = value
    if inside is not None:
        yield line_of(inside, began, account, currency, is_whole=False)
    if not is_statement:
        raise nothing_in("OFX")


def written(value: bytes) -> str:
    """The text behind a tag, with the entities of XML put back."""
    text = value.decode("utf-8", errors="replace").strip()
    return KNOWN.sub(lambda found: unescape(found[0]).replace("\xa0", " "), text) if "&" in text else text


def line_of(told: dict[str, str], number: int, account: dict[str, str], currency: str | None, *, is_whole: bool) -> Line:
    """One transaction."""
    sort_code, account_number = uk_account(account.get("ACCTID", ""), account.get("BANKID", ""))
    on, amount = day_of(told.get("DTPOSTED")), decimal(told.get("TRNAMT"))
    line = Line(
        number=number,
        sort_code=sort_code,
        account_number=account_number,
        on=on,
        value_on=day_of(told.get("DTAVAIL")),
        amount=None if amount is None else f"{amount:f}",
        currency=told.get("CURSYM") or currency,
        type=TYPES.get(told.get("TRNTYPE", "").upper()),
        payee=joined([told.get("NAME") or told.get("PAYEE")]) or joined([told.get("MEMO")]),
        details=joined([told.get("MEMO")]) if told.get("NAME") else None,
        reference=told.get("FITID"),
    )
    if is_whole and on and amount is not None:
        return line
    return replace(line, problem=CUT if not is_whole else NO_DAY if not on else NO_AMOUNT)


def day_of(moment: str | None) -> str | None:
    """'20260701120000[0:GMT]' as '2026-07-01'; the bank's own day, whatever its hour. None for anything else."""
    found = DAY.match(moment or "")
    return f"{found[1]}-{found[2]}-{found[3]}" if found else None
