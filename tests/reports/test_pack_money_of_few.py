"""Money of 1 to 4 people is in no output of the pack. The sums looked for are made of finance's own frames, not of the pack's cells."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import duckdb
import polars as pl
import pypdf
import pytest

from phb_audit.finance import positions
from phb_audit.finance.command import opened
from phb_audit.finance.double_running import SAME, double_running
from phb_audit.finance.neutrality import cost_neutrality
from phb_audit.finance.period import Period
from phb_audit.money import pounds
from phb_audit.reports.bi import written_bi
from phb_audit.reports.pack_command import written_pack
from phb_audit.reports.protected import protect
from phb_audit.run import Run
from phb_audit.tables.measures import WHOLE, Measure, measures_frame
from tests.builders import make_run
from tests.reports.pack_world import FEW, pack_world

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
GROUPINGS = ("holding_code", "care_group_code")
Outputs = dict[str, str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    made = pack_world(make_run(tmp_path_factory.mktemp("few")), few=3)
    made.warehouse.close()
    return made


def amounts_of_few(run: Run) -> dict[str, int]:
    """Pence of every group of 1 to 4 people in the raw frames, by what they are."""
    found: dict[str, int] = {}

    def add(words: str, frame: pl.DataFrame, pence: str) -> None:
        for column in GROUPINGS:
            for (key,), part in frame.group_by(column):
                if 1 <= part["holder_id"].n_unique() <= 4 and part[pence].sum():
                    found[f"{words}, {key}"] = int(part[pence].sum())

    with opened(run.settings, "QZZ") as warehouse:
        quoted = cost_neutrality(warehouse, OCTOBER).filter(pl.col("alternative_pence") > 0)
        twice = double_running(warehouse, OCTOBER).filter(standing_code=SAME)
        kinds = positions.by_category(warehouse, OCTOBER).filter(pl.col("people_count").is_between(1, 4))
    add("full cost", quoted, "full_pence")
    add("alternatives", quoted, "alternative_pence")
    add("paid twice", twice, "twice_pence")
    return found | {f"spent, {row['category_code']}": row["spent_pence"] for row in kinds.iter_rows(named=True)}


def words_of(page: Path, pdf: Path, workbook: Path) -> Iterator[tuple[str, str]]:
    """The text of a pack's three files, numbers of the workbook as pence."""
    yield page.name, unescape(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8")))
    yield pdf.name, re.sub(r"\s+", "", "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(pdf.read_bytes())).pages))
    sheets = pl.read_excel(workbook, sheet_id=0, engine="calamine", infer_schema_length=0)
    cells = (str(cell) for sheet in sheets.values() for row in [sheet.columns, *sheet.rows()] for cell in row if cell is not None)
    yield workbook.name, " ".join(cells)


@pytest.fixture(scope="module")
def outputs(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    folder, found = tmp_path_factory.mktemp("out"), {}
    for outside in (False, True):
        written, _ = written_pack(run.settings, "QZZ", month="2026-10", out=folder / f"{outside}", outside=outside)
        found |= dict(words_of(written.page, written.pdf, written.workbook))
    dashboards = written_bi(run.settings, "QZZ", out=folder / "bi")
    found["measures.parquet"] = pl.read_parquet(dashboards / "measures.parquet").write_csv(separator="|")
    with duckdb.connect(str(dashboards / "dashboards.duckdb"), read_only=True) as book:
        for name in ("measures", "measures_by_month", "measures_now"):
            found[name] = book.sql(f"SELECT * FROM bi.{name}").pl().write_csv(separator="|")
    return found


def is_in(text: str, pence: int) -> bool:
    return bool(re.search(rf"(?<!\d)(?<!\d[,.])(?:{re.escape(pounds(pence))}|{pence}(?:\.0)?)(?![,.]?\d)", text))


def test_the_world_has_money_of_few_and_the_search_finds_what_is_printed(run: Run, outputs: Outputs) -> None:
    few = amounts_of_few(run)
    assert {f"full cost, {FEW}", f"alternatives, {FEW}", f"paid twice, {FEW}"} <= few.keys()
    with opened(run.settings, "QZZ") as warehouse:
        everyone = cost_neutrality(warehouse, OCTOBER).filter(pl.col("alternative_pence") > 0)
    assert everyone.height > 20
    told = int(everyone["alternative_pence"].sum())  # (months of it there are none)
    assert [name for name, text in outputs.items() if not is_in(text, told)] == ["measures_by_month"]


def test_money_of_1_to_4_people_is_in_no_output(run: Run, outputs: Outputs) -> None:
    found = [(words, name) for words, pence in amounts_of_few(run).items() for name, text in outputs.items() if is_in(text, pence)]
    assert found == []


def test_nor_is_it_the_whole_less_the_groups_that_are_printed(run: Run, outputs: Outputs) -> None:
    with opened(run.settings, "QZZ") as warehouse:
        quoted = cost_neutrality(warehouse, OCTOBER).filter(pl.col("alternative_pence") > 0)
    for pence in ("full_pence", "alternative_pence"):
        groups = quoted.group_by("care_group_code").agg(pl.col(pence).sum(), people=pl.len())
        for name, text in outputs.items():
            kept = [row for row in groups.iter_rows(named=True) if not is_in(text, row[pence])]
            assert len(kept) >= 2, (pence, name)
            assert sum(row["people"] for row in kept) > 4


RATIO = Measure("m.ratio", "Money", "Cost", "Cost of quotes", "share", "pence of cost", "test", denominator_words="pence of quotes")
FIRST, LAST = OCTOBER.first, OCTOBER.last


def denominators(*rows: dict[str, object]) -> list[float | None]:
    return protect(measures_frame(rows))["denominator"].to_list()


def test_pounds_a_ratio_is_out_of_go_where_few_people_are_behind_them() -> None:
    group = ("band", "a", "A")
    assert denominators(RATIO.row(FIRST, LAST, numerator=90_00, denominator=80_00, n=3, denominator_n=3)) == [None]
    assert denominators(RATIO.row(FIRST, LAST, numerator=0, denominator=80_00, n=0, denominator_n=3, group=group)) == [None]
    assert denominators(RATIO.row(FIRST, LAST, numerator=90_00, denominator=80_00, n=3, denominator_n=30)) == [80_00]


def test_of_a_group_of_nobody_knows_how_many_nothing_is_printed() -> None:
    cost = Measure("m.cost", "Money", "Cost", "Cost", "pence", "pence", "test")
    mean = Measure("m.mean", "Money", "Mean", "Mean", "pence", "", "test")
    group = ("band", "a", "A")
    assert denominators(RATIO.row(FIRST, LAST, numerator=90_00, denominator=80_00, n=30, group=group)) == [None]
    assert denominators(RATIO.row(FIRST, LAST, numerator=90_00, denominator=80_00, n=30)) == [80_00]
    rows = [
        cost.row(FIRST, LAST, numerator=5_00, group=group),
        mean.row(FIRST, LAST, value=2.0, group=group),
        mean.row(FIRST, LAST, value=2.0),
    ]
    told = protect(measures_frame(rows))
    assert told["value"].to_list() == [None, None, 2.0]
    assert told.filter(group_code=WHOLE)["is_kept_back"].to_list() == [False]


def test_the_number_behind_a_denominator_is_in_no_output(outputs: Outputs) -> None:
    assert [name for name, text in outputs.items() if "denominator_n" in text] == []
