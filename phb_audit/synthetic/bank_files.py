"""Statements of bank accounts in six layouts, each with the habits of its bank."""

from __future__ import annotations

from collections.abc import Callable

from phb_audit.synthetic import days
from phb_audit.synthetic.sheets import Dialect, Sheet, Shelf
from phb_audit.synthetic.story import Line, Story
from phb_audit.synthetic.truth import Truth

COLUMNS = {
    "bank_five_column": ("Date", "Type", "Description", "Paid out", "Paid in", "Balance"),
    "bank_signed": (
        "Sort Code", "Account Number", "Account Name", "Date", "Value Date", "Transaction Type", "Description", "Amount", "Balance",
    ),
    "bank_debit_credit": (
        "Transaction Date", "Transaction Type", "Sort Code", "Account Number", "Transaction Description", "Debit Amount", "Credit Amount",
        "Balance",
    ),
    "bank_memo": ("Number", "Date", "Account", "Amount", "Subcategory", "Memo"),
    "bank_statement_lines": (
        "statement_no", "sort_code", "account_no", "account_name", "statement_from", "statement_to", "opening_balance", "txn_date",
        "value_date", "type", "description", "paid_out", "paid_in", "running_balance", "closing_balance",
    ),
    "bank_app": (
        "Transaction ID", "Date", "Time", "Type", "Name", "Category", "Amount", "Currency", "Local amount", "Local currency",
        "Notes and #tags", "Address", "Receipt", "Description", "Account number", "Sort code",
    ),
}  # fmt: skip
# Dialects take turns from one file of a layout to the next.
DIALECTS = {
    "bank_signed": (
        Dialect("%d/%m/%Y", encoding="utf-8-sig"),
        Dialect("%d/%m/%Y", encoding="utf-8-sig", has_brackets=True, header="upper"),
        Dialect("%d-%b-%y", encoding="utf-8-sig", is_shuffled=True),
    ),
    "bank_debit_credit": (Dialect("%d/%m/%Y", line_end="\r\n"), Dialect("%d/%m/%Y", line_end="\r\n", header="lower")),
    "bank_memo": (
        Dialect("%d/%m/%Y", encoding="cp1252", line_end="\r\n"),
        Dialect("%d/%m/%y", encoding="utf-16", is_shuffled=True, delimiter="\t"),
    ),
    "bank_statement_lines": (
        Dialect("%d %b %Y", ";", has_commas=True),
        Dialect("%d %b %Y", ";", "cp1252", has_commas=True, has_brackets=True, header="upper"),
        Dialect("%Y-%m-%d", "|", is_shuffled=True),
    ),
    "bank_app": (Dialect("%d/%m/%Y"), Dialect("%Y-%m-%d", is_shuffled=True, header="snake")),
}
FIVE = Dialect("%d %b %Y", encoding="cp1252", has_commas=True, sign="£")
MONTHS_A_FILE = {"bank_signed": 1, "bank_debit_credit": 3, "bank_memo": 3, "bank_statement_lines": 1, "bank_app": 3, "bank_five_column": 6}
FILE_NAMES = {
    "bank_signed": "bank/castle/castle", "bank_debit_credit": "bank/blackhorse/statement", "bank_memo": "bank/eagle/eagle",
    "bank_statement_lines": "bank/county/lines", "bank_app": "bank/pocket/export",
}  # fmt: skip
MOST_SINGLE_ACCOUNTS = 40
OVERLAP_ROWS = 5
BAD_DATES = ("31/02/2026", "not known", "00/00/0000", "2026-13-05")
Written = Callable[[Story, Line, Dialect], list[str]]


class BankFiles:
    """Writes the statements of holders with bank accounts."""

    def __init__(self, shelf: Shelf, truth: Truth, first_month: int) -> None:
        self.shelf, self.truth, self.first_month, self.single = shelf, truth, first_month, 0

    def write(self, story: Story) -> None:
        """All statements of one account; the first accounts of a world get files of their own."""
        if self.single < MOST_SINGLE_ACCOUNTS and story.number % 7 in (0, 5):
            self.single += 1
            story.layout = "bank_five_column"
            self._write_own_files(story)
        elif story.layout == "bank_statement_lines":
            self._write_statements(story)
        else:
            self._write_shared(story)

    def _sheet(self, layout: str, month: int) -> Sheet:
        span = MONTHS_A_FILE[layout]
        place = (month - self.first_month) // span
        start = days.month_name(self.first_month + place * span)
        name = f"{FILE_NAMES[layout]}_{start}{'_quarter' if span > 1 else ''}.csv"
        if name not in self.shelf.sheets:
            dialect = DIALECTS[layout][place % len(DIALECTS[layout])]
            self.shelf.sheets[name] = Sheet(self.shelf.folder, name, COLUMNS[layout], dialect)
        return self.shelf.sheets[name]

    def _write_shared(self, story: Story) -> None:
        layout, cells = story.layout, ROWS[story.layout]
        overlaps = layout == "bank_debit_credit" and story.number % 5 == 0
        sheet, recent, truth = None, [], self.truth
        month, month_at = -1, (0, 0)
        for line in story.lines:
            if not month_at[0] <= line.on < month_at[1]:
                month = days.month_of(line.on)
                month_at = (days.month_start(month), days.month_start(month + 1))
                turned = self._sheet(layout, month)
                if turned is not sheet and overlaps and sheet is not None:
                    for old in recent[-OVERLAP_ROWS:]:
                        truth.payment(story, old, turned.name, turned.add(cells(story, old, turned.dialect)))
                sheet = turned
            if sheet is not None:
                truth.payment(story, line, sheet.name, sheet.add(cells(story, line, sheet.dialect)))
            if overlaps:
                recent.append(line)

    def _write_statements(self, story: Story) -> None:
        """A numbered statement a month, with its opening and closing balance on every line."""
        by_month: dict[int, list[Line]] = {}
        for line in story.lines:
            by_month.setdefault(days.month_of(line.on), []).append(line)
        opening = story.opening
        for number, (month, lines) in enumerate(by_month.items(), 1):
            sheet = self._sheet("bank_statement_lines", month)
            say = sheet.dialect
            first, last = days.month_start(month), days.month_start(month + 1) - 1
            head = [str(number), story.sort_code, story.account, account_name(story), say.day(first), say.day(last), say.money(opening)]
            closing = say.money(lines[-1].balance)
            for line in lines:
                cells = [
                    *head,
                    dated(line, say),
                    say.day(line.posted),
                    line.type,
                    line.text,
                    *out_and_in(line, say),
                    say.money(line.balance),
                    closing,
                ]
                self.truth.payment(story, line, sheet.name, sheet.add(cells))
            opening = lines[-1].balance

    def _write_own_files(self, story: Story) -> None:
        """Half a year a file, with the account above the header; the second begins with the last rows of the first."""
        parts: dict[int, list[Line]] = {}
        for line in story.lines:
            parts.setdefault((days.month_of(line.on) - self.first_month) // MONTHS_A_FILE["bank_five_column"], []).append(line)
        before: list[Line] = []
        for part, lines in parts.items():
            name = f"bank/own/account_{self.single:03d}_part_{part + 1}.csv"
            above = [f"Account Name:,{account_name(story)}", f"Account Number:,{story.account}", f"Sort Code:,{story.sort_code}", ""]
            sheet = Sheet(self.shelf.folder, name, COLUMNS["bank_five_column"], FIVE, above)
            for line in before + lines:
                cells = [dated(line, FIVE), line.type, line.text, *out_and_in(line, FIVE), FIVE.money(line.balance)]
                self.truth.payment(story, line, name, sheet.add(cells))
            sheet.file.close()
            before = lines[-3:]


def account_name(story: Story) -> str:
    """The account's name, as a bank prints it."""
    return f"{story.person.title.title()} {story.person.given[0]} {story.person.surname} PHB"


def dated(line: Line, say: Dialect) -> str:
    """The day of a line, or what a careless hand wrote."""
    return BAD_DATES[line.on % len(BAD_DATES)] if line.dirt == "bad_date" else say.day(line.on)


def out_and_in(line: Line, say: Dialect) -> tuple[str, str]:
    """The two columns of an amount."""
    if line.dirt == "no_amount":
        return "", ""
    return (say.money(line.amount), "") if line.amount >= 0 else ("", say.money(-line.amount))


def signed(line: Line, say: Dialect) -> str:
    """One column, positive = money in."""
    return "" if line.dirt == "no_amount" else say.money(-line.amount)


def _signed_row(story: Story, line: Line, say: Dialect) -> list[str]:
    return [
        story.sort_code, story.account, account_name(story), dated(line, say), say.day(line.posted), line.type, line.text,
        signed(line, say),
        say.money(line.balance),
    ]  # fmt: skip


def _debit_credit_row(story: Story, line: Line, say: Dialect) -> list[str]:
    sort_code = story.sort_code
    return [dated(line, say), line.type, sort_code, story.account, line.text, *out_and_in(line, say), say.money(line.balance)]


MEMO_KINDS = {"DD": "Direct Debit", "SO": "Standing Order", "FPO": "Payment", "DEB": "Card Purchase", "CPT": "Cash", "BGC": "Direct Credit"}


def _memo_row(story: Story, line: Line, say: Dialect) -> list[str]:
    kind = MEMO_KINDS.get(line.type, line.type)
    return ["", dated(line, say), f"{story.sort_code} {story.account}", signed(line, say), kind, line.text]


APP_KINDS = {"DD": "Direct Debit", "FPO": "Faster payment", "DEB": "Card payment", "CPT": "Cash", "BGC": "Bacs (Direct Credit)"}


def _app_row(story: Story, line: Line, say: Dialect) -> list[str]:
    amount = signed(line, say)
    minute = line.on * 37 % 840 + 480
    return [
        f"tx_{story.number:06d}{line.place:05d}{line.on % 100_000:05d}", dated(line, say),
        f"{minute // 60:02d}:{minute % 60:02d}:{line.balance % 60:02d}", APP_KINDS.get(line.type, line.type), line.text, "General",
        amount, "GBP",
        amount, "GBP", "", line.city, "", line.text, story.account, story.sort_code,
    ]  # fmt: skip


ROWS: dict[str, Written] = {
    "bank_signed": _signed_row,
    "bank_debit_credit": _debit_credit_row,
    "bank_memo": _memo_row,
    "bank_app": _app_row,
}
