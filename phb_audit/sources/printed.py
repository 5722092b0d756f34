"""A statement printed to PDF: its words with their places to lines with cells.

It lands only where it proves itself: every balance printed must be the one reckoned from the lines above it. A column read wrongly
would move money, so a statement that does not prove, or prints no balance, is refused whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from phb_audit.errors import UnreadableFile
from phb_audit.sources.layouts import Layout, fitting, plain_header
from phb_audit.sources.papers import PRINT
from phb_audit.sources.statements import Line, joined, uk_account

MONEY = re.compile(r"^[-+]?£?(\d{1,3}(?:,\d{3})+|\d+)\.(\d{2})(-|CR|DR|OD|D)?$", re.IGNORECASE)
NOT_A_LINE = re.compile(
    r"\bbalance\b.*\b(?:forward|b/?f|c/?f)\b|\b(?:opening|closing|start(?:ing)?|end(?:ing)?) balance\b|^totals?\b", re.IGNORECASE
)
FULL_DAY = re.compile(r"\b(\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9} \d{4}|\d{1,2}/\d{1,2}/\d{4})\b")
DAY = re.compile(r"^\d{1,2}(?:st|nd|rd|th)?[ /.-](?:[A-Za-z]{3,9}|\d{1,2})(?:[ /.-]\d{2,4})?$")
SORT_CODE = re.compile(r"\b(\d{2}-\d{2}-\d{2})\b")
ACCOUNT = re.compile(r"\baccount (?:number|no\.?)[:\s]*(?:\d{2}-\d{2}-\d{2}\s*)?(\d{8})\b", re.IGNORECASE)
FORMS = ("%d %b %Y", "%d %B %Y", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d %b %y", "%d-%b-%Y", "%d.%m.%Y")
NEAR, LEFT_OF = 30.0, 4.0
MOST_MORE_LINES = 3
ASK = "Ask the bank, or the holder, for the statement as CSV, OFX or camt.053."


@dataclass(frozen=True)
class PrintedWord:
    """A piece of text on a page, in points from the left and the top."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class PrintedLine:
    """Words beside one another, left to right."""

    page: int
    words: tuple[PrintedWord, ...]

    @property
    def text(self) -> str:
        """The words with blanks between."""
        return " ".join(word.text for word in self.words)

    @property
    def height(self) -> float:
        """Of its tallest word."""
        return max(word.bottom - word.top for word in self.words)


@dataclass(frozen=True)
class Column:
    """A column under its header: which of our columns, where, and whether it holds money."""

    name: str
    left: float
    right: float
    is_money: bool


@dataclass
class Entry:
    """A line of the statement as far as it is read."""

    number: int
    cells: dict[str, str]
    more: list[str] = field(default_factory=list)
    last: PrintedLine | None = None


MONEY_COLUMNS = frozenset({"paid_out_text", "paid_in_text", "balance_text"})


def printed_layout(lines: Sequence[PrintedLine], layouts: Sequence[Layout]) -> Layout | None:
    """The layout of a printed statement whose header stands among the lines; None where there is none."""
    return next((found[0] for line in lines if (found := header_of(line, layouts))), None)


def header_of(line: PrintedLine, layouts: Sequence[Layout]) -> tuple[Layout, tuple[Column, ...]] | None:
    """The layout and the columns that a line of headers gives."""
    phrases = phrases_of(line)
    if len(phrases) < 3 or not (fit := fitting([phrase.text for phrase in phrases], layouts, form=PRINT)):
        return None
    columns = []
    for phrase in phrases:
        for name, cell in fit[0].columns.items():
            if plain_header(phrase.text) in cell.plain:
                columns.append(Column(name, phrase.left, phrase.right, name in MONEY_COLUMNS))
                break
    return fit[0], tuple(columns)


def phrases_of(line: PrintedLine) -> list[PrintedWord]:
    """Words so near that they are one header."""
    phrases: list[PrintedWord] = []
    for word in line.words:
        if phrases and word.left - phrases[-1].right < 0.5 * line.height:
            last = phrases[-1]
            phrases[-1] = PrintedWord(f"{last.text} {word.text}", last.left, word.right, last.top, last.bottom)
        else:
            phrases.append(word)
    return phrases


def lines_of(lines: Sequence[PrintedLine], layouts: Sequence[Layout]) -> list[Line]:
    """The lines of a printed statement. Raises UnreadableFile where it does not prove itself."""
    entries, opening = entries_of(lines, layouts)
    said = "\n".join(line.text for line in lines)
    latest = max((on for text in FULL_DAY.findall(said) if (on := full_day(text))), default=None)
    account = ACCOUNT.search(said)
    codes = SORT_CODE.search(said)
    sort_code, number = uk_account(account[1] if account else "", codes[1] if codes else "")
    found: list[Line] = []
    day = ""
    for entry in entries:
        day = entry.cells.get("paid_on_text") or day
        out, into = (money(entry.cells.get(name)) for name in ("paid_out_text", "paid_in_text"))
        balance = money(entry.cells.get("balance_text"))
        found.append(
            Line(
                entry.number,
                sort_code=sort_code,
                account_number=number,
                on=day_with_year(day, latest),
                amount=f"{(into or Decimal(0)) - (out or Decimal(0)):f}",
                type=entry.cells.get("type_text"),
                payee=entry.cells.get("payee_text") or joined(entry.more[:1]),
                details=joined(entry.more if entry.cells.get("payee_text") else entry.more[1:]),
                balance=None if balance is None else f"{balance:f}",
            )
        )
    require_proof(found, opening)
    return found


def entries_of(lines: Sequence[PrintedLine], layouts: Sequence[Layout]) -> tuple[list[Entry], Decimal | None]:
    """The entries below the headers, page by page, and the opening balance where one is printed."""
    entries: list[Entry] = []
    waiting: Entry | None = None
    opening: Decimal | None = None
    columns: tuple[Column, ...] = ()
    page = 0
    for number, line in enumerate(lines, start=1):
        columns, page = (columns, page) if line.page == page else ((), line.page)
        if found := header_of(line, layouts):
            columns, waiting = found[1], None
            continue
        amounts = [amount for word in parts_of(line) if (amount := money(word.text)) is not None]
        if NOT_A_LINE.search(line.text):
            if not entries and opening is None and amounts and not re.search(r"clos|end", line.text, re.IGNORECASE):
                opening = amounts[-1]
            continue
        if not columns:
            continue
        cells = cells_of(line, columns)
        if "paid_out_text" in cells or "paid_in_text" in cells:
            begun = waiting or Entry(number, {})
            if waiting and cells.get("payee_text"):
                begun.more.append(cells.pop("payee_text"))
            begun.cells, begun.last, waiting = {**cells, **begun.cells}, line, None
            entries.append(begun)
        elif DAY.match(cells.get("paid_on_text", "")):
            waiting = Entry(number, cells, last=line)
        else:
            go_on(waiting or (entries[-1] if entries else None), line, cells)
    return entries, opening


def go_on(entry: Entry | None, line: PrintedLine, cells: dict[str, str]) -> None:
    """Add a line of words alone to the entry right above it; what stands farther off is no part of it."""
    if entry is None or entry.last is None or entry.last.page != line.page or len(entry.more) >= MOST_MORE_LINES:
        return
    gap = line.words[0].top - entry.last.words[0].bottom
    if gap < 1.2 * line.height and (words := cells.get("payee_text") or cells.get("type_text")):
        entry.more.append(words)
        entry.last = line


def parts_of(line: PrintedLine) -> list[PrintedWord]:
    """The words of a line one by one; a piece with blanks is shared out by its letters."""
    parts = []
    for word in line.words:
        step = (word.right - word.left) / max(1, len(word.text))
        parts += [
            PrintedWord(part[0], word.left + step * part.start(), word.left + step * part.end(), word.top, word.bottom)
            for part in re.finditer(r"\S+", word.text)
        ]
    return parts


def cells_of(line: PrintedLine, columns: Sequence[Column]) -> dict[str, str]:
    """The words of a line under its columns: amounts by the nearest edge, words by the last column that begins before them."""
    cells: dict[str, list[str]] = {}
    amounts = [column for column in columns if column.is_money]
    texts = [column for column in columns if not column.is_money]
    for word in parts_of(line):
        nearest = min(amounts, key=lambda column: distance(word, column), default=None)
        if MONEY.match(word.text) and nearest and distance(word, nearest) <= NEAR and nearest.name not in cells:
            cells[nearest.name] = [word.text]
            continue
        before = [column for column in texts if column.left <= word.left + LEFT_OF]
        if before:
            cells.setdefault(max(before, key=lambda column: column.left).name, []).append(word.text)
    return {name: " ".join(words) for name, words in cells.items()}


def distance(word: PrintedWord, column: Column) -> float:
    """How far an amount stands from a column: by its right edge, left edge or middle, whichever is nearest."""
    middle = (word.left + word.right - column.left - column.right) / 2
    return min(abs(word.right - column.right), abs(word.left - column.left), abs(middle))


def money(text: str | None) -> Decimal | None:
    """'1,234.50', '£3.20', '12.00 OD' (overdrawn) as an amount; None for anything else."""
    found = MONEY.match(text.strip()) if text else None
    if not found or text is None:
        return None
    amount = Decimal(f"{found[1].replace(',', '')}.{found[2]}")
    is_less = text.strip().startswith("-") or (found[3] or "").upper() in ("-", "DR", "OD", "D")
    return -amount if is_less else amount


def full_day(text: str) -> date | None:
    """A day with its year."""
    bare = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text.strip())
    for form in FORMS:
        try:
            return datetime.strptime(bare, form).date()  # noqa: DTZ007 - a day, without a time
        except ValueError:
            continue
    return None


def day_with_year(text: str, latest: date | None) -> str:
    """A day of the statement as ISO; one without a year is the last such day up to the latest the statement names."""
    if on := full_day(text):
        return on.isoformat()
    for year in (latest.year, latest.year - 1) if latest else ():
        on = full_day(f"{text} {year}") or full_day(f"{text}/{year}")
        if on and latest and on <= latest:
            return on.isoformat()
    raise UnreadableFile("A day on the printed statement cannot be read, or nothing tells its year.", do=ASK)


def require_proof(lines: Sequence[Line], opening: Decimal | None) -> None:
    """Refuse a statement whose printed balances are not those reckoned from its lines, or that prints none to prove them by."""
    running = opening
    last_proved = -1
    for place, line in enumerate(lines):
        amount = Decimal(line.amount or "0")
        running = None if running is None else running + amount
        if line.balance is None:
            continue
        told = Decimal(line.balance)
        if running is not None and running != told:
            raise UnreadableFile(
                f"The printed statement does not prove: at its line {line.number} the balance printed is not the one reckoned.", do=ASK
            )
        if running is None and place > 0:
            raise UnreadableFile("The printed statement has lines before its first balance and no opening balance.", do=ASK)
        running, last_proved = told, place
    if not lines or last_proved < len(lines) - 1:
        raise UnreadableFile("The printed statement has no balance after its last line to prove it by.", do=ASK)
