"""Reading files one after another: in a process of its own, kept by hash, one bad file costing only itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from phb_audit.cli import app
from phb_audit.evidence import readings as module
from phb_audit.evidence.readings import readings
from tests.evidence import drawn

needs_rapidocr = pytest.mark.skipif(find_spec("rapidocr") is None, reason="rapidocr is not installed: pip install 'phb-audit[ocr]'")
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed: apt-get install tesseract-ocr")


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    return drawn.pdf(tmp_path / "invoice.pdf")


@pytest.fixture
def till(tmp_path: Path) -> Path:
    path = tmp_path / "till.png"
    drawn.picture().save(path)
    return path


def told(capsys: pytest.CaptureFixture[str], *command: object) -> tuple[int, str]:
    code = app([str(word) for word in command], result_action="return_value")
    return code, capsys.readouterr().out


def test_a_pdf_with_text_needs_no_engine(invoice: Path) -> None:
    (outcome,) = readings([invoice])
    assert outcome.reading is not None
    assert (outcome.reading.total_pence, outcome.reading.read_by) == (57_00, "its own text")


@needs_rapidocr
def test_a_picture_is_read_with_its_places(till: Path) -> None:
    (outcome,) = readings([till], engine="rapidocr")
    reading = outcome.reading
    assert reading is not None
    assert reading.total is not None
    assert reading.day is not None
    assert (reading.total_pence, reading.day.value) == (57_00, "2026-10-03")
    assert 230 < reading.total.place.top < 320
    assert reading.total.place.right > 500


@needs_tesseract
def test_tesseract_stands_in(till: Path) -> None:
    (outcome,) = readings([till], engine="tesseract")
    assert outcome.reading is not None
    assert outcome.reading.total_pence == 57_00


def test_one_bad_file_costs_only_itself(tmp_path: Path, invoice: Path) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    first, second, third = readings([invoice, bad, invoice])
    assert first.reading == third.reading is not None
    assert "no picture or PDF" in second.problem


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(invoice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([None])
    real = module._next
    monkeypatch.setattr(module, "_next", lambda lines, seconds: next(answers, real(lines, seconds)))
    lost, found = readings([invoice, invoice])
    assert "could not be read within" in lost.problem
    assert found.reading is not None


def test_a_child_that_dies_is_replaced(invoice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, asked = module._ask, []

    def ask(child: subprocess.Popen[str], path: Path) -> None:
        asked.append(path)
        if len(asked) == 1:
            child.kill()
            child.wait()
        real(child, path)

    monkeypatch.setattr(module, "_ask", ask)
    lost, found = readings([invoice, invoice])
    assert lost.reading is None
    assert found.reading is not None


def test_a_reading_is_kept_by_hash_and_not_made_twice(invoice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_in = tmp_path / "readings"
    (first,) = readings([invoice], kept_in=kept_in)
    (file,) = kept_in.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(module, "_answers", lambda paths, *rest: iter([pytest.fail("it was read again")] if paths else []))
    (second,) = readings([invoice], kept_in=kept_in)
    assert second.is_kept
    assert second.reading == first.reading


def test_the_command_says_what_was_read_and_whether_it_bears_out_the_payment(
    invoice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = told(
        capsys, "read-receipt", invoice, "--json", "--expect-amount", "57.00", "--expect-date", "2026-10-05", "--home", tmp_path / "home"
    )
    (found,) = json.loads(out)["papers"]
    assert code == 0
    assert (found["total"]["value"], found["date"]["value"], found["company"]["value"]) == ("57.00", "2026-10-03", drawn.RECEIPT[0])
    assert found["verified"]["is_borne_out"] is True
    assert found["verified"]["days_apart"] == 2
    assert (found["do_lines_add_up"], found["left_over_pence"]) == (True, 0)
    assert set(found["total"]["place"]) == {"page", "left", "top", "right", "bottom"}
    code, out = told(capsys, "read-receipt", invoice, "--expect-amount", "75.00", "--home", tmp_path / "home")
    assert "£75.00 was not read on this paper. The total was read as £57.00." in out
    assert "Check it against the paper." in out
    assert "The lines come to the total." in out


def test_lines_that_do_not_come_to_the_total_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    short = drawn.pdf(tmp_path / "short.pdf", ("GREEN DOOR LTD", "Compost 12.00", "TOTAL 57.00"))
    _, out = told(capsys, "read-receipt", short, "--home", tmp_path / "home")
    assert "The total is £45.00 more than the lines: one may be unread or misread. Look at the picture." in out


def test_the_exit_code_tells_how_many_could_be_read(invoice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    assert told(capsys, "read-receipt", invoice, bad, "--home", tmp_path / "home")[0] == 1
    assert told(capsys, "read-receipt", bad, "--home", tmp_path / "home")[0] == 3


@pytest.mark.parametrize("wrong", [("--expect-amount", "lots"), ("--expect-date", "yesterday")])
def test_what_is_expected_must_be_an_amount_and_a_day(invoice: Path, wrong: tuple[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "phb_audit", "read-receipt", str(invoice), *wrong], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert wrong[1] in done.stderr


def test_a_name_with_a_new_line_costs_no_other_paper_its_answer(tmp_path: Path) -> None:
    odd = drawn.pdf(tmp_path / "odd.pdf").rename(tmp_path / "an\nodd name.pdf")
    other = drawn.pdf(tmp_path / "other.pdf", ("CORNER SHOP", "Date: 05/01/2026", "TOTAL   12.34"))
    told = {outcome.path: outcome for outcome in readings([odd, tmp_path / "not\nthere.pdf", other])}
    assert [told[path].reading is not None for path in (odd, other)] == [True, True]
    assert told[tmp_path / "not\nthere.pdf"].reading is None
    totals = [reading.total_pence for path in (odd, other) if (reading := told[path].reading)]
    assert totals == [57_00, 12_34]
