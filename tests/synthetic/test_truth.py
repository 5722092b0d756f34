from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.synthetic import WorldTotals
from phb_audit.synthetic.days import DATE_STYLES
from phb_audit.synthetic.truth import COLUMNS

Lines = Callable[[str], list[str]]
World = tuple[Path, WorldTotals]
NO_PENCE = ("dirt_no_amount",)
NO_DAY = ("dirt_bad_date",)
RULES = (
    "L-01", "L-03", "L-06", "P-01", "P-02", "P-03", "P-04", "P-05", "P-17", "E-01", "E-05", "E-06", "A-03", "A-04", "A-07", "A-13", "A-20",
    "W-01", "W-03", "W-07", "G-01", "G-02", "G-09", "N-01",
)  # fmt: skip


def shows_pence(text: str, pence: int) -> bool:
    size = abs(pence)
    return f"{size // 100}.{size % 100:02d}" in text or f"{size // 100:,}.{size % 100:02d}" in text


def shows_day(text: str, on: str) -> bool:
    day = date.fromisoformat(on)
    before = date.fromordinal(day.toordinal() - 1)  # a card's UTC day, just after midnight in summer
    return any(each.strftime(style) in text for style in DATE_STYLES for each in (day, before))


def test_columns_are_the_agreed_ones(truth: pl.DataFrame) -> None:
    assert tuple(truth.columns) == COLUMNS
    assert set(truth["label"]) == {"fine", "needs_clinician", "breach"}
    assert set(truth["subject_code"]) == {"payment", "receipt", "pay_slip", "instalment", "plan", "holder", "claim"}
    assert set(truth["party_code"]) == {"holder", "payroll", "supplier", "commissioner"}


def test_the_truth_names_the_claims_the_council_counts_whole(truth: pl.DataFrame, world: World) -> None:
    told = truth.filter(pl.col("subject_code") == "claim")
    assert set(told["kind_code"]) == {"council_counts_whole"} and set(told["rule_ids"]) == {"E-07"}
    claims = pl.read_csv(world[0] / "QZZ" / "commissioner" / "council_claims.csv", infer_schema=False).with_row_index("line", offset=2)
    whole = claims.filter(pl.col("Receipt Total") == pl.col("Claimed From Council"))
    assert sorted(told["line_number"]) == sorted(whole["line"])
    assert told.height > 0


def test_every_payment_row_points_at_its_line(truth: pl.DataFrame, lines_of: Lines) -> None:
    payments = truth.filter(pl.col("subject_code") == "payment")
    wrong = []
    for (name,), rows in payments.group_by("file_name"):
        lines = lines_of(str(name))
        for row in rows.iter_rows(named=True):
            text = lines[row["line_number"] - 1]
            has_pence = row["kind_code"] in NO_PENCE or shows_pence(text, row["amount_pence"])
            has_day = row["kind_code"] in NO_DAY or shows_day(text, row["on"])
            if not (has_pence and has_day):
                wrong.append((name, row["line_number"]))
    assert not wrong


def test_no_statement_line_is_without_truth(truth: pl.DataFrame, world: World, lines_of: Lines) -> None:
    counts = dict(truth.filter(pl.col("subject_code") == "payment").group_by("file_name").len().iter_rows())
    for folder, above in (("bank", 1), ("card", 1), ("managed", 1), ("notional", 1)):
        for path in (world[0] / "QZZ" / folder).rglob("*.csv"):
            name = str(path.relative_to(world[0] / "QZZ"))
            assert counts[name] == len(lines_of(name)) - (5 if "/own/" in name else above)


def test_problems_that_are_no_payment_point_at_their_line_too(truth: pl.DataFrame, world: World, lines_of: Lines) -> None:
    for row in truth.filter(~pl.col("subject_code").is_in(["payment"])).iter_rows(named=True):
        name, number, person = row["file_name"], row["line_number"], str(row["person_ref"])
        if name.endswith(".xlsx"):
            text = "|".join(map(str, pl.read_excel(world[0] / "QZZ" / name, has_header=False).row(number - 1)))
        elif name.endswith(".json"):
            text = json.dumps(json.loads("\n".join(lines_of(name)))[number - 1])
        else:
            text = lines_of(name)[number - 1]
        assert person in text.replace(" ", ""), (name, number)
        if row["subject_code"] in ("pay_slip", "instalment"):
            assert shows_pence(text, row["amount_pence"]) or str(row["amount_pence"] / 100) in text


def test_dirty_cells_are_two_in_a_thousand_and_with_few_holders(truth: pl.DataFrame) -> None:
    dirty = truth.filter(pl.col("kind_code").str.starts_with("dirt_"))
    assert {"dirt_no_amount", "dirt_bad_date", "dirt_bad_nhs", "dirt_unknown_account"} <= set(dirty["kind_code"])
    assert 0.0005 < dirty.height / truth.height < 0.004
    assert dirty["person_ref"].n_unique() <= 6
    planted = truth.filter(pl.col("label") != "fine")["person_ref"].unique()
    assert not set(planted) & set(dirty["person_ref"])


def test_agreed_unusual_things_are_fine_and_name_their_plan_line(truth: pl.DataFrame) -> None:
    agreed = truth.filter(pl.col("kind_code") == "agreed_unusual")
    assert agreed.height >= 10
    assert agreed["is_unusual"].all()
    assert (agreed["label"] == "fine").all()
    assert agreed["plan_line_ref"].str.contains(r"^PL\d{6}/v\d+/L\d+$").all()
    for_clinician = truth.filter((pl.col("kind_code") == "unusual_not_agreed") & pl.col("is_unusual"))
    assert (for_clinician["label"] == "needs_clinician").all() and (for_clinician["plan_line_ref"] == "").all()


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_of_the_first_night_has_something_to_find(truth: pl.DataFrame, rule: str) -> None:
    assert truth.filter(pl.col("rule_ids").str.split("|").list.contains(rule)).height >= 1


def test_rule_ids_are_those_of_the_catalogue(truth: pl.DataFrame) -> None:
    named = set(truth["rule_ids"].str.split("|").explode()) - {""}
    assert all(re.fullmatch(r"[LPEAWGN]-\d\d", rule) for rule in named)
    assert (truth.filter(pl.col("label") != "fine")["rule_ids"] != "").all()
