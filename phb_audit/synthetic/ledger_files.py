"""Card exports, managed-account returns and the ledger of notional budgets."""

from __future__ import annotations

import csv
from functools import cache

from phb_audit.settings import shipped
from phb_audit.synthetic import days
from phb_audit.synthetic.bank_files import dated, out_and_in
from phb_audit.synthetic.sheets import Dialect, Sheet, Shelf
from phb_audit.synthetic.story import Line, Story
from phb_audit.synthetic.truth import Truth
from phb_audit.synthetic.words import between

CARD_COLUMNS = (
    "Trace Id", "Entry Type", "Token", "Tx Date", "Tx Amount", "Tx Currency", "Tx Country", "Bill Amount", "Bill Currency", "Fixed Fee",
    "Fee Rate", "Actual Balance", "Blocked Amount", "Available Balance", "MCC", "MCC Desc", "Merchant Id", "Merchant Name",
    "Merchant City", "Merchant Country", "Cardholder Present", "Input Method", "Auth Method", "Acq Reference", "Auth Open", "Note",
)  # fmt: skip
MANAGED_COLUMNS = ("Account Ref", "Person Ref", "Date", "Head", "Payee", "Narrative", "Invoice No", "Paid Out", "Paid In", "Balance")
NOTIONAL_COLUMNS = (
    "Invoice Date", "Paid Date", "Person Ref", "Supplier", "Invoice Number", "Service", "Gross Amount", "Cost Centre", "Subjective",
)  # fmt: skip
CARD_DIALECTS = (
    Dialect("%Y-%m-%d"),
    Dialect("%Y-%m-%d", delimiter=";", encoding="utf-8-sig"),
    Dialect("%Y-%m-%d", is_shuffled=True, header="upper"),
)
MANAGED_DIALECTS = (Dialect("%d/%m/%Y", encoding="utf-8-sig"), Dialect("%d-%b-%y", has_commas=True, encoding="cp1252", line_end="\r\n"))
NOTIONAL_DIALECTS = (Dialect("%d/%m/%Y", has_commas=True), Dialect("%d %b %Y", delimiter="|"))
HEADS = {"instalment": "FUNDING", "wages": "WAGES", "repayment": "RETURNED FUNDS", "credit": "FUNDING"}
CARD_ENTRIES = {"instalment": "load", "credit": "load", "repayment": "unload"}
BILL_DAYS = 11  # from the date of a notional budget's bill to its payment
AUTHORISED_SHARE, REVERSED_SHARE, DECLINED_SHARE, LATE_EVENING_SHARE = 0.55, 0.01, 0.015, 0.006
SERVICES = {
    "C08": "Home care", "C09": "Complex nursing", "C10": "Short break", "C11": "Community support", "E01": "Wheelchair and mobility",
    "A10": "Social group", "H01": "Meals", "E03": "Consumables", "T": "Therapy", "E": "Equipment",
}  # fmt: skip


class LedgerFiles:
    """Writes the lines of holders whose money is on a card, with an agent, or with the NHS."""

    def __init__(self, shelf: Shelf, truth: Truth, first_month: int) -> None:
        self.shelf, self.truth, self.first_month, self.trace = shelf, truth, first_month, 0

    def write(self, story: Story) -> None:
        """All lines of one holder."""
        write = {"card": self._write_card, "managed": self._write_managed, "notional": self._write_notional}[story.account_kind]
        write(story)

    def _sheet(self, stem: str, columns: tuple[str, ...], dialects: tuple[Dialect, ...], month: int, span: int) -> Sheet:
        place = (month - self.first_month) // span
        name = f"{stem}_{days.month_name(self.first_month + place * span)}.csv"
        if name not in self.shelf.sheets:
            self.shelf.sheets[name] = Sheet(self.shelf.folder, name, columns, dialects[place % len(dialects)])
        return self.shelf.sheets[name]

    def _write_card(self, story: Story) -> None:
        rng = story.rng
        balance = story.opening
        for line in story.lines:
            sheet = self._sheet("card/trace", CARD_COLUMNS, CARD_DIALECTS, days.month_of(line.on), 1)
            self.trace += 1
            trace = f"T{self.trace:09d}"
            when = _moment(line.on, line.on * 41 + self.trace, rng.random() < LATE_EVENING_SHARE)
            if line.what == "purchase" and line.label == "fine":
                self._write_around(story, line, sheet, trace, when, balance)
            balance = line.balance
            entry = CARD_ENTRIES.get(line.what, "second presentment")
            if line.what == "refund" and self.trace % 5 == 0:
                entry = "chargeback"
            self.truth.payment(story, line, sheet.name, sheet.add(_card_row(story, line, trace, entry, when, line.balance, 0)))

    def _write_around(self, story: Story, line: Line, sheet: Sheet, trace: str, when: str, balance: int) -> None:
        """What stands beside a presentment: the hold it settles, a declined try, a hold that was undone."""
        rng = story.rng
        rows: list[tuple[str, str, str]] = []
        if rng.random() < DECLINED_SHARE:
            rows.append((f"{trace}D", "auth declined", "declined"))
        if rng.random() < REVERSED_SHARE:
            rows += [(f"{trace}V", "auth approval", "authorisation"), (f"{trace}V", "auth reversal", "reversed")]
        if rng.random() < AUTHORISED_SHARE:
            rows.append((trace, "auth approval", "authorisation"))
        for ref, entry, kind in rows:
            cells = _card_row(story, line, ref, entry, when, balance, line.amount if entry == "auth approval" else 0)
            self.truth.payment(story, line, sheet.name, sheet.add(cells), kind=kind)

    def _write_managed(self, story: Story) -> None:
        agent = "managed/enable" if story.number % 2 else "managed/holding_account"
        for line in story.lines:
            sheet = self._sheet(agent, MANAGED_COLUMNS, MANAGED_DIALECTS, days.month_of(line.on), 3)
            say = sheet.dialect
            invoice = line.invoice
            if not invoice and line.what == "purchase" and line.business:
                invoice = line.business.invoice_number(story.rng)
            words = "NHS funding" if line.what == "instalment" else ""
            cells = [
                story.managed, _person(story, line), dated(line, say), head_of(line), line.text, words, invoice, *out_and_in(line, say),
                say.money(line.balance),
            ]  # fmt: skip
            self.truth.payment(story, line, sheet.name, sheet.add(cells))

    def _write_notional(self, story: Story) -> None:
        centre = f"{between(story.rng, 401, 499)}{between(story.rng, 100, 999)}"
        for line in story.lines:
            sheet = self._sheet("notional/ledger", NOTIONAL_COLUMNS, NOTIONAL_DIALECTS, days.month_of(line.on), 3)
            say = sheet.dialect
            invoice = line.invoice or (line.business.invoice_number(story.rng) if line.business else "")
            service = SERVICES.get(line.category) or SERVICES.get(line.category[:1], "Other")
            amount = "" if line.dirt == "no_amount" else say.money(line.amount)
            supplier = line.business.name if line.business else line.text
            billed = say.day(line.on - BILL_DAYS)
            cells = [billed, dated(line, say), _person(story, line), supplier, invoice, service, amount, centre, "52161045"]
            self.truth.payment(story, line, sheet.name, sheet.add(cells))


@cache
def merchant_code_words() -> dict[str, str]:
    """Merchant category code to its title, as card schemes print it."""
    with (shipped("reference") / "merchant_codes.csv").open(encoding="utf-8", newline="") as file:
        return {row["mcc"]: row["title"].upper() for row in csv.DictReader(file)}


def head_of(line: Line) -> str:
    """The agent's head of spend."""
    if line.what == "oncost":
        return "HMRC" if line.text.startswith("HMRC") else "PENSION"
    if line.text == "MANAGEMENT FEE":
        return "MANAGEMENT FEE"
    if line.what == "purchase":
        return "PAYROLL FEE" if line.category == "C04" else "INVOICE"
    return HEADS.get(line.what, "INVOICE")


def _person(story: Story, line: Line) -> str:
    """The NHS number; with its last digit one too high where a line is planted as badly keyed."""
    if line.dirt == "bad_nhs":
        return f"{story.nhs[:-1]}{(int(story.nhs[-1]) + 1) % 10}"
    return f"{story.nhs[:3]} {story.nhs[3:6]} {story.nhs[6:]}" if story.number % 3 == 0 else story.nhs


def _moment(on: int, scatter: int, is_late: bool) -> str:
    """UTC time of a purchase: in summer an hour before London's; shortly after midnight it is still the day before."""
    minute = 20 if is_late else scatter % 800 + 490
    if days.is_summer_time(on):
        minute -= 60
    if minute < 0:
        on, minute = on - 1, minute + 1440
    return f"{days.iso(on)} {minute // 60:02d}:{minute % 60:02d}:{scatter % 60:02d}"


def _card_row(story: Story, line: Line, trace: str, entry: str, when: str, balance: int, blocked: int) -> list[str]:
    bill = "" if line.dirt == "no_amount" and entry == "second presentment" else _plain(line.amount)
    if line.dirt == "bad_date" and entry == "second presentment":
        when = "2026-02-31 25:61:00"
    currency, spent = (line.foreign[0], _plain(line.foreign[1])) if line.foreign else ("GBP", bill)
    if entry == "auth reversal":
        bill, spent = _plain(-line.amount), f"-{spent}"
    fee = "2.50" if line.what == "cash" and line.country != "GB" else "0.00"
    is_purchase = line.what in ("purchase", "refund", "cash")
    return [
        trace, entry, story.token, when, spent, currency, line.country, bill, "GBP", fee, "2.75" if line.foreign else "0.00",
        _plain(balance),
        _plain(blocked), _plain(balance - blocked), line.mcc, merchant_code_words().get(line.mcc, ""),
        line.business.merchant if line.business else "",
        line.text if is_purchase or line.what == "transfer" else "NHS PHB LOAD" if entry == "load" else "RETURNED TO PROGRAMME",
        line.city, line.country,
        "Y" if is_purchase else "", "chip" if is_purchase else "", "PIN" if line.what == "cash" else "",
        f"{line.on}{trace[-6:]}" if is_purchase else "",
        "Y" if entry == "auth approval" else "N", line.text if entry == "load" else "",
    ]  # fmt: skip


def _plain(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02d}"
