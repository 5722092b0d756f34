"""The night on the shipped sample: what it finds, that it can be run twice, and that its books balance."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from flows.nightly import Finished, run_plain, run_stage
from phb_audit.cli import sample_day
from phb_audit.errors import BooksDoNotBalance
from phb_audit.flagged import clearing_night, rules_in_force
from phb_audit.flagged.clearing import clears
from phb_audit.flagged.clearing_night import cases_of
from phb_audit.flagged.reading import all_holders, read_spending
from phb_audit.flagged.worlds import Engine
from phb_audit.night import Night
from phb_audit.reports.status import in_words, status_of
from phb_audit.run import Run, StageTotals, Total
from phb_audit.settings import Settings, shipped
from phb_audit.tables import TABLES
from phb_audit.warehouse import sql
from tests.flows.nights import CODE, left_behind, night_of, small_world
from tests.reports.data_package import refusals

SAMPLE = shipped("sample")
DAY = sample_day(SAMPLE)
NAMED_RULES = [
    *("L-01", "L-03", "L-06", "P-01", "P-02", "P-03", "P-05", "P-17", "E-01", "E-05", "E-06", "A-03"),
    *("A-04", "A-07", "A-13", "A-20", "W-01", "W-03", "W-07", "G-01", "G-02", "G-09", "N-01"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def finished(home: Path) -> Finished:
    return run_plain(Night(CODE, DAY, SAMPLE / CODE, home, threads=2))


def published(home: Path, table: str) -> pl.DataFrame:
    return pl.read_parquet(home / "published" / CODE / "current" / f"{table.replace('.', '_')}.parquet")


@pytest.mark.slow
def test_every_stage_balances_its_books(finished: Finished) -> None:
    assert [totals.stage for totals in finished.totals] == [
        "landed",
        "validated",
        "decided",
        "classified",
        "matched",
        "flagged",
        "detected",
        "ranked",
        "clearing",
        "watched",
        "drawn",
        "shown",
        "published",
    ]
    assert all(totals.balance == (0, 0) for totals in finished.totals)


@pytest.mark.slow
def test_nothing_between_the_files_and_the_published_table_is_lost(finished: Finished, home: Path) -> None:
    files = published(home, "landed.files")
    landed_rows = files["rows_landed"].sum()
    assert files["rows_read"].sum() == landed_rows + files["rows_repeated"].sum()
    validated = next(totals for totals in finished.totals if totals.stage == "validated")
    assert sum(t.rows for t in validated.totals if t.side == "in") == landed_rows
    assert published(home, "matched.payments").height == published(home, "validated.payments").height


@pytest.mark.slow
def test_every_offered_set_clears_its_case_and_no_smaller_one_does(finished: Finished, home: Path) -> None:
    offered = published(home, "flagged.clearings").filter(pl.col("fact_codes") != "").with_columns(pl.col("fact_codes").str.split("|"))
    assert offered["case_id"].n_unique() > 60
    with Night(CODE, DAY, SAMPLE / CODE, home, threads=2).opened() as run:
        cases = {
            one.case_id: one for one in cases_of(run.warehouse.frame(sql(clearing_night.__file__, "read_clearing_cases"), {"run_id": ""}))
        }
        spending = read_spending(run.warehouse, run.run_id, DAY, all_holders(run.warehouse))
        engine = Engine.over(rules_in_force(CODE, run.settings), spending)
    sets = [(cases[case_id], codes) for case_id, codes in offered.select("case_id", "fact_codes").iter_rows()]
    smaller = [(case, part) for case, codes in sets for size in range(1, len(codes)) for part in combinations(codes, size)]
    assert smaller
    assert clears(engine, [*sets, *smaller]) == [True] * len(sets) + [False] * len(smaller)


@pytest.fixture(scope="module")
def spoken(finished: Finished, home: Path) -> set[str]:
    """The rules that found something: openly, settled by another, or for a lane of its own."""
    with Night(CODE, DAY, SAMPLE / CODE, home, threads=2).opened() as run:
        tables = ("flagged.findings", "flagged.suppressed", "apart.findings")
        return {rule_id for table in tables for rule_id in run.warehouse.frame(f"SELECT DISTINCT rule_id FROM {table}")["rule_id"]}


@pytest.mark.slow
@pytest.mark.parametrize("rule_id", NAMED_RULES)
def test_each_named_rule_speaks_on_the_sample(spoken: set[str], rule_id: str) -> None:
    assert rule_id in spoken


@pytest.mark.slow
def test_agreed_unusual_purchases_are_settled_by_the_plan(finished: Finished, home: Path) -> None:
    agreed = published(home, "matched.payments").filter("is_preapproved")["payment_id"]
    asked = published(home, "flagged.findings").filter(pl.col("payment_id").is_in(agreed.implode()))
    assert agreed.len() > 10
    # Only a risk note stands beside an agreement (P-10).
    settled = asked.filter(pl.col("family_code").is_in(["A2", "A7"]) & (pl.col("rule_id") != "P-10"))
    assert not settled.height
    report = re.sub(r"\s+", " ", finished.report.read_text())
    assert "Unusual and agreed" in report


@pytest.mark.slow
def test_what_the_council_counts_whole_of_a_joint_budget_is_found_and_no_share_is(finished: Finished, home: Path) -> None:
    found = published(home, "flagged.findings").filter(pl.col("rule_id") == "E-07")
    claims = published(home, "validated.council_claims").filter(pl.col("claimed_pence") == pl.col("total_pence"))
    paid = published(home, "validated.receipts").join(published(home, "matched.payments").select("receipt_id"), on="receipt_id")
    whole = claims.join(paid, on=["holder_id", "dated_on", "total_pence", "invoice_number"], how="semi")
    assert whole.height >= 2
    assert sorted(found["holder_id"]) == sorted(whole["holder_id"])


@pytest.mark.slow
def test_every_published_table_is_described(finished: Finished, home: Path) -> None:
    folder = home / "published" / CODE / "current"
    package = json.loads((folder / "datapackage.json").read_text())
    names = {resource["path"] for resource in package["resources"]}
    assert names == {path.name for path in folder.glob("*.parquet")}
    assert names == {f"{table.name.replace('.', '_')}.parquet" for table in TABLES.values() if table.is_published}
    for resource in package["resources"]:
        assert pl.scan_parquet(folder / resource["path"]).collect_schema().names() == [f["name"] for f in resource["schema"]["fields"]]


@pytest.mark.slow
def test_a_validator_accepts_what_the_night_publishes(finished: Finished, home: Path) -> None:
    assert refusals(home / "published" / CODE / finished.run_id, rows=100) == {}


@pytest.mark.slow
def test_no_identity_of_the_files_reaches_a_table_or_a_page(finished: Finished, home: Path) -> None:
    files = [path.read_text(errors="ignore") for path in (SAMPLE / CODE).rglob("*.csv")]
    budgets = next(text for text in files if "annual budget" in text[:400].lower())
    cells = budgets.replace(" ", "").replace("\n", ",").split(",")
    numbers = {cell for cell in cells if re.fullmatch(r"999\d{7}", cell)}
    assert len(numbers) > 20
    texts = [finished.report.read_text(), finished.quality_page.read_text()]
    for table in TABLES.values():
        if table.is_published:
            frame = published(home, table.name).select(pl.selectors.string())
            texts.append(frame.write_csv())
    whole = "\n".join(texts).replace(" ", "")
    assert not [number for number in numbers if number in whole]


@pytest.mark.slow
def test_a_night_run_twice_leaves_the_same_bytes(finished: Finished, home: Path) -> None:
    before = left_behind(home, DAY)
    run_plain(Night(CODE, DAY, SAMPLE / CODE, home, threads=2))
    assert left_behind(home, DAY) == before
    assert len(before) > 20


@pytest.mark.slow
def test_status_says_what_the_night_did(finished: Finished, home: Path) -> None:
    status = status_of(Settings(home), CODE)
    assert status.nights[0].state_code == "published"
    assert all(stage.is_balanced for stage in status.nights[0].books)
    assert "books balance" in in_words(status)


@pytest.mark.slow
def test_a_planted_imbalance_stops_the_night_and_nothing_is_published(tmp_path: Path) -> None:
    night = Night(CODE, DAY, SAMPLE / CODE, tmp_path, threads=2)

    def losing_a_penny(night: Night, stage: str) -> StageTotals:
        with night.opened() as run:
            return lose_a_penny(run, stage)

    with pytest.raises(BooksDoNotBalance, match="landed"):
        run_plain(night, stage_runner=losing_a_penny)
    status = status_of(Settings(tmp_path), CODE)
    assert status.nights[0].state_code == "failed"
    assert "run again" in status.attention[0]
    assert not (tmp_path / "published" / CODE / "current").exists()


@pytest.mark.slow
def test_a_night_that_failed_is_run_again_before_the_next_one(tmp_path: Path) -> None:
    world = small_world(tmp_path / "world", holders=8, months=2)
    first, second = (night_of(world, tmp_path / "home", day=day) for day in (date(2026, 10, 31), date(2026, 11, 1)))

    def failing(night: Night, stage: str) -> StageTotals:
        if stage == "matched":
            raise OSError("no space left")
        return run_stage(night, stage)

    with pytest.raises(OSError, match="no space"):
        run_plain(first, stage_runner=failing)
    assert [night.state_code for night in status_of(Settings(tmp_path / "home"), CODE).nights] == ["failed"]
    run_plain(second)
    nights = status_of(Settings(tmp_path / "home"), CODE).nights
    assert [(night.as_of_on, night.state_code) for night in nights] == [(second.as_of, "published"), (first.as_of, "published")]
    assert published(tmp_path / "home", "flagged.cases").height > 0


def lose_a_penny(run: Run, stage: str) -> StageTotals:
    books = StageTotals(stage, (Total("in", "rows", 1, 10_00), Total("out", "rows", 1, 9_99)))
    run.keep_books(books)
    return books
