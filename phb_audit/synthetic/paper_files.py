"""Receipts and invoices (portal CSV, app JSON, support service's JSON lines) and the payroll agents' returns."""

from __future__ import annotations

import json
from datetime import date

from phb_audit.synthetic import days
from phb_audit.synthetic.drawn_papers import as_pdf, as_png
from phb_audit.synthetic.receipts import WANTED_FROM
from phb_audit.synthetic.sheets import Dialect, Records, Sheet, Shelf, Workbook
from phb_audit.synthetic.story import PaySlip, Receipt, Story
from phb_audit.synthetic.truth import Truth, papers_of

RECEIPT_COLUMNS = (
    "receipt_ref", "person_ref", "supplier_name", "invoice_no", "receipt_date", "received_date", "total", "vat", "method", "image_hash",
    "readable", "line_no", "line_description", "quantity", "unit_price", "line_total",
)  # fmt: skip
PAYROLL_COLUMNS = (
    "Employer Ref", "Person Ref", "Employee Ref", "Employee Name", "NI Number", "Tax Code", "Start Date", "Leave Date", "Pay Period Start",
    "Pay Period End", "Hours", "Hours Kind", "Rate", "Gross", "Tax", "EE NI", "ER NI", "Pension", "Net", "Paid Date", "HMRC Paid Date",
)  # fmt: skip
RECEIPT_DIALECTS = (
    Dialect("%d/%m/%Y"),
    Dialect("%d/%m/%Y", ";", encoding="utf-8-sig", header="upper", is_shuffled=True),
    Dialect("%d %b %Y", has_commas=True, encoding="cp1252", line_end="\r\n"),
)
PAYROLL_DIALECTS = (Dialect("%d/%m/%Y"), Dialect("%d/%m/%y", "\t", encoding="utf-16", header="snake"))
MOST_IN_ONE_LIST = 20_000  # receipts in JSON lists; later ones go to JSON lines, which can be read in pieces
MOST_IN_WORKBOOKS = 1_500  # pay slips in Excel files; later ones go to CSV


class PaperFiles:
    """Writes receipts and pay slips; `drawn`: how many receipts are sent as a picture or a PDF, and not as rows."""

    def __init__(self, shelf: Shelf, truth: Truth, window: tuple[int, int], drawn: int = 0) -> None:
        self.shelf, self.truth, self.window = shelf, truth, window
        self.first_month = days.month_of(window[0])
        self.left_to_draw = drawn
        self.listed, self.in_books, self.receipt_lines, self.pay_slips = 0, 0, 0, 0

    def write_receipts(self, story: Story) -> None:
        """Every receipt that has arrived, in the file of the month or quarter it arrived in."""
        papers = [paper for line in story.lines for paper in papers_of(line)] + story.papers_for_nothing
        sent = self._drawn(story)
        for paper in {paper.ref: paper for paper in papers}.values():  # one paper may stand for two payments
            if paper.received <= self.window[1] and paper is not sent:
                if story.keeps == "portal":
                    self._as_rows(story, paper)
                else:
                    self._as_record(story, paper)

    def _drawn(self, story: Story) -> Receipt | None:
        """At most one receipt a holder: of a purchase that asks for a look an invoice as a PDF, then a small till receipt as a picture.

        Nobody is asked for a receipt so small: where pictures cannot be read nothing is missing that was there.
        """
        for line in story.lines if self.left_to_draw else ():
            paper, is_picture = line.receipt, self.left_to_draw % 2 == 1
            if paper is None or paper.label or not paper.readable or line.more_receipts:
                continue
            is_meant = line.amount < WANTED_FROM if is_picture else line.amount >= WANTED_FROM and line.label != "fine"
            if is_meant and paper.received <= self.window[1] and paper.total == line.amount:
                self.left_to_draw -= 1
                folder = self.shelf.folder / "receipts" / story.nhs
                folder.mkdir(parents=True, exist_ok=True)
                name, content = ("till.png", as_png(paper)) if is_picture else ("invoice.pdf", as_pdf(paper))
                (folder / name).write_bytes(content)
                return paper
        return None

    def _as_rows(self, story: Story, paper: Receipt) -> None:
        month = days.month_of(paper.received)
        name = f"receipts/portal_{days.month_name(month)}.csv"
        if name not in self.shelf.sheets:
            say = RECEIPT_DIALECTS[(month - self.first_month) % len(RECEIPT_DIALECTS)]
            self.shelf.sheets[name] = Sheet(self.shelf.folder, name, RECEIPT_COLUMNS, say)
        sheet = self.shelf.sheets[name]
        say = sheet.dialect
        head = [
            paper.ref, story.nhs, paper.supplier, paper.invoice, say.day(paper.dated), say.day(paper.received), say.money(paper.total), "",
            paper.method, paper.image, "yes" if paper.readable else "no",
        ]  # fmt: skip
        for place, (words, quantity, unit, total) in enumerate(paper.lines):
            row = sheet.add([*head, str(place + 1), words, str(quantity), say.money(unit), say.money(total)])
            if paper.label and place == paper.marked:
                self.truth.receipt(story, paper, name, row)
        if not paper.lines:
            sheet.add([*head, "", "", "", "", ""])
        self.receipt_lines += max(1, len(paper.lines))

    def _as_record(self, story: Story, paper: Receipt) -> None:
        month = days.month_of(paper.received)
        is_list = story.keeps == "app" and self.listed < MOST_IN_ONE_LIST
        quarter = days.month_name(self.first_month + (month - self.first_month) // 3 * 3)
        name = f"receipts/app_{quarter}.json" if is_list else f"receipts/service_{quarter}.jsonl"
        if name not in self.shelf.records:
            self.shelf.records[name] = Records(self.shelf.folder, name, is_list=is_list)
        self.listed += is_list
        record = {
            "receipt_ref": paper.ref, "person_ref": story.nhs, "supplier": {"name": paper.supplier}, "invoice_no": paper.invoice,
            "date": days.iso(paper.dated), "received": days.iso(paper.received), "total": paper.total / 100, "vat": None,
            "method": paper.method, "image_hash": paper.image, "readable": paper.readable,
            "lines": [
                {"description": words, "quantity": many, "unit_price": unit / 100, "total": total / 100}
                for words, many, unit, total in paper.lines
            ],
        }  # fmt: skip
        number = self.shelf.records[name].add(json.dumps(record))
        self.receipt_lines += max(1, len(paper.lines))
        if paper.label:
            self.truth.receipt(story, paper, name, number)

    def write_pay_slips(self, story: Story) -> None:
        """The payroll agent's rows of one employer: Excel for the first, CSV for the many."""
        in_book = story.number % 3 == 0 and self.in_books < MOST_IN_WORKBOOKS
        for slip in story.slips:
            if not slip.is_sent:
                continue
            month = days.month_of(slip.paid)
            name, row = self._to_book(story, slip, month) if in_book else self._to_sheet(story, slip, month)
            self.pay_slips += 1
            if slip.label:
                self.truth.other(story, "pay_slip", slip.paid, slip.net, slip.kind, slip.rules, slip.label, "payroll", name, row)

    def _to_book(self, story: Story, slip: PaySlip, month: int) -> tuple[str, int]:
        half = days.month_name(self.first_month + (month - self.first_month) // 6 * 6)
        name = f"payroll/penny_pay_{half}.xlsx"
        if name not in self.shelf.books:
            self.shelf.books[name] = Workbook(self.shelf.folder, name, PAYROLL_COLUMNS, "Payroll return")
        self.in_books += 1
        employee = slip.employee
        numbers = [slip.tax, slip.ni, 0, slip.pension, slip.net]
        cells = [
            _employer(story), story.nhs, employee.ref, employee.person.written, employee.ni_number, employee.tax_code,
            _date(employee.started),
            _date(employee.left), _date(slip.first), _date(slip.last), slip.hours_hundredths / 100, slip.hours_kind, slip.rate / 100,
            slip.gross / 100,
            *[number / 100 for number in numbers], _date(slip.paid), _date(self._known(slip.hmrc_paid)),
        ]  # fmt: skip
        return name, self.shelf.books[name].add(cells)

    def _to_sheet(self, story: Story, slip: PaySlip, month: int) -> tuple[str, int]:
        quarter = days.month_name(self.first_month + (month - self.first_month) // 3 * 3)
        name = f"payroll/{'county_payroll' if story.number % 2 else 'wages_bureau'}_{quarter}.csv"
        if name not in self.shelf.sheets:
            self.shelf.sheets[name] = Sheet(self.shelf.folder, name, PAYROLL_COLUMNS, PAYROLL_DIALECTS[story.number % 2])
        sheet = self.shelf.sheets[name]
        say, employee = sheet.dialect, slip.employee
        cells = [
            _employer(story), story.nhs, employee.ref, employee.person.written, employee.ni_number, employee.tax_code,
            say.day(employee.started),
            say.day(employee.left), say.day(slip.first), say.day(slip.last), f"{slip.hours_hundredths / 100:.2f}", slip.hours_kind,
            say.money(slip.rate),
            say.money(slip.gross), say.money(slip.tax), say.money(slip.ni), "0.00", say.money(slip.pension), say.money(slip.net),
            say.day(slip.paid),
            say.day(self._known(slip.hmrc_paid)),
        ]  # fmt: skip
        return name, sheet.add(cells)

    def _known(self, on: int) -> int:
        return on if on <= self.window[1] else 0


def _employer(story: Story) -> str:
    return f"120/P{story.number % 1_000_000:06d}"


def _date(on: int) -> date | str:
    return date.fromordinal(on) if on else ""
