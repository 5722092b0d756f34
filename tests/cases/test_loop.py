"""The loop closes: what is decided today changes the next night, and something new brings a decided case back."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from phb_audit.cases.casebook import CASE, casebook_events
from phb_audit.cases.decisions import case_states
from phb_audit.cases.verify_alone import problem_of
from phb_audit.cli import app
from phb_audit.flagged.standing import GROWN_PENCE, standing
from phb_audit.settings import Settings
from tests.cases.test_decisions import FLAG, SEEN, WHY

PAID = {"payee_shown": pl.String, "amount_pence": pl.Int64}
ALONE = Path(__file__).resolve().parents[2] / "phb_audit" / "cases" / "verify_alone.py"


def decided(settings: Settings, code: str, **more: object) -> pl.DataFrame:
    from phb_audit.cases.casebook import open_casebook
    from phb_audit.cases.decisions import move

    with open_casebook(settings, "QZZ") as book:
        move(
            book,
            SEEN,
            code,
            by="Ada Reviewer",
            role="clinician",
            reason=WHY,
            version=0,
            at=datetime(2026, 11, 3, tzinfo=UTC),
            particulars=more,
        )  # type: ignore[arg-type]
        return case_states(book.events(), date(2026, 11, 4))


def flags(*given: tuple[str, int]) -> pl.DataFrame:
    names = {"case_id": pl.String, "flag_id": pl.String, "title": pl.String, "at_stake_pence": pl.Int64, "payment_id": pl.String}
    rows = [("c1", flag_id, f"Title of {flag_id}", pence, "P1", None, None) for flag_id, pence in given]
    return pl.DataFrame(rows, schema=names | PAID, orient="row")


def gone(*flag_ids: str) -> pl.DataFrame:
    rows = [(one, "E-01", None, None) for one in flag_ids]
    return pl.DataFrame(rows, schema={"flag_id": pl.String, "rule_id": pl.String} | PAID, orient="row")


def seen_pence() -> int:
    return int(FLAG["at_stake_pence"])


@pytest.mark.parametrize(
    ("now", "state", "news"),
    [
        ((("F1", 40_00),), "agreed", None),
        (
            (("F1", 40_00 + GROWN_PENCE),),
            "agreed",
            "Stated anew since Ada Reviewer decided: Title of F1 is about £90.00 and was about £40.00.",
        ),
        ((("F1", 40_01 + GROWN_PENCE),), "open", "New since Ada Reviewer decided: Title of F1."),
        ((("F1", 10_00),), "agreed", "Stated anew since Ada Reviewer decided: Title of F1 is about £10.00 and was about £40.00."),
        (
            (("F1", 30_00), ("F2", 1_00)),
            "open",
            "New since Ada Reviewer decided: Title of F2. "
            "Stated anew since Ada Reviewer decided: Title of F1 is about £30.00 and was about £40.00.",
        ),
        ((("F1", 40_00), ("F2", 1_00)), "open", "New since Ada Reviewer decided: Title of F2."),
        ((), "agreed", None),
    ],
)
def test_a_decided_case_comes_back_only_with_something_new(
    tmp_path: Path, now: tuple[tuple[str, int], ...], state: str, news: str | None
) -> None:
    row = standing(decided(Settings(tmp_path), "agree"), flags(*now), gone()).row(0, named=True)
    assert (row["state_code"], row["is_queued"], row["news"]) == (state, state == "open", news)


def test_a_decided_case_says_that_what_was_decided_is_no_longer_found(tmp_path: Path) -> None:
    row = standing(decided(Settings(tmp_path), "agree"), flags(), gone("F1", "F7")).row(0, named=True)
    assert (row["state_code"], row["news"]) == ("agreed", "Stated anew since Ada Reviewer decided: No receipt is no longer found.")


def test_what_is_stated_anew_is_told_with_its_payment(tmp_path: Path) -> None:
    paid = {"payee_shown": pl.lit("ARGOS"), "amount_pence": pl.lit(45_00)}
    other, none = flags(("F1", 10_00)).with_columns(**paid), gone("F1").with_columns(**paid)
    case = decided(Settings(tmp_path), "agree")
    assert [standing(case, *night).row(0, named=True)["news"] for night in ((other, gone()), (flags(), none))] == [
        "Stated anew since Ada Reviewer decided: Title of F1 (ARGOS, £45.00) is about £10.00 and was about £40.00.",
        "Stated anew since Ada Reviewer decided: No receipt (ARGOS, £45.00) is no longer found.",
    ]


def test_a_balance_that_moves_by_itself_is_not_stated_anew(tmp_path: Path) -> None:
    moving = flags(("F1", 45_00)).with_columns(payment_id=pl.lit(None, dtype=pl.String))
    assert standing(decided(Settings(tmp_path), "agree"), moving, gone()).row(0, named=True)["news"] is None


def test_a_case_that_waits_stays_out_of_the_queue_and_shows_what_is_new(tmp_path: Path) -> None:
    asked = decided(Settings(tmp_path), "ask", question="Could you send the receipt?", due_on=date(2026, 12, 1))
    row = standing(asked, flags(("F1", 40_00), ("F2", 5_00)), gone()).row(0, named=True)
    assert (row["state_code"], row["is_queued"], row["due_on"]) == ("asked", False, date(2026, 12, 1))
    assert row["news"] == "New since Ada Reviewer decided: Title of F2."


def test_assigning_a_case_is_no_decision(tmp_path: Path) -> None:
    row = standing(decided(Settings(tmp_path), "assign", owner="Ben Checker"), flags(("F1", 40_00)), gone("F1")).row(0, named=True)
    assert (row["state_code"], row["is_queued"], row["news"]) == ("open", True, None)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped sample after one night."""
    folder = tmp_path_factory.mktemp("loop") / "home"
    assert app(["demo", "--home", str(folder)], result_action="return_value") in (0, 1)
    return folder


def told(capsys: pytest.CaptureFixture[str], *command: object) -> str:
    app([str(word) for word in command], result_action="return_value")
    return capsys.readouterr().out


def test_a_decision_changes_the_next_night_and_the_report(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    queue = json.loads(told(capsys, "case", "list", "--json", "--home", home))["cases"]
    ref = next(row["case_ref"] for row in queue if row["rank"] == 1)
    shown = json.loads(told(capsys, "case", "show", ref, "--json", "--home", home))
    assert shown["state"] == "open"
    assert shown["flags"]
    role = shown["decided_by"]
    assert "agree" in shown["possible"][role]
    out = told(capsys, "case", "move", ref, "agree", "--by", "Ada Reviewer", "--role", role, "--reason", WHY, "--home", home)
    assert "The next night takes it up." in out

    app(["demo", "--home", str(home)], result_action="return_value")
    capsys.readouterr()
    after = json.loads(told(capsys, "case", "list", "--json", "--home", home))["cases"]
    assert ref not in {row["case_ref"] for row in after}
    assert len(after) == len(queue) - 1
    assert min(row["rank"] for row in after) == 1
    agreed = json.loads(told(capsys, "case", "list", "--state", "agreed", "--json", "--home", home))["cases"]
    assert [(row["case_ref"], row["decided_by"], row["rank"]) for row in agreed] == [(ref, "Ada Reviewer", 0)]
    page = next((home / "reports").rglob("*.html")).read_text(encoding="utf-8")
    assert "Decided, asked or put off" in page
    assert "Ada Reviewer" in page
    assert f'id="{ref}"' not in page
    (event,) = casebook_events(Settings(home), "QZZ")
    assert event.event_hash in page
    assert "The log holds." in told(capsys, "verify-log", "--head", event.event_hash, "--home", home)
    assert "Ada Reviewer (" in told(capsys, "case", "show", ref, "--home", home)
    assert "The log holds. 1 event," in told(capsys, "verify-log", "--home", home)


def test_the_log_is_verified_alone_and_a_cut_or_changed_log_is_told(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    settings = Settings(tmp_path)
    decided(settings, "agree")
    path = tmp_path / "casebook" / "QZZ" / "casebook.sqlite"
    problem, count, head = problem_of(path)
    assert (problem, count) == (None, 1)
    (event,) = casebook_events(settings, "QZZ")
    assert event.kind_code == CASE
    done = subprocess.run([sys.executable, "-I", str(ALONE), str(path), head], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.startswith("The log holds. 1 event,")) == (0, True)
    assert subprocess.run([sys.executable, "-I", str(ALONE), str(path), "f" * 64], capture_output=True, check=False).returncode == 1
    with closing(sqlite3.connect(path)) as direct:
        direct.execute("DROP TRIGGER case_moves_not_changed")
        direct.execute("UPDATE case_moves SET decided_by = 'Somebody Else'")
        direct.commit()
    assert "is not what the event says" in str(problem_of(path)[0])


def test_the_verifier_is_short_and_needs_nothing() -> None:
    text = ALONE.read_text(encoding="utf-8")
    assert text.count("\n") <= 100
    assert "phb_audit" not in text
