"""Payments that share an answer: what is said of each of many is what is said of it alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from phb_audit.run import Run
from tests.builders import Row, fill, make_run
from tests.matched.worlds import HOLDER, line, matched, one_off, outcome, paid, plan, receipt

DAYS = [date(2026, 3, 20) + timedelta(days=9 * n) for n in range(24)]
ANSWERS = (
    *("category_code", "category_because", "plan_version_id", "has_any_plan", "plan_line_id", "match_code", "match_share", "match_because"),
    *("outcome_id", "runner_up_line_id", "later_plan_line_id", "receipt_id", "payee_shown", "payee_id", "line_most_at_once_pence"),
)
SLIPS = {
    8: ("A05", "paints"),
    9: ("A05", "paints"),
    10: ("T07", "riding hat"),
    11: ("A05", "brush"),
}  # days' places and what their slip says


def plans(ref: str, holder_id: str) -> dict[str, Sequence[Row]]:
    """Three versions with a gap, a line that ends before its version, and an item only the second agrees."""
    one, two, three = (f"{ref}/v{n}" for n in (1, 2, 3))
    of: Row = {"holder_id": holder_id}
    return {
        "plans": [
            {**plan(one, effective_to_on=date(2026, 6, 30)), **of},
            {**plan(two, starts=date(2026, 7, 1), effective_to_on=date(2026, 8, 31)), **of},
            {**plan(three, starts=date(2026, 10, 1)), **of},
        ],
        "plan_lines": [
            {**line(1, "T07", "riding lessons", version_id=one, ends_on=date(2026, 5, 31)), **of},
            {**line(2, "A05", "art class", version_id=one), **of},
            {**line(1, "T07", "riding lessons", version_id=two), **of},
            {**one_off(2, "E10", "summer house for the garden", 900_00, version_id=two), **of},
        ],
        "plan_outcomes": [{**outcome(1, "somewhere quiet of my own", version_id=one), **of}],
    }


def payments() -> dict[str, Row]:
    """The same three purchases, of two amounts, on days before, between and after every date of the plans; and money in."""
    kinds = {"A": ("MEADOW RIDING SCHOOL", "T07"), "B": ("SUMMER HOUSES DIRECT", "E10"), "C": ("SOMETHING", "M04")}
    bought = [
        paid(f"P{place:02}{kind}{pence}", on, pence, payee, code)
        for place, on in enumerate(DAYS)
        for kind, (payee, code) in kinds.items()
        for pence in (40_00, 450_00)
    ]
    given = [paid(f"P{n:02}D", on, -500_00, "NHS QZZ", "M03", kind_code="instalment", is_spend=False) for n, on in enumerate(DAYS)]
    return {str(row["payment_id"]): row for row in bought + given}


def with_slip(run: Run, place: int, holder_id: str) -> Row:
    """Write the one line of that day's slip with its category; returns the slip."""
    code, words = SLIPS[place]
    of = {"receipt_line_id": f"L{place}", "receipt_id": f"R{place}", "line_total_pence": 40_00}
    fill(run, {"validated.receipt_lines": [{**of, "holder_id": holder_id, "description": words}]})
    fill(run, {"classified.receipt_lines": [{**of, "category_code": code, "probability_share": 0.95, "how_code": "words"}]})
    return receipt(f"R{place}", DAYS[place], 40_00, "Something", holder_id=holder_id)


def answers(found: Mapping[str, Mapping[str, object]], refs: Mapping[str, str]) -> dict[str, list[object]]:
    """What is said of each payment, with the plan's own reference left out."""
    return {name: [str(row[key]).replace(refs[name] + "/", "PLAN/") for key in ANSWERS] for name, row in found.items()}


def test_what_is_said_of_many_together_is_what_is_said_of_each_alone(tmp_path: Path) -> None:
    every = payments()
    run = make_run(tmp_path / "together")
    together = matched(run, *every.values(), receipts=[with_slip(run, place, HOLDER) for place in SLIPS], **plans("PL1", HOLDER))
    run.warehouse.close()

    alone = make_run(tmp_path / "alone")
    tables: dict[str, list[Row]] = {"receipts": []}
    moved: list[Row] = []
    for n, (name, row) in enumerate(every.items()):
        holder = f"H{n:016}"
        moved.append({**row, "holder_id": holder, "account_id": f"B{n:016}"})
        for table, rows in plans(f"PL{n}", holder).items():
            tables.setdefault(table, []).extend(rows)
        if together[name]["receipt_id"]:
            tables["receipts"].append(with_slip(alone, int(str(together[name]["receipt_id"])[1:]), holder))
    apart = matched(alone, *moved, **tables)
    alone.warehouse.close()

    refs = {name: f"PL{n}" for n, name in enumerate(every)}
    assert answers(together, dict.fromkeys(every, "PL1")) == answers(apart, refs)
    assert {row["match_code"] for row in together.values()} == {"fits", "unclear", "no_match", "no_plan"}
    assert sum(row["receipt_id"] is not None for row in together.values()) == len(SLIPS)
    assert len({row["match_because"] for row in together.values()}) > 10
    assert any(row["later_plan_line_id"] for row in together.values())
