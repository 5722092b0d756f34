"""A made-up world of any size: holder by holder, each told, written and forgotten, so that memory does not grow with the world."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from phb_audit.errors import UsageError
from phb_audit.synthetic import days
from phb_audit.synthetic.bank_files import COLUMNS as BANK_COLUMNS
from phb_audit.synthetic.bank_files import DIALECTS, BankFiles
from phb_audit.synthetic.beside_files import BesideFiles
from phb_audit.synthetic.holders import MOST_HOLDERS, nhs_numbers
from phb_audit.synthetic.ledger_files import LedgerFiles
from phb_audit.synthetic.paper_dirt import LEVELS, dirty_papers
from phb_audit.synthetic.paper_files import PaperFiles
from phb_audit.synthetic.prices import LEVELS as PRICE_LEVELS
from phb_audit.synthetic.prices import Prices
from phb_audit.synthetic.problems import Dealer
from phb_audit.synthetic.register_files import RegisterFiles
from phb_audit.synthetic.sheets import Sheet, Shelf
from phb_audit.synthetic.story import Story
from phb_audit.synthetic.telling import tell
from phb_audit.synthetic.truth import Truth

Progress = Callable[[int, int], None]
LAST_DAY = date(2026, 10, 31)
STRAYS_SHARE = 1 / 150


@dataclass(frozen=True)
class WorldTotals:
    """What a world came to. `pence` is the signed sum over payment lines (authorisations and the like left out)."""

    commissioner_code: str
    first_day: date
    last_day: date
    holders: int
    payment_lines: int
    pence: int
    receipt_lines: int
    pay_slips: int
    breach_lines: int
    clinician_lines: int
    other_problems: int
    files: int
    kinds: dict[str, int]

    @property
    def breach_share(self) -> float:
        """Breach lines as a share of payment lines."""
        return self.breach_lines / max(1, self.payment_lines)


def make_world(
    *,
    holders: int,
    months: int,
    seed: int,
    out: Path,
    commissioner_code: str = "QZZ",
    last_day: date = LAST_DAY,
    papers: str = "tidy",
    prices: str = "steady",
    drawn: int = 0,
    progress: Progress | None = None,
) -> WorldTotals:
    """Write the files of a made-up commissioner to `out/<commissioner>/` and the truth to `out/truth.csv`,
    with the world's last day in `out/last_day.txt`; `papers` says how receipts come (`paper_dirt.LEVELS`),
    `prices` whether suppliers that holders share raise theirs (`prices.LEVELS`), `drawn` how many receipts
    come as a PDF or a picture.

    The window is `months` whole months ending with the month of `last_day`. The same arguments give the same bytes.
    `progress(done, holders)` is called now and then. An earlier world of the same commissioner in `out` is replaced.
    Raises UsageError for sizes that cannot be made.
    """
    _refuse_impossible(holders, months, commissioner_code, papers, prices)
    folder = out / commissioner_code
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    window = (days.months_before(last_day, months).toordinal(), days.month_start(days.month_of(last_day.toordinal()) + 1) - 1)
    with Shelf(folder) as shelf:
        truth = Truth(out / "truth.csv", commissioner_code)
        paper = PaperFiles(shelf, truth, window, drawn)
        writers = _Writers(shelf, truth, paper, window)
        moving = Prices(seed, holders, window) if prices == "moving" else None
        for done, story in enumerate(stories(holders, months, seed, window, commissioner_code, moving), 1):
            dirty_papers(story, papers)
            writers.write(story)
            if progress is not None and (done % 250 == 0 or done == holders):
                progress(done, holders)
        truth.close()
    _send_again(folder)
    (out / "last_day.txt").write_text(f"{date.fromordinal(window[1]).isoformat()}\n", encoding="utf-8")
    return WorldTotals(
        commissioner_code, date.fromordinal(window[0]), date.fromordinal(window[1]), holders, truth.payments, truth.pence,
        paper.receipt_lines,
        paper.pay_slips, truth.labels["breach"], truth.labels["needs_clinician"], truth.others,
        sum(path.is_file() for path in folder.rglob("*")),
        dict(sorted(truth.planted.items())),
    )  # fmt: skip


def stories(
    holders: int, months: int, seed: int, window: tuple[int, int], commissioner_code: str, prices: Prices | None = None
) -> Iterator[Story]:
    """The holders' stories, one at a time."""
    dealer = Dealer(seed, months)
    numbers = nhs_numbers(seed)
    for number in range(holders):
        kinds, pair = dealer.deal(number)
        yield tell(number, seed, next(numbers), window, commissioner_code, kinds, pair, prices)


class _Writers:
    """The writers of all feeds."""

    def __init__(self, shelf: Shelf, truth: Truth, paper: PaperFiles, window: tuple[int, int]) -> None:
        first_month = days.month_of(window[0])
        self.bank, self.ledger = BankFiles(shelf, truth, first_month), LedgerFiles(shelf, truth, first_month)
        self.registers, self.paper, self.shelf, self.window = RegisterFiles(shelf, truth), paper, shelf, window
        self.beside = BesideFiles(shelf, truth)

    def write(self, story: Story) -> None:
        """Everything of one holder."""
        self.registers.write(story)
        if story.account_kind == "bank":
            self.bank.write(story)
        else:
            self.ledger.write(story)
        self.paper.write_receipts(story)
        self.paper.write_pay_slips(story)
        self.beside.write(story)
        if story.rng.random() < STRAYS_SHARE or story.number == 11:
            self._stray_line(story)

    def _stray_line(self, story: Story) -> None:
        """A line of an account that no budget names: somebody else's statement among ours."""
        rng = Random(f"stray {story.nhs}")
        month = days.month_of(self.window[0])
        name = f"bank/castle/castle_{days.month_name(month)}.csv"
        dialect = DIALECTS["bank_signed"][0]
        if name not in self.shelf.sheets:
            self.shelf.sheets[name] = Sheet(self.shelf.folder, name, BANK_COLUMNS["bank_signed"], dialect)
        on = self.window[0] + int(rng.random() * 25)
        cells = [
            "09-01-26", f"{int(rng.random() * 9e7) + 10_000_000}", "Mr N Other", dialect.day(on), dialect.day(on), "DEB",
            "TESCO STORES 2231",
            f"-{int(rng.random() * 90) + 5}.20", "410.11",
        ]  # fmt: skip
        sheet = self.shelf.sheets[name]
        number = sheet.add(cells)
        self.ledger.truth.stray(name, number, on, -round(float(cells[7]) * 100))


def _refuse_impossible(holders: int, months: int, commissioner_code: str, papers: str, prices: str) -> None:
    if not 1 <= holders <= MOST_HOLDERS:
        raise UsageError(f"A world has 1 to {MOST_HOLDERS:,} holders, not {holders:,}.", do="Choose another number of holders.")
    if not 1 <= months <= 60:
        raise UsageError(f"A world has 1 to 60 months, not {months}.", do="Choose another number of months.")
    if not commissioner_code.isalnum():
        raise UsageError(f"'{commissioner_code}' is no commissioner code.", do="Use letters and digits, such as QZZ.")
    if papers not in LEVELS:
        raise UsageError(f"Papers do not come '{papers}'.", do=f"Choose one of {', '.join(LEVELS)}.")
    if prices not in PRICE_LEVELS:
        raise UsageError(f"Prices are not '{prices}'.", do=f"Choose one of {', '.join(PRICE_LEVELS)}.")


def _send_again(folder: Path) -> None:
    """The same file sent twice: the first receipts file of the portal, under another name."""
    for original in sorted((folder / "receipts").glob("portal_*.csv"))[:1]:
        shutil.copyfile(original, original.with_name(f"{original.stem}_sent_again.csv"))
