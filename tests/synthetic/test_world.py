from __future__ import annotations

import hashlib
import shutil
import tracemalloc
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import polars as pl
import pytest

from phb_audit.errors import UsageError
from phb_audit.evidence.intake import taken_in
from phb_audit.evidence.readings import readings
from phb_audit.identity import is_nhs_number
from phb_audit.synthetic import WorldTotals, make_world
from phb_audit.synthetic.holders import holding_of, nhs_numbers
from phb_audit.synthetic.problems import KINDS
from phb_audit.synthetic.truth import COUNTED_WHOLE
from phb_audit.synthetic.world import stories
from tests.synthetic.conftest import WINDOW

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_world(holders=21, months=4, seed=9, out=tmp_path / name)
    assert fingerprints(tmp_path / "one") == fingerprints(tmp_path / "two")
    assert any(name.endswith(".xlsx") for name in fingerprints(tmp_path / "one"))


def test_another_seed_gives_another_world(tmp_path: Path) -> None:
    for seed in (1, 2):
        make_world(holders=5, months=2, seed=seed, out=tmp_path / str(seed))
    assert (tmp_path / "1" / "truth.csv").read_bytes() != (tmp_path / "2" / "truth.csv").read_bytes()


def test_the_committed_sample_is_what_the_command_makes(world: tuple[Path, WorldTotals]) -> None:
    committed = {name: digest for name, digest in fingerprints(SAMPLE).items() if name != "README.md"}
    assert committed == fingerprints(world[0]), (
        "Make it again: phb-audit synth --holders 60 --months 12 --seed 3 --drawn 2 --out data/sample"
    )


def test_a_receipt_of_the_sample_comes_as_a_picture_and_one_as_a_pdf_and_both_can_be_read(world: tuple[Path, WorldTotals]) -> None:
    papers = sorted((world[0] / "QZZ" / "receipts").glob("*/*"))
    assert sorted(path.name for path in papers) == ["invoice.pdf", "till.png"]
    assert all(path.parent.name.startswith("999") and path.stat().st_size <= 40_000 for path in papers)
    (invoice, *_) = [path for path in papers if path.suffix == ".pdf"]
    told = taken_in(invoice)
    assert {"TOTAL", "67.00"} <= {word.text for word in told.words}
    (till, *_) = [path for path in papers if path.suffix == ".png"]
    (picture,) = taken_in(till).pictures
    assert picture.convert("L").getextrema() == (0, 255)


@pytest.mark.skipif(not (shutil.which("tesseract") or find_spec("rapidocr")), reason="nothing here reads pictures")
def test_the_drawn_till_receipt_reads_as_it_was_made(world: tuple[Path, WorldTotals]) -> None:
    (till,) = (world[0] / "QZZ" / "receipts").glob("*/till.png")
    (found,) = readings([till])
    assert found.reading is not None
    assert (found.reading.total_pence, found.reading.day.value if found.reading.day else "") == (20_36, "2025-12-10")
    assert found.reading.do_lines_add_up


def test_without_being_asked_for_no_receipt_is_drawn(tmp_path: Path) -> None:
    make_world(holders=21, months=4, seed=9, out=tmp_path)
    assert not [path for path in (tmp_path / "QZZ").rglob("*") if path.suffix in (".png", ".pdf")]


def test_the_sample_stays_under_four_megabytes() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) <= 4_000_000


def test_a_world_replaces_the_one_before(tmp_path: Path) -> None:
    make_world(holders=8, months=2, seed=1, out=tmp_path)
    make_world(holders=3, months=1, seed=1, out=tmp_path)
    make_world(holders=3, months=1, seed=1, out=tmp_path / "fresh")
    assert {path.name for path in (tmp_path / "QZZ").rglob("*")} == {path.name for path in (tmp_path / "fresh" / "QZZ").rglob("*")}


def test_the_last_day_ends_the_window(world: tuple[Path, WorldTotals], truth: pl.DataFrame) -> None:
    out, totals = world
    assert (out / "last_day.txt").read_text(encoding="utf-8").strip() == "2026-10-31" == totals.last_day.isoformat()
    payments = truth.filter(pl.col("subject_code") == "payment")["on"]
    assert "2025-11-01" <= payments.min() <= payments.max() <= "2026-10-31"


def test_every_kind_is_planted_in_the_sample(world: tuple[Path, WorldTotals]) -> None:
    assert set(world[1].kinds) == {*KINDS, COUNTED_WHOLE}
    assert len(KINDS) >= 35


@pytest.mark.parametrize("seed", [5, 23])
def test_every_kind_is_planted_whatever_the_seed(tmp_path: Path, seed: int) -> None:
    assert set(make_world(holders=60, months=12, seed=seed, out=tmp_path).kinds) - {COUNTED_WHOLE} == set(KINDS)


@pytest.mark.parametrize(("holders", "months"), [(60, 12), (300, 2), (60, 30)])
def test_breaches_are_one_to_two_per_cent_of_payment_lines(tmp_path: Path, holders: int, months: int) -> None:
    totals = make_world(holders=holders, months=months, seed=3, out=tmp_path)
    assert 0.01 <= totals.breach_share <= 0.02
    assert 6 <= totals.payment_lines / holders / months <= 12


def test_totals_agree_with_the_truth(world: tuple[Path, WorldTotals], truth: pl.DataFrame) -> None:
    payments, totals = truth.filter(pl.col("subject_code") == "payment"), world[1]
    no_money = pl.col("kind_code").is_in(["authorisation", "declined", "reversed"])
    assert payments.height == totals.payment_lines
    assert payments.filter(~no_money)["amount_pence"].sum() == totals.pence
    assert payments.filter(pl.col("label") == "breach").height == totals.breach_lines
    assert truth.height - payments.height == totals.other_problems


def test_nhs_numbers_are_test_numbers_and_nobody_shares_one() -> None:
    drawn = list(islice(nhs_numbers(4), 50_000))
    assert len(set(drawn)) == 50_000
    assert all(number.startswith("999") and is_nhs_number(number) for number in drawn[:2_000])


def test_of_twenty_holders_fourteen_have_direct_payments() -> None:
    assert [sum(holding_of(number) == held for number in range(200)) for held in ("direct", "managed", "notional")] == [140, 30, 30]


def test_holders_are_told_one_at_a_time() -> None:
    endless = stories(800_000, 12, 1, WINDOW, "QZZ")
    assert [story.number for story in islice(endless, 3)] == [0, 1, 2]


def test_a_holder_does_not_depend_on_how_many_there_are() -> None:
    few, many = (list(islice(stories(size, 12, 1, WINDOW, "QZZ"), 10)) for size in (10, 5_000))
    assert [[(line.on, line.amount, line.text) for line in story.lines] for story in few] == [
        [(line.on, line.amount, line.text) for line in story.lines] for story in many
    ]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_world(tmp_path: Path) -> None:
    peaks = []
    for holders in (60, 60, 600):  # the first fills the caches of words and days
        tracemalloc.start()
        make_world(holders=holders, months=3, seed=1, out=tmp_path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < peaks[1] * 2.5


def test_progress_is_told(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    make_world(holders=4, months=1, seed=1, out=tmp_path, progress=lambda done, of: heard.append((done, of)))
    assert heard == [(4, 4)]


@pytest.mark.parametrize(("holders", "months", "code"), [(0, 12, "QZZ"), (10, 0, "QZZ"), (2_000_000, 1, "QZZ"), (5, 1, "../QZZ")])
def test_worlds_that_cannot_be_made_are_refused(tmp_path: Path, holders: int, months: int, code: str) -> None:
    with pytest.raises(UsageError):
        make_world(holders=holders, months=months, seed=1, out=tmp_path, commissioner_code=code)
    assert not list(tmp_path.iterdir())
