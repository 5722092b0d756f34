"""Commissioners with opposite lists: counselling is funded by one and excluded by another, night after night, and both are right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from flows.nightly import run_plain
from phb_audit.errors import UsageError
from phb_audit.flagged import rules_in_force
from phb_audit.night import Night
from phb_audit.settings import Settings

FUNDS, EXCLUDES, CHANGES, SILENT = "QAA", "QBB", "QCC", "QDD"
DAY = date(2026, 10, 31)
LIMITS = f"""
[commissioner.{FUNDS}.P-02]
funded_codes = ["T03"]
[commissioner.{EXCLUDES}.P-02]
excluded_codes = ["T03"]
[commissioner.{CHANGES}.P-02]
funded_codes = ["T03"]
[commissioner.{CHANGES}.P-02.2026-10-15]
funded_codes = []
excluded_codes = ["T03"]
told_on = 2026-09-01
"""
FILES = {
    "budgets_register.csv": (
        "Person Ref,Holding,Account Kind,Sort Code,Account Number,Care Group,Area,Annual Budget,Start Date,Agreement Signed",
        '9998669367,direct payment,bank,04-00-03,20203045,adult CHC,North,"13,000.00",01/04/2026,20/03/2026',
    ),
    "plans_register.csv": (
        "Plan Id,Version,Person Ref,Status,Effective From,Effective To,Approved Date,Approver Role,Care Coordinator,Review Due",
        "PL1,1,9998669367,approved,01/04/2026,31/03/2027,20/03/2026,CHC nurse lead,named,01/07/2027",
    ),
    "outcomes_register.csv": (
        "Plan Id,Version,Person Ref,Outcome Id,Outcome,Goal Type",
        "PL1,1,9998669367,O1,To make things with my hands again.,activity",
    ),
    "lines_register.csv": (
        "Plan Id,Version,Person Ref,Line Id,Outcome Id,Category Code,Description,Amount,Frequency,Start,End,Specific Item Preapproved",
        "PL1,1,9998669367,L1,O1,A05,Pottery materials,500.00,annual,01/04/2026,31/03/2027,no",
    ),
    "castle_2026-10.csv": (
        "Sort Code,Account Number,Account Name,Date,Value Date,Transaction Type,Description,Amount,Balance",
        "04-00-03,20203045,PHB account,08/10/2026,08/10/2026,DEB,FAMILY COUNSELLING,-60.00,940.00",
        "04-00-03,20203045,PHB account,22/10/2026,22/10/2026,DEB,OAK COUNSELLING AND PSYCHOTHERAPY,-65.00,875.00",
    ),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same files at four commissioners, a night of each."""
    folder = tmp_path_factory.mktemp("policies")
    home = folder / "home"
    home.mkdir()
    (home / "limits.toml").write_text(LIMITS, encoding="utf-8")
    for code in (FUNDS, EXCLUDES, CHANGES, SILENT):
        inbox = folder / "inbox" / code
        inbox.mkdir(parents=True)
        for name, lines in FILES.items():
            (inbox / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        run_plain(Night(code, DAY, inbox, home, threads=2))
    return home


def asked(home: Path, code: str) -> dict[str, str]:
    """Day of purchase to what P-02 says of it."""
    found = pl.read_parquet(home / "published" / code / "current" / "flagged_findings.parquet").filter(pl.col("rule_id") == "P-02")
    return {f"{row['subject_on']:%d %B}": row["sentence"] for row in found.iter_rows(named=True)}


@pytest.mark.slow
def test_the_purchases_were_read_as_counselling(home: Path) -> None:
    paid = pl.read_parquet(home / "published" / SILENT / "current" / "matched_payments.parquet")
    assert set(paid["category_code"]) == {"T03"}
    assert paid["probability_share"].min() >= 0.9


@pytest.mark.slow
def test_where_it_is_funded_nobody_is_asked(home: Path) -> None:
    assert asked(home, FUNDS) == {}


@pytest.mark.slow
def test_where_it_is_excluded_the_list_is_named(home: Path) -> None:
    told = asked(home, EXCLUDES)
    assert set(told) == {"08 October", "22 October"}
    assert all("The commissioner's list funds it only where a plan names it" in sentence for sentence in told.values())


@pytest.mark.slow
def test_without_a_list_the_plan_alone_decides(home: Path) -> None:
    told = asked(home, SILENT)
    assert set(told) == {"08 October", "22 October"}
    assert not any("list" in sentence for sentence in told.values())


@pytest.mark.slow
def test_a_change_of_the_list_leaves_purchases_before_it_alone(home: Path) -> None:
    told = asked(home, CHANGES)
    assert set(told) == {"22 October"}
    assert "The commissioner's list" in told["22 October"]


def test_a_kind_that_does_not_exist_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "limits.toml").write_text('[commissioner.QAA.P-02]\nexcluded_codes = ["T03", "COUNSELLING"]\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"commissioner\.QAA\.P-02\.excluded_codes: there is no category COUNSELLING"):
        rules_in_force("QAA", Settings(tmp_path))
