"""The random arm: what is drawn, how much of it, that it can be drawn again, and that it looks like any item and counts as no flag."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from phb_audit.assurance.random_arm import LONGEST_WAIT_DAYS, allotted, build, draws, how_many, strata
from phb_audit.assurance.to_be_read import RULE_ID
from phb_audit.errors import UsageError
from phb_audit.published import PARQUET_ONLY
from phb_audit.published.parquet import path_of
from phb_audit.review.night import opened
from phb_audit.rules.review_time import ReviewTime, review_time
from phb_audit.run import Run
from phb_audit.settings import Settings
from phb_audit.tables import TABLES
from tests.builders import AS_OF, fill, make_run

TIME = ReviewTime(600, 0.10, 0.5, {"refuse": 10, "query": 8, "clinician": 12, "information": 4, "to_be_read": 6})
SHOWN: dict[str, Any] = {
    "is_spend": True,
    "match_code": "fits",
    "payee_shown": "POTTERY BARN",
    "paid_on": date(2026, 10, 2),
    "has_any_plan": True,
}


def payment(number: int, pence: int, **more: Any) -> dict[str, Any]:
    return {**SHOWN, "payment_id": f"P{number:04d}", "holder_id": f"H{number % 7}00000000", "amount_pence": pence, **more}


def case(number: int, **more: Any) -> dict[str, Any]:
    told = {"case_id": f"c{number}", "case_ref": f"FREF{number}", "payment_id": f"P{number:04d}", "outcome_code": "query", "severity": 2}
    return {
        **told,
        "priority_code": "medium",
        "rank_score": 210.0 + number,
        "is_queued": True,
        "state_code": "open",
        "rule_ids": "E-01",
    } | more


def world(folder: Path, *, lines: int = 400, flagged: int = 40) -> Run:
    """Lines of which the first `flagged` have a flag."""
    payments = [
        payment(n, 10_00 + n * 7, payee_ref="Y1" if n % 3 == 0 else None, match_code="unclear" if n % 11 == 0 else "fits")
        for n in range(lines)
    ]
    admitted = [{"payment_id": row["payment_id"], "holder_id": row["holder_id"]} for row in payments]
    return fill(
        make_run(folder),
        {
            "matched.payments": payments,
            "validated.payments": admitted,
            "flagged.findings": [
                {"flag_id": f"F{n}", "case_id": f"c{n}", "payment_id": f"P{n:04d}", "rule_id": "E-01"} for n in range(flagged)
            ],
            "flagged.cases": [case(n) for n in range(flagged)],
            "nights.keys": [{"key_fingerprint": "0123456789abcdef"}],
        },
    )


def read(run: Run, table: str) -> pl.DataFrame:
    return run.warehouse.frame(f"SELECT * FROM {table} ORDER BY ALL")


def test_only_purchases_without_a_flag_are_drawn_and_the_books_balance(tmp_path: Path) -> None:
    run = world(tmp_path)
    totals = build(run).require_balance()
    drawn = read(run, "drawn.draws")
    assert drawn.height == 5  # a ninth of 40 items of 8 minutes is 35.5 minutes: 5 purchases of 6
    assert set(drawn["payment_id"]).isdisjoint(read(run, "flagged.findings")["payment_id"])
    seed = drawn["seed"].unique().item()
    assert f"drawn by chance with seed {seed}" in [total.item for total in totals.totals]
    assert sum(total.rows for total in totals.totals if total.side == "in") == 360


def test_the_same_night_again_draws_the_same(tmp_path: Path) -> None:
    run = world(tmp_path)
    build(run)
    tables = ("drawn.draws", "drawn.reasons_kept_back", "drawn.cases", "drawn.findings")
    before = [read(run, table) for table in tables]
    build(run)
    assert all(read(run, table).equals(once) for table, once in zip(tables, before, strict=True))


def test_another_key_or_another_day_draws_others(tmp_path: Path) -> None:
    first, second = world(tmp_path / "a"), world(tmp_path / "b")
    second.warehouse.run("UPDATE nights.keys SET key_fingerprint = 'fedcba9876543210'")
    for run in (first, second):
        build(run)
    assert read(first, "drawn.draws")["payment_id"].to_list() != read(second, "drawn.draws")["payment_id"].to_list()


def test_a_later_night_draws_from_what_came_since_and_keeps_the_earlier(tmp_path: Path) -> None:
    run = world(tmp_path)
    build(run)
    shown = read(run, "drawn.cases")
    later = replace(run, as_of=date(2026, 11, 30))
    fill(
        later,
        {
            "matched.payments": [payment(n, 9_00) for n in range(900, 930)],
            "validated.payments": [{"payment_id": f"P{n:04d}"} for n in range(900, 930)],
        },
    )
    totals = build(later)
    assert [total.rows for total in totals.totals if total.side == "in"] == [30]
    tonight = read(later, "drawn.draws").filter(pl.col("run_id") == later.run_id)
    assert tonight["payment_id"].str.slice(1).cast(pl.Int64).min() >= 900  # type: ignore[operator]
    kept = read(later, "drawn.cases").join(shown.select("case_id"), on="case_id", how="semi")
    same = ["case_id", "case_ref", "severity", "priority_code", "rank_score", "first_flagged_on"]
    assert kept.select(same).equals(shown.select(same))


def test_what_is_flagged_later_or_decided_leaves_the_list(tmp_path: Path) -> None:
    run = world(tmp_path)
    build(run)
    one, other = read(run, "drawn.draws")["payment_id"].unique().sort()[:2]
    case_of = dict(read(run, "drawn.cases").select("payment_id", "case_id").iter_rows())
    fill(run, {"flagged.findings": [{"flag_id": "F9999", "payment_id": one, "case_id": "late"}]})
    fill(
        run,
        {
            "decided.cases": [
                {"case_id": case_of[other], "state_code": "agreed", "is_queued": False, "is_closed": True, "decision_code": "agree"}
            ]
        },
    )
    build(replace(run, as_of=date(2026, 11, 1)))
    cases = {row["payment_id"]: row for row in read(run, "drawn.cases").iter_rows(named=True)}
    assert one not in cases
    assert (cases[other]["state_code"], cases[other]["is_queued"]) == ("agreed", False)


def test_a_drawn_purchase_and_a_case_without_its_reasons_are_told_in_the_same_words(tmp_path: Path) -> None:
    run = world(tmp_path)
    build(run)
    kept_back = read(run, "drawn.reasons_kept_back")
    assert kept_back.height == 2
    rows = read(run, "drawn.cases")
    columns = ("flags_count", "rule_ids", "outcome_code", "is_commissioners", "is_restricted", "state_code")
    assert rows.select(columns).unique().height == 1
    assert set(kept_back["case_id"]) < set(rows["case_id"])
    words = read(run, "drawn.findings")
    assert words.select("rule_id", "title", "usual", "innocent", "ask", "measured", "family_code").unique().height == 1
    # Priorities are those of flagged cases: nothing in the list tells which is which.
    assert set(rows["priority_code"]) <= set(read(run, "flagged.cases")["priority_code"])


def test_once_decided_a_case_shows_its_reasons_again(tmp_path: Path) -> None:
    run = world(tmp_path)
    build(run)
    case_id = read(run, "drawn.reasons_kept_back")["case_id"][0]
    run.warehouse.run(f"UPDATE flagged.cases SET decision_code = 'agree' WHERE case_id = '{case_id}'")
    build(run)
    assert case_id not in read(run, "drawn.cases")["case_id"]


def test_no_reasons_are_kept_back_that_an_earlier_night_showed_or_another_item_tells(tmp_path: Path) -> None:
    run = world(tmp_path)
    alone = "c7"
    run.warehouse.run(f"UPDATE flagged.cases SET first_flagged_on = DATE '2026-10-30' WHERE case_id NOT IN ('{alone}', 'c8', 'c9')")
    fill(run, {"flagged.findings": [{"flag_id": "F801", "case_id": "c1", "payment_id": "P0008", "rule_id": "A-13"}]})
    fill(run, {"flagged.stories": [{"story_id": "T1", "story_code": "S-01", "holder_id": "H200000000", "case_refs": "FREF2|FREF9"}]})
    build(run)
    assert read(run, "drawn.reasons_kept_back")["case_id"].to_list() == [alone]


@pytest.mark.parametrize(
    "told",
    [
        {"flagged.findings": [{"flag_id": "F777", "case_id": "other", "payment_id": "{payment_id}", "rule_id": "A-13"}]},
        {"flagged.stories": [{"story_id": "T1", "story_code": "S-01", "holder_id": "H1", "case_refs": "FREF99|{case_ref}"}]},
    ],
)
def test_a_case_that_something_else_begins_to_tell_of_shows_its_reasons(tmp_path: Path, told: dict[str, Any]) -> None:
    run = world(tmp_path)
    build(run)
    case_id = read(run, "drawn.reasons_kept_back")["case_id"][0]
    known = run.warehouse.frame(f"SELECT case_id, payment_id, case_ref FROM flagged.cases WHERE case_id = '{case_id}'").row(0, named=True)
    fill(run, {name: [{key: str(value).format(**known) for key, value in row.items()} for row in rows] for name, rows in told.items()})
    build(run)
    assert case_id not in read(run, "drawn.cases")["case_id"]


def test_the_review_app_lists_them_among_the_others(tmp_path: Path) -> None:
    run = world(tmp_path)
    build(run)
    path = tmp_path / "published" / "QZZ-2026-10-31" / "night.duckdb"
    path.parent.mkdir(parents=True)
    run.warehouse.run(f"ATTACH '{path}' AS night_file")
    for table in (one.name for one in TABLES.values() if one.is_published and one.name not in PARQUET_ONLY):
        run.warehouse.run(f"CREATE SCHEMA IF NOT EXISTS night_file.{table.split('.')[0]}")
        run.warehouse.run(f"CREATE TABLE night_file.{table} AS FROM {table}")
    run.warehouse.run("DETACH night_file")
    for table in PARQUET_ONLY:
        TABLES[table].polars_schema.to_frame().write_parquet(path_of(TABLES[table], path.parent))
    with opened(path, "QZZ").reading() as warehouse:
        cases = warehouse.frame("SELECT * FROM flagged.cases")
        findings = warehouse.frame("SELECT * FROM flagged.findings")
    flagged, kept_back = read(run, "flagged.cases").height, read(run, "drawn.reasons_kept_back").height
    assert cases.height == flagged + read(run, "drawn.cases").height - kept_back
    assert cases["case_id"].n_unique() == cases.height
    assert sorted(cases["rank"]) == list(range(1, cases.height + 1))
    to_read = findings.filter(pl.col("rule_id") == RULE_ID)
    assert to_read["case_id"].n_unique() == to_read.height == read(run, "drawn.cases").height


@pytest.mark.parametrize(
    ("minutes_a_week", "items", "days", "expected"),
    [
        (600, 40, 7, 5),  # a ninth of 320 minutes
        (60, 40, 7, 1),  # a tenth of the hour the team has
        (600, 0, 3, 0),
        (600, 0, LONGEST_WAIT_DAYS, 1),  # nothing to review is no reason never to look
        (600, 4, 1, 0),  # a share of less than one item waits
    ],
)
def test_the_arm_has_its_share_of_the_minutes(minutes_a_week: int, items: int, days: int, expected: int) -> None:
    queue = pl.DataFrame(
        {"outcome_code": ["query"] * items, "first_flagged_on": [AS_OF] * items},
        schema={"outcome_code": pl.String, "first_flagged_on": pl.Date},
    )
    last_on = date(2026, 10, 31 - days)
    assert how_many(replace(TIME, minutes_a_week=minutes_a_week), queue, last_on, AS_OF) == expected


def test_dear_purchases_are_drawn_more_often_in_proportion_to_their_money() -> None:
    lines = strata(
        pl.DataFrame(
            {
                "payment_id": ["dear", *(f"p{n:03d}" for n in range(90))],
                "holder_id": "H",
                "amount_pence": [900_00] + [10_00] * 90,
                "match_code": "fits",
                "is_person_paid": False,
            }
        )
    )
    drawn = draws(lines, 4_000, 5)
    assert (drawn["payment_id"] == "dear").mean() == pytest.approx(0.5, abs=0.03)
    assert drawn["stratum_pence"].unique().to_list() == [1_800_00]


def test_sums_of_tens_of_millions_of_pounds_beside_small_ones() -> None:
    large = [payment(n, 90_000_00, stratum_code="fits_business") for n in range(600)]
    small = [payment(1000 + n, 10_00, stratum_code="other_person") for n in range(40)]
    found = draws(pl.DataFrame([*large, *small]), 8, 7)
    assert sorted(set(found["stratum_pence"])) == [400_00, 54_000_000_00]
    assert found.schema["stratum_pence"] == pl.Int64


def test_every_stratum_has_a_draw_and_the_rest_follows_the_money() -> None:
    assert allotted({"a": 1, "b": 999_999}, 10) == {"a": 1, "b": 9}
    assert sum(allotted({"a": 3, "b": 5, "c": 8}, 17).values()) == 17


def test_fewer_draws_than_strata_leave_no_money_without_a_chance() -> None:
    lines = strata(
        pl.DataFrame(
            {
                "payment_id": ["a", "b"],
                "holder_id": "H",
                "amount_pence": [5, 5],
                "match_code": ["fits", "no_match"],
                "is_person_paid": False,
            }
        )
    )
    assert draws(lines, 1, 1)["stratum_pence"].to_list() == [10]


def test_own_review_time_overrides_and_strangers_are_refused(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert review_time(settings).minutes_a_week == 600
    own = tmp_path / "review_time.toml"
    own.write_text("minutes_a_week = 90\n[minutes]\nquery = 5\n")
    told = review_time(settings)
    assert (told.minutes_a_week, told.minutes["query"], told.minutes["refuse"]) == (90, 5, 10)
    for wrong in ("minuts = 3\n", "random_share = 1.5\n", "minutes_a_week = 0\n", "[minutes]\nlunch = 30\n"):
        own.write_text(wrong)
        with pytest.raises(UsageError):
            review_time(settings)
