"""The benchmark measures what it says; how long things take is never a test."""

from __future__ import annotations

from datetime import date
from itertools import islice
from pathlib import Path
from unittest.mock import patch

import polars as pl

from phb_audit.rules.register import shipped_rules
from tests.benchmarks.flagged_files import FORMATS, many, one
from tests.benchmarks.floor import measured_floor, whole_floor
from tests.benchmarks.history import arriving, month_ends
from tests.benchmarks.night import in_words
from tests.benchmarks.one_night import peak_mib, reset_peak
from tests.benchmarks.repeats import in_words as repeats_in_words
from tests.benchmarks.repeats import measured as measured_repeats
from tests.benchmarks.rules import TOGETHER, measured_rules
from tests.benchmarks.rules import in_words as rules_in_words
from tests.benchmarks.sent_again import as_before
from tests.benchmarks.sent_again import measured as measured_again
from tests.builders import fill, make_run


def test_the_floor_reads_and_writes_the_lines_of_that_night_only(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    lines = [{"payment_id": f"P{number}"} for number in range(7)]
    fill(run, {"validated.payments": [*lines, {"payment_id": "earlier", "run_id": "QZZ-2026-09-30"}]})
    run.warehouse.close()
    floor = measured_floor(run.warehouse.path, run.run_id, tmp_path)
    assert floor["lines"] == 7
    assert floor["floor_seconds"] > 0
    assert not list(tmp_path.glob("*.parquet"))


def test_the_whole_floor_moves_every_table_the_night_published(tmp_path: Path) -> None:
    for name, rows in (("people", 3), ("payments", 5)):
        pl.DataFrame({"number": range(rows)}).write_parquet(tmp_path / f"{name}.parquet")
    floor = whole_floor(tmp_path, tmp_path)
    assert floor["whole_rows"] == 8
    assert floor["whole_floor_seconds"] > 0
    assert len(list(tmp_path.glob("*.parquet"))) == 2


def test_memory_is_the_peak_since_it_was_last_forgotten() -> None:
    before = peak_mib()
    large = bytearray(200 * 1024 * 1024)
    assert peak_mib() >= before + 150
    del large
    reset_peak()
    assert peak_mib() < before + 150


def test_each_stage_is_told_against_the_floor() -> None:
    landed = {"seconds": 2.0, "cpu_seconds": 3.0, "peak_mib": 700}
    validated = {"seconds": 1.0, "cpu_seconds": 1.0, "peak_mib": 900}
    floor = {"lines": 10_000, "floor_seconds": 0.5, "floor_cpu_seconds": 1.0, "start_up_seconds": 9.0}
    whole = {"whole_rows": 54_000, "whole_floor_seconds": 1.5, "whole_floor_cpu_seconds": 2.0}
    text = in_words({**floor, **whole, "stages": {"landed": landed, "validated": validated}})
    assert "| landed | 2.00 | 5,000 | 700 | 4.0 | 3.00 | 3.0 |" in text
    assert "| **the night** | 3.00 | 3,333 | 900 | 6.0 | 4.00 | 4.0 |" in text
    assert "the 54,000 rows of every table it published: 1.50 s" in text
    assert "2.0 times that (2.0 by the processor)" in text


def test_files_arrive_at_the_end_of_the_time_they_cover(tmp_path: Path) -> None:
    ends = month_ends(date(2026, 6, 30), 4)
    assert [f"{end:%m-%d}" for end in ends] == ["03-31", "04-30", "05-31", "06-30"]
    (tmp_path / "own").mkdir()
    for name in (
        "own/account_001_part_1.csv",
        "register.csv",
        "bank_2026-03.csv",
        "bank_2026-04.csv",
        "bank_2026-06.csv",
        "paper_2026-03.json",
        "paper_2026-06.json",
    ):
        (tmp_path / name).touch()
    found = {f"{end:%m}": [path.name for path in files] for end, files in arriving(tmp_path, ends).items()}
    assert found == {
        "03": ["register.csv", "bank_2026-03.csv"],
        "04": [],
        "05": ["bank_2026-04.csv", "paper_2026-03.json"],
        "06": ["bank_2026-06.csv", "paper_2026-06.json"],
    }


def test_each_rule_has_a_line_with_what_it_looked_at_and_found() -> None:
    rule = next(one for one in shipped_rules() if one.rule.id == "A-04")
    flagged = next(example for example in rule.rule.examples if example.kind == "flagged")
    costs = measured_rules([flagged.spending(), flagged.spending()], [rule])
    assert [(cost.looked_at, cost.found) for cost in costs] == [(costs[0].looked_at, costs[0].found)] * 2
    assert costs[0].found >= 2
    assert costs[-1].name == TOGETHER
    table = rules_in_words(costs, {"lines": 10, "floor_cpu_seconds": 0.5})
    assert f"| A-04 {rule.rule.title} | {costs[0].looked_at} | {costs[0].found} |" in table


def test_every_format_of_the_flagged_items_is_timed_against_its_floor(tmp_path: Path) -> None:
    many(make_run(tmp_path), 40).warehouse.close()
    for kind in FORMATS:
        found = one(tmp_path, kind)
        assert found["seconds"] > 0
        assert found["floor_seconds"] > 0
        assert found["kib"] >= 5


def test_the_finder_of_copies_is_told_against_a_scan_of_what_it_reads(tmp_path: Path) -> None:
    told = measured_repeats(20_000, tmp_path)
    assert told["lines"] == 20_000
    assert told["pairs"] > 10
    assert min(told["scan"], told["finder"]) > 0
    assert "2.0 times (3.0 by the processor)" in repeats_in_words({**told, "scan": 1, "scan_cpu": 1, "finder": 2, "finder_cpu": 3})


def test_statements_sent_again_are_counted_and_so_is_what_is_lost(tmp_path: Path) -> None:
    rows = list(islice(measured_again(12, 5, 1, tmp_path / "known"), 4))
    assert sum(int(str(row["doubled"])) for row in rows) <= 4
    assert [row["lost"] for row in rows] == [0] * 4
    with patch("phb_audit.landed.night.lines_sent_again", as_before):
        before = list(islice(measured_again(12, 5, 1, tmp_path / "before"), 6))
    assert sum(int(str(row["doubled"])) for row in before[4:]) > 50
