"""Made-up statements in a bank's own formats: the same lines of one account, written as each format writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

SORT_CODE, ACCOUNT = "123456", "12345678"
SGML = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n"
OPENING = Decimal("100.00")


@dataclass(frozen=True)
class Moved:
    """A line: day, signed amount (positive = money in), type, payee, further words, the bank's own id."""

    on: str
    amount: Decimal
    kind: str
    payee: str
    words: str = ""
    reference: str = ""


LINES = (
    Moved("2026-07-01", Decimal("-3.20"), "DEB", "TESCO STORES 2231", "", "A1"),
    Moved("2026-07-02", Decimal("-45.00"), "FPO", "LEEDS PHYSIO LTD", "INVOICE 7", "A2"),
    Moved("2026-07-03", Decimal("500.00"), "BGC", "NHS WEST YORKSHIRE ICB", "PHB JULY", "A3"),
)


def ofx(
    lines: Sequence[Moved] = LINES, *, closes_elements: bool = False, header: str = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n"
) -> str:
    """OFX 1 (elements not closed) or, with `closes_elements` and an XML header, OFX 2."""

    def element(tag: str, value: str) -> str:
        shown = value.replace("&", "&amp;")
        return f"<{tag}>{shown}</{tag}>" if closes_elements else f"<{tag}>{shown}"

    rows = "\n".join(
        "<STMTTRN>"
        + element("TRNTYPE", {"DEB": "POS", "BGC": "DIRECTDEP"}.get(line.kind, "DEBIT"))
        + element("DTPOSTED", line.on.replace("-", "") + "120000[0:GMT]")
        + element("TRNAMT", str(line.amount))
        + element("FITID", line.reference)
        + element("NAME", line.payee)
        + (element("MEMO", line.words) if line.words else "")
        + "</STMTTRN>"
        for line in lines
    )
    return (
        f"{header}<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>{element('CURDEF', 'GBP')}\n"
        f"<BANKACCTFROM>{element('BANKID', SORT_CODE)}{element('ACCTID', ACCOUNT)}{element('ACCTTYPE', 'CHECKING')}</BANKACCTFROM>\n"
        f"<BANKTRANLIST>\n{rows}\n</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )


def mt940(lines: Sequence[Moved] = LINES, *, closing: Decimal | None = None, account: str = f"GB29NWBK{SORT_CODE}{ACCOUNT}") -> str:
    """One MT940 message."""
    last = OPENING + sum((line.amount for line in lines), Decimal(0)) if closing is None else closing
    rows = "".join(
        f":61:{line.on[2:].replace('-', '')}{line.on[5:].replace('-', '')}{'D' if line.amount < 0 else 'C'}{comma(abs(line.amount))}"
        f"NTRF{line.reference}\r\n:86:{line.payee}\r\n" + (f"{line.words}\r\n" if line.words else "")
        for line in lines
    )
    return f":20:STATEMENT\r\n:25:{account}\r\n:28C:7/1\r\n:60F:C260630GBP{comma(OPENING)}\r\n{rows}:62F:C260731GBP{comma(last)}\r\n-\r\n"


def comma(amount: Decimal) -> str:
    """As MT940 writes amounts."""
    return f"{amount:.2f}".replace(".", ",")


def camt053(lines: Sequence[Moved] = LINES, *, version: str = "02", closing: Decimal | None = None) -> str:
    """One camt.053 document; from version 08 on names stand one element deeper."""
    last = OPENING + sum((line.amount for line in lines), Decimal(0)) if closing is None else closing
    deep = version >= "08"

    def entry(line: Moved) -> str:
        side, other = ("DBIT", "Cdtr") if line.amount < 0 else ("CRDT", "Dbtr")
        name = f"<Pty><Nm>{line.payee}</Nm></Pty>" if deep else f"<Nm>{line.payee}</Nm>"
        status = "<Sts><Cd>BOOK</Cd></Sts>" if deep else "<Sts>BOOK</Sts>"
        words = f"<RmtInf><Ustrd>{line.words}</Ustrd></RmtInf>" if line.words else ""
        return (
            f'<Ntry><Amt Ccy="GBP">{abs(line.amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}<BookgDt><Dt>{line.on}</Dt></BookgDt>'
            f"<ValDt><Dt>{line.on}</Dt></ValDt><AcctSvcrRef>{line.reference}</AcctSvcrRef><BkTxCd><Prtry><Cd>{line.kind}</Cd></Prtry></BkTxCd>"
            f"<NtryDtls><TxDtls><RltdPties><{other}>{name}</{other}></RltdPties>{words}</TxDtls></NtryDtls></Ntry>\n"
        )

    def balance(kind: str, amount: Decimal) -> str:
        side = "DBIT" if amount < 0 else "CRDT"
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">{abs(amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd></Bal>\n'
        )

    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>7</Id><Acct><Id><IBAN>GB29NWBK{SORT_CODE}{ACCOUNT}</IBAN></Id></Acct>\n"
        f"{balance('OPBD', OPENING)}{balance('CLBD', last)}{''.join(map(entry, lines))}</Stmt></BkToCstmrStmt></Document>\n"
    )
