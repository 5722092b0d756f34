"""A month of bank statements sent again as others would print them: `python -m tests.benchmarks.sent_again [HOLDERS] [SEED]`.

Counts payments that then stand twice (aim 0) and real payments that are lost (aim 0). One line in twenty of the second sending is a
payment that the first did not have: the same account, day, sum and words once more, as when somebody takes the bus twice.
"""

from __future__ import annotations

import csv
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path

import polars as pl

from phb_audit import landed
from phb_audit.landed.contents import amount_of
from phb_audit.periods import day
from phb_audit.run import Run
from phb_audit.sources.feeds import FEEDS
from phb_audit.sources.mapping import known_layouts
from phb_audit.sources.read import Reader, rows_of
from phb_audit.synthetic import make_world
from tests.builders import make_run

MONTHS, EVERY = 3, 20
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


def lines_of_month(folder: Path) -> list[Line]:
    """Every line of the last month in the bank statements of a world, once, as it was printed; those nobody can read are left out."""
    reader = Reader(known_layouts())
    found: dict[tuple[object, ...], Line] = {}
    for path in sorted(folder.rglob("*.csv")):
        read = reader.read(path.read_bytes(), 0, path.name)
        cells = rows_of(read.pieces)
        cells = cells.with_columns(on=day(pl.col("paid_on_text")), pence=amount_of(cells, FEEDS["bank"]))
        seen: Counter[tuple[object, ...]] = Counter()
        for row in cells.filter(pl.col("on") >= LAST_DAY.replace(day=1), pl.col("pence") != 0).iter_rows(named=True):
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


def landed_lines(run: Run) -> int:
    """How many bank lines landed."""
    return int(run.warehouse.frame("SELECT count(*) AS n FROM landed.payments WHERE feed_code = 'bank'").item())


def one_trial(world: Path, home: Path, text: str, *, nights: int) -> int:
    """How many lines the second sending adds, on the same night or on the next."""
    run = make_run(home, as_of=TWO_NIGHTS[0])
    for path in world.rglob("*.csv"):
        (run.inbox / path.name).write_bytes(path.read_bytes())
    before = 0
    if nights == 2:
        landed.build(run)
        before = landed_lines(run)
    (run.inbox / "again.csv").write_text(text)
    landed.build(replace(run, as_of=TWO_NIGHTS[nights - 1]))
    after = landed_lines(run)
    run.warehouse.close()
    return after - before


def measured(holders: int, seed: int, folder: Path) -> Iterator[dict[str, object]]:
    """One row per layout, words, balances or not, and one night or two: payments doubled (below 0: lost)."""
    make_world(holders=holders, months=MONTHS, seed=seed, out=folder / "world", last_day=LAST_DAY)
    world = folder / "world" / "QZZ" / "bank"
    lines = lines_of_month(world)
    twins = lines[::EVERY]
    again = sorted([*lines, *(replace(line, balance="") for line in twins)], key=lambda line: (line.account, line.on))
    alone = one_trial(world, folder / "alone", "", nights=1)
    for layout, words, balances, nights in product(LAYOUTS, WORDS, (True, False), (1, 2)):
        if layout == "memo" and balances:
            continue
        text = as_text(LAYOUTS[layout](again, WORDS[words], balances=balances))
        added = one_trial(world, folder / f"{layout} {words} {balances} {nights}", text, nights=nights) - (alone if nights == 1 else 0)
        yield {"layout": layout, "words": words, "balances": balances, "nights": nights, "sent": len(again), "off": added - len(twins)}


def main(arguments: list[str]) -> int:
    """Measure and print: what went wrong, then the sums."""
    holders, seed = (int(argument) for argument in (*arguments, *("60", "5")[len(arguments) :]))
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for row in measured(holders, seed, Path(folder)):
            rows.append(row)
            sys.stdout.write(f"{row}\n")
    table = pl.DataFrame(rows)
    doubled, lost = table.select(pl.col("off").clip(lower_bound=0).sum(), lost=-pl.col("off").clip(upper_bound=0).sum()).row(0)
    sys.stdout.write(f"{table.height} sendings of {rows[0]['sent']} lines: {doubled} payments doubled, {lost} real payments lost.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
