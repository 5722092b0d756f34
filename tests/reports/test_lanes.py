"""A night with matters for the safeguarding lead and the Local Counter Fraud Specialist: ordinary outputs are, to the byte, those of a
night in which these matters are not raised at all."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from expectations import all_suites
from phb_audit import flagged, published
from phb_audit.errors import UsageError
from phb_audit.flagged.explain import explain
from phb_audit.reports import flagged_items, quality, status
from phb_audit.reports.lane_page import write_lane_page
from phb_audit.rules.register import Registered, shipped_rules
from phb_audit.run import Run
from phb_audit.validated import check_afterwards
from tests.builders import fill, make_run
from tests.flagged.world import FIRST, SECOND, SOFA, payment, world

RESTRICTED_PAYEE, SAFETY_PAYEE = "a named person (Y1)", "LUCKY NUMBERS BETTING"
GAMES = {**SOFA, "payee_shown": SAFETY_PAYEE, "payee_id": "M9", "mcc_code": "7995", "category_code": "X03", "amount_pence": 31_00}
CASH = {**SOFA, "kind_code": "cash", "category_code": "Z01", "payee_shown": "CASH MACHINE", "payee_id": "M8", "amount_pence": 333_00}


def night(run: Run) -> Run:
    """A son is paid back and papers are used twice (restricted); cash and betting (safeguarding); a sofa (ordinary); one payment has both
    an ordinary flag and one of a lane."""
    son = [{"connection_id": "C1", "holder_id": FIRST, "payee_ref": "Y1", "role_code": "family", "relationship": "son"}]
    transfer = payment(
        "P1", SOFA, kind_code="transfer", category_code="Z02", payee_ref="Y1", payee_shown=RESTRICTED_PAYEE, amount_pence=777_00
    )
    twice = [
        {"receipt_id": f"R{place}", "holder_id": FIRST, "is_readable": True, "total_pence": 20_00, "received_on": date(2026, 8, place + 1)}
        for place in (1, 2)
    ]
    beside = [
        {
            "receipt_id": f"R{n}",
            "holder_id": FIRST,
            "payment_id": f"P{n + 1}",
            "sameness_id": "S1",
            "times_used_count": 2,
            "holders_count": 1,
        }
        for n in (1, 2)
    ]
    games = [payment(f"G{place}", GAMES, holder_id=SECOND, account_id="B2", paid_on=date(2026, 8, 5 + place)) for place in range(3)]
    cash = payment("G9", CASH, holder_id=SECOND, account_id="B2", paid_on=date(2026, 8, 9))
    papers = (payment("P2", receipt_id="R1"), payment("P3", SOFA, receipt_id="R2", amount_pence=444_00))
    return world(run, transfer, *papers, *games, cash, validated__people=son, validated__receipts=twice, matched__receipts=beside)


def finished(run: Run) -> Path:
    """All a night does after matching, without the clock."""
    flagged.build(run)
    check_afterwards(run, all_suites(), "flagged")
    row = {"commissioner_code": "QZZ", "as_of_on": run.as_of, "state_code": "published", "stage_name": "published", "version": "0"}
    fill(run, {"nights.runs": [row]})
    published.build(run)
    flagged_items.build_report(run)
    quality.build_quality(run)
    return run.settings.home


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished night; nobody changes it."""
    folder = tmp_path_factory.mktemp("lanes")
    run = night(make_run(folder))
    finished(run)
    run.warehouse.close()
    return folder


@pytest.fixture
def told(made: Path, tmp_path: Path) -> Run:
    shutil.copytree(made / "home", tmp_path / "with" / "home", symlinks=True)
    return make_run(tmp_path / "with")


def without_lanes(rules: tuple[Registered, ...], apart: pl.DataFrame) -> tuple[Registered, ...]:
    """The same rules, but that they do not find what went to another lane."""
    hidden = dict(apart.group_by("rule_id").agg(pl.col("holder_id").unique()).iter_rows())

    def blinded(one: Registered) -> Registered:
        holders = hidden.get(one.rule.id, [])
        stakes = apart.filter(pl.col("rule_id") == one.rule.id)["subject_id"].to_list()

        def find(*given: object, **limits: object) -> pl.LazyFrame:
            rows = one.find(*given, **limits)
            is_hidden = pl.col("holder_id").is_in(holders) & pl.col("subject_id").is_in(stakes)
            return rows.with_columns(is_found=pl.col("is_found") & ~is_hidden)

        return replace(one, find=find) if holders else one

    return tuple(blinded(one) for one in rules)


def outputs(run: Run) -> dict[str, str]:
    """Every ordinary output by name: its bytes, or for DuckDB and the workbook, whose bytes carry times, what they say."""
    run.warehouse.close()
    found = {}
    for room in ("published", "reports", "quality"):
        for path in sorted((run.settings.home / room).rglob("*")):
            if path.is_file() and path.suffix not in (".duckdb", ".xlsx"):
                found[str(path.relative_to(run.settings.home))] = hashlib.sha256(path.read_bytes()).hexdigest()
    (readers,) = (run.settings.home / "published").rglob("QZZ-*/night.duckdb")
    with duckdb.connect(str(readers), read_only=True) as open_file:
        for (name,) in open_file.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY 1").fetchall():
            found[f"night.duckdb {name}"] = str(open_file.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall())
    shown = status.status_of(run.settings, "QZZ")
    words = json.dumps(shown.as_dict, default=str) + status.in_words(shown) + status.found_in_words(shown)
    found["status"] = words.replace(str(run.settings.home), "HOME")
    return found


def test_the_night_has_something_for_every_lane(told: Run) -> None:
    lanes = told.warehouse.frame("SELECT rule_id, lane_code, count(*) AS flags FROM apart.findings GROUP BY ALL ORDER BY ALL").rows()
    assert lanes == [("A-03", "restricted", 1), ("E-05", "restricted", 1), ("L-03", "safeguarding", 3)]
    assert told.warehouse.frame("SELECT story_code, lane_code FROM apart.stories ORDER BY ALL").rows() == [
        ("S-03", "restricted"),
        ("S-08", "safeguarding"),
    ]
    ordinary = told.warehouse.frame("SELECT DISTINCT rule_id FROM flagged.findings").to_series().to_list()
    assert {"A-04", "P-02"} <= set(ordinary)
    assert not {"A-03", "E-05", "L-03"} & set(ordinary)


def test_no_ordinary_output_says_anything_of_them(told: Run) -> None:
    apart = told.warehouse.frame("SELECT flag_id, case_id, sentence FROM apart.findings")
    refs = told.warehouse.frame("SELECT case_ref FROM apart.cases").to_series().to_list()
    stories = told.warehouse.frame("SELECT story_id, title, sentence FROM apart.stories")
    secrets = [*refs, *(value for frame in (apart, stories) for row in frame.rows() for value in row)]
    home = told.settings.home
    told.warehouse.close()
    texts = [path.read_bytes() for room in ("reports", "quality") for path in (home / room).rglob("*.html")]
    for path in (home / "published").rglob("*.parquet"):
        texts.append(pl.read_parquet(path).write_json().encode())
    texts.append(json.dumps(status.status_of(told.settings, "QZZ").as_dict, default=str).encode())
    assert len(texts) > 20
    for secret in secrets:
        assert not any(str(secret).encode() in text for text in texts), secret


def test_ordinary_outputs_are_those_of_a_night_without_such_matters(told: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apart = told.warehouse.frame("SELECT rule_id, holder_id, subject_id FROM apart.findings")
    before = outputs(told)
    monkeypatch.setattr(flagged, "rules_in_force", lambda code, settings: without_lanes(shipped_rules(), apart))
    other = night(make_run(tmp_path / "without"))
    finished(other)
    assert other.warehouse.frame("SELECT count(*) FROM apart.findings").item() == 0
    after = outputs(other)
    assert len(before) > 40
    assert {name for name in before if before[name] != after.get(name)} == set()
    assert before.keys() == after.keys()


def test_logs_say_nothing_of_them(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        run = night(make_run(tmp_path / "logged"))
        finished(run)
    said = " ".join(record.getMessage() for record in caplog.records).lower()
    run.warehouse.close()
    for word in ("apart", "restricted", "safeguarding", "l-03", "a-03", SAFETY_PAYEE.lower()):
        assert word not in said


def test_explain_answers_an_ordinary_reader_as_if_there_were_none(told: Run) -> None:
    rules = shipped_rules()
    refs = told.warehouse.frame("SELECT case_ref, case_id FROM apart.cases UNION ALL SELECT flag_id, flag_id FROM apart.findings")
    for ref in {name for row in refs.rows() for name in row}:
        with pytest.raises(UsageError, match="Nothing here is called"):
            explain(told.warehouse, ref, rules)
    for payment_id in ("P1", "P2", "P3", "G0", "G9"):
        said = explain(told.warehouse, payment_id, rules)
        told_rules = {verdict.rule_id for verdict in said.verdicts}
        assert not told_rules & {"A-03", "E-05", "L-03", "P-10", "P-11"}
        assert "larger picture" not in said.as_text()
    assert "A-04" in {verdict.rule_id for verdict in explain(told.warehouse, "G9", rules).verdicts}


def test_explain_answers_the_reader_of_a_lane(told: Run) -> None:
    (ref,) = told.warehouse.frame("SELECT case_ref FROM apart.cases JOIN apart.findings USING (case_id) WHERE rule_id = 'A-03'").to_series()
    with pytest.raises(UsageError, match="Nothing here"):
        explain(told.warehouse, ref, shipped_rules())
    said = explain(told.warehouse, ref, shipped_rules(), lane="restricted").as_text()
    assert "For the Local Counter Fraud Specialist alone." in said
    assert "A-03" in said
    assert "larger picture, the person may need somebody" in explain(told.warehouse, "G9", shipped_rules(), lane="safeguarding").as_text()


def test_a_lanes_page_is_made_on_demand_for_its_reader_alone(told: Run) -> None:
    home = told.settings.home
    told.warehouse.close()
    assert not (home / "lanes").exists()
    safety, lcfs = (write_lane_page(told.settings, "QZZ", lane) for lane in ("safeguarding", "restricted"))
    for path in (safety, lcfs):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert {stat.S_IMODE(place.stat().st_mode) for place in (path.parent, path.parent.parent, path.parent.parent.parent)} == {0o700}
    page = safety.read_text(encoding="utf-8")
    assert "See the person, alone if they wish." in page
    assert SAFETY_PAYEE in page
    assert RESTRICTED_PAYEE not in page
    assert not any(word in page.lower() for word in ("misuse", "counter fraud", "outside the plan", "refuse"))
    other = lcfs.read_text(encoding="utf-8")
    assert RESTRICTED_PAYEE in other
    assert SAFETY_PAYEE not in other
    assert "Do not contact the budget holder or the household first." in other


def test_an_unknown_lane_says_what_to_do(told: Run) -> None:
    with pytest.raises(UsageError, match="There is no lane elsewhere"):
        write_lane_page(told.settings, "QZZ", "elsewhere")
