"""Bank statements sent again as others would print them: `python -m tests.benchmarks.sent_again [HOLDERS] [SEED] [MONTHS] [before]`.

Counts, by account, day and sum, payments that then stand twice and real payments that are lost (aim 0). One line in twenty of the
second sending is a payment that the first did not have: the same account, day, sum and words once more, as when somebody takes the bus
twice. `OTHERS` are sendings in which every line is a payment of its own, and all must land. `before` measures the night without
`phb_audit.landed.sent_again`.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from unittest.mock import patch

import polars as pl

from phb_audit import landed
from phb_audit.identity import read_or_make_key
from phb_audit.landed.contents import amount_of, signed_pence, with_one_pence
from phb_audit.landed.other_layouts import with_moved_on
from phb_audit.periods import day
from phb_audit.run import Run
from phb_audit.sources.feeds import FEEDS
from phb_audit.sources.mapping import known_layouts
from phb_audit.sources.read import Reader, rows_of
from phb_audit.synthetic import make_world
from tests.builders import make_run

MONTHS, EVERY = 3, 20
Counts = Counter[tuple[object, ...]]
LAST_DAY, TWO_NIGHTS = date(2026, 10, 31), (date(2026, 11, 2), date(2026, 11, 3))


@dataclass(frozen=True)
class Line:
    """A line of a bank statement, pence out of the account positive."""

    sort_code: str
    account: str
    on: date
    words: str
    pence: int
    balance: str
    layout: str
    kind: str


def cut(letters: int) -> Callable[[str], str]:
    """Words as a bank with a short field prints them."""
    return lambda words: words[:letters].strip()


WORDS: dict[str, Callable[[str], str]] = {
    "as they were": str,
    "a town appended": lambda words: f"{words} LEEDS GB",
    "a reference appended": lambda words: f"{words} REF 0071265",
    "a kind before": lambda words: f"CARD PAYMENT TO {words}",
    "cut to 18 letters": cut(18),
    "cut to 24 letters": cut(24),
    "cut to 32 letters": cut(32),
    "small letters": lambda words: words.lower(),
    "no words": lambda _: "",
    "kinds only": lambda _: "CARD PAYMENT",
}


def kind(line: Line, layout: str) -> str:
    """The bank's word for the kind of line: every layout has its own."""
    return line.kind if line.layout == layout else "Payment"


def signed(lines: list[Line], say: Callable[[str], str], *, balances: bool) -> list[list[str]]:
    """The layout bank_signed."""
    head = ["Sort Code", "Account Number", "Account Name", "Date", "Transaction Type", "Description", "Amount", "Balance"]
    rows = [head]
    for x in lines:
        said = [f"{x.on:%d/%m/%Y}", kind(x, "bank_signed"), say(x.words), f"{-x.pence / 100:.2f}", x.balance]
        rows.append([x.sort_code, x.account, "A", *said])
    return [row if balances else row[:-1] for row in rows]


def two_columns(lines: list[Line], say: Callable[[str], str], *, balances: bool) -> list[list[str]]:
    """The layout bank_debit_credit, with its own words for the type."""
    rows = [["Transaction Date", "Transaction Type", "Sort Code", "Account Number", "Transaction Description"]]
    rows[0] += ["Debit Amount", "Credit Amount", "Balance"]
    for x in lines:
        sums = ["", f"{-x.pence / 100:.2f}"] if x.pence < 0 else [f"{x.pence / 100:.2f}", ""]
        rows.append([f"{x.on:%d %b %Y}", kind(x, "bank_debit_credit"), x.sort_code, x.account, say(x.words), *sums, x.balance])
    return [row if balances else row[:-1] for row in rows]


def memo(lines: list[Line], say: Callable[[str], str], *, balances: bool) -> list[list[str]]:
    """The layout bank_memo, which has no balances."""
    rows = [["Number", "Date", "Account", "Amount", "Subcategory", "Memo"]]
    for x in lines:
        rows.append(["", f"{x.on:%d/%m/%Y}", f"{x.sort_code} {x.account}", f"{-x.pence / 100:.2f}", kind(x, "bank_memo"), say(x.words)])
    return rows


LAYOUTS = {"one signed column": signed, "two columns": two_columns, "memo": memo}


def lines_of_months(folder: Path, first: date) -> list[Line]:
    """Every line from a day on in the bank statements of a world, once, as it was printed; those nobody can read are left out."""
    reader = Reader(known_layouts())
    found: dict[tuple[object, ...], Line] = {}
    for path in sorted(folder.rglob("*.csv")):
        read = reader.read(path.read_bytes(), 0, path.name)
        cells = rows_of(read.pieces)
        cells = cells.with_columns(on=day(pl.col("paid_on_text")), pence=amount_of(cells, FEEDS["bank"]))
        seen: Counter[tuple[object, ...]] = Counter()
        for row in cells.filter(pl.col("on") >= first, pl.col("pence") != 0).iter_rows(named=True):
            digits = "".join(letter for letter in (row["sort_code"] or "") + row["account_number"] if letter.isdigit())
            words, balance, kind_text = (row[name] or "" for name in ("payee_text", "balance_text", "type_text"))
            line = Line(digits[:6], digits[6:], row["on"], words, row["pence"], balance, read.layout_code, kind_text)
            seen[line] += 1
            found[line, seen[line]] = line
    return list(found.values())


def as_text(rows: list[list[str]]) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def landed_lines(run: Run) -> Counts:
    """How many bank lines landed of each account, day and sum."""
    rows = with_moved_on(run.warehouse.frame("FROM landed.payments WHERE feed_code = 'bank' AND account_ref IS NOT NULL"))
    rows = rows.with_columns(pence=signed_pence(with_one_pence(rows))).filter(pl.all_horizontal(pl.col("moved_on", "pence").is_not_null()))
    return Counter(rows.select("account_ref", "moved_on", "pence").rows())


def one_trial(files: Sequence[Path], home: Path, text: str, key: Path, *, nights: int) -> Counts:
    """What landed of files and a second sending, on the same night or on the next."""
    run = make_run(home, as_of=TWO_NIGHTS[0])
    kept = run.settings.key_path(run.commissioner_code)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(key.read_bytes())
    for path in files:
        (run.inbox / path.name).write_bytes(path.read_bytes())
    if nights == 2:
        landed.build(run)
        for path in files:
            (run.inbox / path.name).unlink()
    if text:
        (run.inbox / "zz again.csv").write_text(text)
    landed.build(replace(run, as_of=TWO_NIGHTS[nights - 1]))
    found = landed_lines(run)
    run.warehouse.close()
    return found


def to_others(lines: list[Line]) -> list[Line]:
    """As many payments more, each of the day and sum of one that is there, to somebody else."""
    return [replace(line, words=f"{NAMES[place % len(NAMES)]} {line.words[::-1]}", balance="") for place, line in enumerate(lines)]


def to_neighbours(lines: list[Line]) -> list[Line]:
    """The same, to somebody whose name shares a word."""
    return [
        replace(line, words=f"{NAMES[place % len(NAMES)]} {' '.join(line.words.split()[-1:])}", balance="")
        for place, line in enumerate(lines)
    ]


def a_day_later(lines: list[Line]) -> list[Line]:
    """The same to the same, a day later and in more words."""
    return [replace(line, on=line.on + timedelta(days=1), words=f"{line.words} LEEDS GB", balance="") for line in lines]


NAMES = ("BLUE", "NORTHGATE", "J PEMBERTON", "HOLLIS", "A WINTERBOTTOM", "ORCHARD", "KESTREL")
OTHERS = {"to others": to_others, "to others who share a word": to_neighbours, "a day later": a_day_later}


def sendings(lines: list[Line], more: list[Line]) -> Iterator[tuple[dict[str, object], str, list[Line]]]:
    """What is sent a second time: how, its text, and the lines of it that are payments of their own."""
    whole = sorted([*lines, *more], key=lambda line: (line.account, line.on))
    for layout, words, balances in product(LAYOUTS, WORDS, (True, False)):
        if layout != "memo" or not balances:
            text = as_text(LAYOUTS[layout](whole, WORDS[words], balances=balances))
            yield {"layout": layout, "words": words, "balances": balances, "sent": len(whole)}, text, more
    part, own = ([line for line in some if 9 <= line.on.day <= 27] for some in (whole, more))
    yield {"layout": "memo", "words": "days in part", "sent": len(part)}, as_text(memo(part, str, balances=False)), own
    for name, make in OTHERS.items():
        others = make(lines)
        yield {"layout": "memo", "words": name, "sent": len(others)}, as_text(memo(others, str, balances=False)), others


def measured(holders: int, seed: int, months: int, folder: Path) -> Iterator[dict[str, object]]:
    """One row per sending, on one night or two: how many lines stand twice, and how many payments of its own are lost."""
    make_world(holders=holders, months=MONTHS, seed=seed, out=folder / "world", last_day=LAST_DAY)
    files = sorted((folder / "world" / "QZZ" / "bank").rglob("*.csv"))
    key = folder / "key"
    read_or_make_key(key)
    lines = lines_of_months(folder / "world" / "QZZ" / "bank", LAST_DAY.replace(month=LAST_DAY.month + 1 - months, day=1))
    more = [replace(line, balance="") for line in lines[::EVERY]]
    with patch("phb_audit.landed.night.lines_sent_again", as_before):
        alone = one_trial(files, folder / "alone", "", key, nights=1)
    for place, (how, text, own) in enumerate(sendings(lines, more)):
        with patch("phb_audit.landed.night.lines_sent_again", as_before):
            true = alone + one_trial([], folder / f"{place} own", as_text(memo(own, str, balances=False)), key, nights=1)
        for nights in (1, 2):
            found = one_trial(files, folder / f"{place} {nights}", text, key, nights=nights)
            counts = {"doubled": (found - true).total(), "lost": (true - found).total(), "own": len(own), "all": true.total()}
            yield {**how, "nights": nights, **counts}


def as_before(run: Run, rows: pl.DataFrame, *_: object) -> tuple[pl.DataFrame, dict[int, str]]:
    """A night that does not know statements in other words."""
    return rows, {}


def main(arguments: list[str]) -> int:
    """Measure and print: what went wrong, then the sums."""
    holders, seed, months = (int(argument) for argument in (*arguments[:3], *("60", "5", "1")[len(arguments) :]))
    ours = patch("phb_audit.landed.night.lines_sent_again", as_before) if "before" in arguments else nullcontext()
    with tempfile.TemporaryDirectory() as folder, ours:
        rows = []
        for row in measured(holders, seed, months, Path(folder)):
            rows.append(row)
            sys.stdout.write(f"{row}\n")
            sys.stdout.flush()
    table = pl.DataFrame(rows, infer_schema_length=None)
    for name, some in (("again", ~pl.col("words").is_in(list(OTHERS))), ("of others", pl.col("words").is_in(list(OTHERS)))):
        of = table.filter(some)
        sent, doubled, lost, own = of.select(pl.col("sent", "doubled", "lost", "own").sum()).row(0)
        sys.stdout.write(
            f"{of.height} sendings {name}: {sent} lines, {doubled} of them doubled; {lost} of {own} payments of their own lost.\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
