"""The command line: quick to answer, plain about mistakes, and clean about where words go."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from phb_audit import cli
from phb_audit.errors import PhbAuditError, UsageError

COMMANDS = ["run", "demo", "status", "synth", "classify", "explain", "report", "landed", "evaluate", "repayment-pack"]


def called(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "phb_audit", *words], capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    done = called(command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_help_loads_nothing_heavy() -> None:
    heavy = {"polars", "duckdb", "sklearn", "prefect", "great_expectations", "pandas"}
    code = f"import sys; import phb_audit.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_word_that_is_no_command_is_a_usage_error() -> None:
    assert called("nosuchcommand").returncode == 2


def test_a_missing_inbox_says_what_to_do(tmp_path: Path) -> None:
    done = called("run", "--inbox", str(tmp_path / "nowhere"), "--home", str(tmp_path))
    assert done.returncode == 2
    assert "is not a folder" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="2026-10-31"):
        cli.day_of("31/10/2026")
    with pytest.raises(UsageError, match="between the years"):
        cli.day_of("9999-12-31")


def test_a_feed_to_leave_out_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "inbox" / "QZZ").mkdir(parents=True)
    with pytest.raises(UsageError, match="'bnak' is no feed"):
        cli.run(home=tmp_path, without=["bnak"])


def test_status_before_any_night_says_so(tmp_path: Path) -> None:
    done = called("status", "--home", str(tmp_path))
    assert done.returncode == 2
    assert "No night has been run" in done.stderr


def test_an_inbox_without_folders_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no commissioner"):
        cli.commissioners_in(tmp_path)


def test_an_error_we_did_not_expect_shows_its_kind_and_not_its_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from datetime import date

    from phb_audit.night import Night

    def breaking(*_: object, **__: object) -> None:
        raise ValueError("holder 9990000018 is wrong")

    monkeypatch.setattr(cli, "load_night_runner", lambda: breaking)
    with pytest.raises(PhbAuditError) as met:
        cli.run_one(Night("QZZ", date(2026, 1, 1), tmp_path, tmp_path), with_prefect=False)
    assert "ValueError" in str(met.value)
    assert "9990000018" not in str(met.value)


@pytest.mark.slow
def test_a_night_from_the_command_line_and_its_json(tmp_path: Path) -> None:
    world, home = tmp_path / "world", tmp_path / "home"
    assert called("synth", "--holders", "6", "--months", "2", "--seed", "3", "--out", str(world)).returncode == 0
    done = called("run", "--inbox", str(world), "--home", str(home), "--as-of", "2026-10-31", "--plain", "--json")
    assert done.returncode in (0, 1), done.stderr
    night = json.loads(done.stdout)["nights"][0]["nights"][0]
    assert night["state_code"] == "published"
    assert night["books"][0]["stage_name"] == "landed"
    status = called("status", "--home", str(home), "--json")
    assert json.loads(status.stdout)["commissioners"][0]["commissioner_code"] == "QZZ"
    where = called("report", "--home", str(home))
    assert "QZZ-2026-10-31.html" in where.stdout
