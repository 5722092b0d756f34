from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from phb_audit.synthetic import WorldTotals
from phb_audit.synthetic.bank_files import COLUMNS as BANK
from phb_audit.synthetic.ledger_files import CARD_COLUMNS, MANAGED_COLUMNS, NOTIONAL_COLUMNS
from phb_audit.synthetic.paper_files import PAYROLL_COLUMNS, RECEIPT_COLUMNS
from phb_audit.synthetic.register_files import COLUMNS as REGISTERS

FEEDS = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "feeds.md").read_text(encoding="utf-8")
WRITTEN = {
    **BANK, "card_trace": CARD_COLUMNS, "managed_ledger": MANAGED_COLUMNS, "notional_ledger": NOTIONAL_COLUMNS,
    "receipts_csv": RECEIPT_COLUMNS,
    "payroll_return": PAYROLL_COLUMNS, "budgets_register": REGISTERS["budgets"], "instalments_ledger": REGISTERS["instalments"],
    "plans_register": REGISTERS["plans"], "plan_outcomes_register": REGISTERS["plan_outcomes"],
    "plan_lines_register": REGISTERS["plan_lines"],
    "people_register": REGISTERS["people"], "holder_events_register": REGISTERS["events"],
}  # fmt: skip
Lines = Callable[[str], list[str]]
World = tuple[Path, WorldTotals]


def stated(layout: str) -> list[str]:
    """The headers that feeds.md states for a layout: the last code span of names after the layout's own."""
    found = re.search(rf"`{layout}`[^`|]*[|:(][^`]*`([^`]+)`", FEEDS)
    assert found, layout
    return [name.strip() for name in found.group(1).split(",")]


@pytest.mark.parametrize("layout", sorted(WRITTEN))
def test_headers_are_those_of_the_reference(layout: str) -> None:
    assert list(WRITTEN[layout]) == stated(layout)


def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def header_at(lines: list[str], place: int) -> set[str]:
    return {plain(cell) for cell in re.split(r"[,;|\t]", lines[place])}


@pytest.mark.parametrize(
    ("folder", "layout", "place"),
    [
        ("bank/own", "bank_five_column", 4), ("bank/castle", "bank_signed", 0), ("bank/blackhorse", "bank_debit_credit", 0),
        ("bank/eagle", "bank_memo", 0), ("bank/county", "bank_statement_lines", 0), ("bank/pocket", "bank_app", 0),
        ("card", "card_trace", 0),
        ("managed", "managed_ledger", 0), ("notional", "notional_ledger", 0), ("receipts", "receipts_csv", 0),
        ("payroll", "payroll_return", 0),
    ],
)  # fmt: skip
def test_every_file_of_a_layout_has_its_header(world: World, lines_of: Lines, folder: str, layout: str, place: int) -> None:
    files = sorted((world[0] / "QZZ" / folder).glob("*.csv"))
    assert files
    for file in files:
        lines = lines_of(str(file.relative_to(world[0] / "QZZ")))
        assert header_at(lines, place) == {plain(name) for name in WRITTEN[layout]}


def test_senders_differ_in_their_habits(world: World, lines_of: Lines) -> None:
    folder = world[0] / "QZZ"
    raw = [path.read_bytes() for path in folder.rglob("*.csv")]
    assert any(text.startswith(b"\xef\xbb\xbf") for text in raw)
    assert any(text.startswith(b"\xff\xfe") for text in raw)
    assert any(b"\xa3" in text and b"\xc2\xa3" not in text for text in raw)
    assert any(b"\r\n" in text for text in raw)
    together = "\n".join(
        line
        for name in ("bank/castle", "bank/county")
        for path in sorted((folder / name).iterdir())
        for line in lines_of(f"{name}/{path.name}")
    )
    assert re.search(r"\(\d+\.\d\d\)", together), "bracketed negatives"
    assert re.search(r"\d,\d{3}\.\d\d", together), "thousands commas"
    assert re.search(r";\d\d [A-Z][a-z]{2} 20\d\d;", together), "named months and semicolons"
    headers = {lines_of(f"card/{path.name}")[0] for path in (folder / "card").iterdir()}
    assert len(headers) > 3, "order and case of headers"


def test_balances_run_on_from_line_to_line(world: World, lines_of: Lines) -> None:
    for path in sorted((world[0] / "QZZ" / "bank" / "own").iterdir()):
        rows = list(csv.DictReader(lines_of(f"bank/own/{path.name}")[4:]))
        money = [{name: int(re.sub(r"[£,.]", "", row[name]) or 0) for name in ("Paid out", "Paid in", "Balance")} for row in rows]
        if any(row["Paid out"] == row["Paid in"] == "" for row in rows):
            continue  # a line without its amount
        assert all(now["Balance"] == before["Balance"] - now["Paid out"] + now["Paid in"] for before, now in pairwise(money))


def test_statements_overlap_and_a_file_comes_twice(world: World, truth: pl.DataFrame, lines_of: Lines) -> None:
    first, second = (lines_of(f"bank/own/account_001_part_{part}.csv") for part in (1, 2))
    assert first[-3:] == second[5:8]
    receipts = world[0] / "QZZ" / "receipts"
    again = next(receipts.glob("*_sent_again.csv"))
    assert again.read_bytes() == (receipts / again.name.replace("_sent_again", "")).read_bytes()
    assert not truth["file_name"].str.contains("sent_again").any()


def test_json_files_hold_the_records_of_the_reference(world: World) -> None:
    folder = world[0] / "QZZ"
    receipts = json.loads(next((folder / "receipts").glob("app_*.json")).read_text(encoding="utf-8"))
    assert set(receipts[0]) == {
        "receipt_ref", "person_ref", "supplier", "invoice_no", "date", "received", "total", "vat", "method", "image_hash", "readable",
        "lines",
    }  # fmt: skip
    records = next((folder / "receipts").glob("service_*.jsonl")).read_text(encoding="utf-8").splitlines()
    assert set(json.loads(records[0])) == set(receipts[0])
    plans = json.loads((folder / "plans" / "children_plans.json").read_text(encoding="utf-8"))
    assert {"plan_id", "version", "outcomes", "lines"} <= set(plans[0])
    assert {"line_id", "category_code", "specific_item_preapproved", "max_single_amount"} <= set(plans[0]["lines"][0])


def test_card_holds_share_their_trace_and_stand_before_the_purchase(world: World, lines_of: Lines) -> None:
    entries: dict[str, list[str]] = {}
    for path in sorted((world[0] / "QZZ" / "card").iterdir()):
        lines = lines_of(f"card/{path.name}")
        for row in csv.DictReader(lines, delimiter=";" if ";" in lines[0] else ","):
            tidy = {plain(name): cell for name, cell in row.items()}
            entries.setdefault(tidy["traceid"], []).append(tidy["entrytype"])
    shapes = {tuple(found) for found in entries.values()}
    assert {("auth approval", "second presentment"), ("auth approval", "auth reversal"), ("auth declined",), ("load",)} <= shapes


def test_pay_slips_come_in_excel_with_real_dates(world: World) -> None:
    book = pl.read_excel(sorted((world[0] / "QZZ" / "payroll").glob("*.xlsx"))[0])
    assert book.columns == list(PAYROLL_COLUMNS)
    assert book.schema["Pay Period End"] == pl.Date
    assert book.schema["Person Ref"] == pl.String


def test_no_file_name_looks_like_an_account_number(world: World) -> None:
    assert not [path.name for path in world[0].rglob("*") if path.is_file() and re.search(r"\d{6}", path.name)]
