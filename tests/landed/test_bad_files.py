"""Hundreds of bad files in one night: each told or landed, no good row lost, no crash, no hang, no more memory than a small machine has."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from phb_audit.landed.arrivals import masked_name

MOST_MIB, MOST_SECONDS = 1024, 600
AT_LEAST = 300

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bad")
    command = [sys.executable, "-m", "tests.landed.night_of_bad_files", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, check=True)
    assert "Traceback" not in done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_corpus_is_large_and_every_file_is_told_of(told: dict[str, Any]) -> None:
    assert len(told["good_rows"]) >= AT_LEAST
    assert {masked_name(name) for name in told["good_rows"]} == set(told["files"])


def test_the_books_balance_and_memory_stays_small(told: dict[str, Any]) -> None:
    books = told["books"]
    assert books["rows read"] == books["rows landed"] + books["rows sent before"]
    assert told["peak_mib"] < MOST_MIB
    assert told["peak_child_mib"] < MOST_MIB


def test_no_good_row_is_lost_and_what_must_be_refused_is(told: dict[str, Any]) -> None:
    wrong = []
    for name, good in told["good_rows"].items():
        file = told["files"][masked_name(name)]
        is_refused = file["state_code"] == "refused"
        if good is None and not is_refused:
            wrong.append(f"{name}: landed, though it holds nothing to land")
        elif good is not None and good >= 0 and (is_refused or file["rows_read"] - file["problems"] < good):
            wrong.append(f"{name}: {file['rows_read']} rows, {file['problems']} with a problem, {good} good ones sent; {file['reason']}")
    assert not wrong, "\n".join(wrong)


def test_every_refusal_says_what_is_wrong_and_what_to_do_and_shows_no_row(told: dict[str, Any]) -> None:
    for name, file in told["files"].items():
        if file["state_code"] == "refused":
            assert file["reason"].count(".") >= 2, (name, file["reason"])
            assert "SHOP NUMBER" not in file["reason"], (name, file["reason"])
