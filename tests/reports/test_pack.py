"""The committee pack: text, chart and table agree in the page, the PDF and the workbook, and small numbers are in none of them."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from html import unescape
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import polars as pl
import pypdf
import pytest

from phb_audit import reports
from phb_audit.errors import UsageError
from phb_audit.reports import controls
from phb_audit.reports.chart import Chart
from phb_audit.reports.measure_words import SOURCES, interval, is_met, out_of, shown, target
from phb_audit.reports.measures import measures, sources, with_targets
from phb_audit.reports.measures_settings import chosen
from phb_audit.reports.pack import Pack, pack_of
from phb_audit.reports.pack_command import written_pack
from phb_audit.reports.pack_files import page_of, pdf_of, write_pack
from phb_audit.reports.pack_form import NOT_WRITTEN, Form
from phb_audit.reports.pack_people import People
from phb_audit.reports.programme_spend import Line
from phb_audit.reports.protected import grid_of, protect
from phb_audit.reports.small_numbers import kept_back
from phb_audit.run import Run
from phb_audit.tables.measures import Measure
from tests.builders import make_run
from tests.reports.pack_world import AS_OF, pack_world

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
PROGRAMME = (Line("Workshops", "programme", 100_000_00, 90_000_00), Line("=To sites", "direct_to_sites", 20_000_00, None))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    made = pack_world(make_run(tmp_path_factory.mktemp("pack")))
    yield made
    made.warehouse.close()


@pytest.fixture(scope="module")
def measured(run: Run) -> pl.DataFrame:
    picked = chosen()
    return with_targets(measures(run.warehouse, FIRST, LAST, sources(picked, run_id=run.run_id, as_of=AS_OF)), picked)


def packed(run: Run, measured: pl.DataFrame, *, outside: bool = False) -> Pack:
    return pack_of(
        protect(measured, outside=outside),
        commissioner_code="QZZ",
        run_id=run.run_id,
        as_of=AS_OF,
        first_on=FIRST,
        last_on=LAST,
        charts=chosen().charts,
        tested=controls.of_pack(run.warehouse, run.settings, "QZZ", run.run_id),
        form=Form(),
        programme=PROGRAMME,
        outside=outside,
    )


@pytest.fixture(scope="module")
def pack(run: Run, measured: pl.DataFrame) -> Pack:
    return packed(run, measured)


@pytest.fixture(scope="module")
def page(pack: Pack) -> str:
    return page_of(pack).decode()


@pytest.fixture(scope="module")
def pdf(pack: Pack) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf_of(pack, AS_OF)))


@pytest.fixture(scope="module")
def workbook(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    written = write_pack(pack, tmp_path_factory.mktemp("files"), "p", AS_OF)
    read: dict[str, pl.DataFrame] = pl.read_excel(written.workbook, sheet_id=0, engine="calamine", infer_schema_length=0)
    return read


def plain(html: str) -> str:
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", html)))


def letters(pdf: pypdf.PdfReader) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pdf.pages))


def people_page(pack: Pack) -> People:
    assert pack.people
    return pack.people


def every_chart(pack: Pack) -> list[Chart]:
    """The charts that have their numbers in a table under them."""
    return [*pack.charts, *people_page(pack).charts]


def every_row(pack: Pack) -> list[tuple[str, ...]]:
    """Every row of text of every table of the pack."""
    tables = [pack.key, pack.reasons, pack.rules, pack.money, pack.data, pack.learning, pack.controls, pack.programme]
    tables += (
        [one.rows for one in (*pack.raised, *pack.fair, *pack.spending)]
        + [one.rows for one in every_chart(pack)]
        + [rows for _, rows in pack.further]
        + [people_page(pack).key, people_page(pack).groups]
    )
    return [row for table in tables for row in table]


def test_the_page_the_pdf_and_the_workbook_have_every_sentence_and_every_number(
    pack: Pack, page: str, pdf: pypdf.PdfReader, workbook: dict[str, pl.DataFrame]
) -> None:
    on_page, on_paper = plain(page), letters(pdf)
    cells = {re.sub(r"\s+", "", str(cell)) for sheet in workbook.values() for row in [sheet.columns, *sheet.rows()] for cell in row if cell}
    said = [*pack.summary, *pack.money_words, *pack.statement, *(cell for row in every_row(pack) for cell in row if cell)]
    said += [words for chart in every_chart(pack) for words in (chart.heading, *chart.notes)] + [*people_page(pack).notes]
    assert len(said) > 500
    for words in {re.sub(r"\s+", "", one) for one in said}:
        assert words in on_page, words
        assert words in on_paper, words
        assert words in cells, words


def test_every_point_of_a_chart_stands_where_its_number_in_the_table_says(pack: Pack) -> None:
    assert len(pack.charts) >= 4
    for chart in pack.charts:
        told = dict(re.findall(r"<title>([^:<]+): ([^<]+)</title>", chart.svg))
        table = {row[0]: row[1] for row in chart.rows if not row[4].startswith("no number")}
        assert {label: unescape(value) for label, value in told.items()} == table
        ticks = [
            (float(y) - 4, float(re.sub(r"[£,%]", "", words)))
            for y, words in re.findall(r'<text x="64" y="([-\d.]+)" text-anchor="end">([^<]+)</text>', chart.svg)
        ]
        scale, zero = np.polyfit([y for y, _ in ticks], [value for _, value in ticks], 1)
        drawn = re.findall(r'(?:cy="([\d.]+)" r="4.5"|<path d="M[\d.]+ ([\d.]+)l7)[^>]*><title>([^:<]+): ', chart.svg)
        assert len(drawn) == len(table)
        for round_y, pointed_y, label in drawn:
            y = float(round_y or float(pointed_y) + 7)
            printed = float(re.sub(r"[£,%]| per 100| days", "", table[label]))
            assert scale * y + zero == pytest.approx(printed, abs=abs(scale) * 0.6 + 0.06), (chart.chart_id, label)


def test_a_chart_is_told_in_words_from_its_own_numbers(pack: Pack) -> None:
    chart = next(one for one in pack.charts if one.chart_id == "chart-evidence-receipts")
    last = chart.rows[-1]
    assert f"{last[1]} in {last[0]}" in chart.heading
    assert "lower than usual" in chart.heading
    assert f"Latest {last[1]}, usual between {last[2]} and {last[3]}" in chart.alt
    assert f'<title id="{chart.chart_id}-alt">' in chart.svg
    assert "7 points rising or falling" in chart.notes[0]


def test_the_numbers_of_the_workbook_are_those_printed(pack: Pack, workbook: dict[str, pl.DataFrame]) -> None:
    sheet = workbook["All measures"]
    assert sheet.height == pack.measured.height
    for row, value, printed in zip(pack.measured.iter_rows(named=True), sheet["Value"], sheet["As printed"], strict=True):
        assert printed == shown(row)
        assert (value is None) == (row["value"] is None)
        if value is not None:
            assert float(value) == pytest.approx(row["value"])


def test_every_number_in_a_sentence_is_a_number_of_a_measure(pack: Pack) -> None:
    number = re.compile(r"£?\d[\d,]*(?:\.\d+)?%?")
    known = {"95%", "100"}  # the intervals; `per 100`; how many measures met their targets is counted below
    for row in pack.measured.filter(group_code="all").iter_rows(named=True):
        known.update(number.findall(" ".join((shown(row), out_of(row), target(row), interval(row)))))
    known.update(number.findall(f"{pack.period} {pack.statement[0].split('we checked')[0]}"))
    aimed = [row for row in pack.measured.filter(group_code="all").iter_rows(named=True) if row["target"] is not None]
    standing = [is_met(row) for row in aimed]
    known.update(str(count) for count in (len(aimed), standing.count(True), standing.count(False), standing.count(None)))
    said = [*pack.summary, *pack.money_words, pack.statement[0], pack.statement[1], pack.statement[3]]
    found = {one for words in said for one in number.findall(words)}
    assert len(found) > 16
    assert found <= known


def test_no_small_number_can_be_solved_for_from_the_pack(measured: pl.DataFrame) -> None:
    grid = grid_of(measured.to_dicts())
    hidden = kept_back(grid.cells, grid.sums)
    unknown = sorted(hidden | {place for place, cell in enumerate(grid.cells) if not cell.is_printed})
    small = [place for place in unknown if grid.cells[place].is_small]
    assert len(small) > 20
    matrix = np.zeros((len(grid.sums), len(unknown)))
    at = {place: number for number, place in enumerate(unknown)}
    for number, one in enumerate(grid.sums):
        for place, sign in ((one.whole, 1), *((part, -1) for part in one.parts)):
            if place in at:
                matrix[number, at[place]] += sign
    _, size, right = np.linalg.svd(matrix)
    free = right[int((size > 1e-9).sum()) :]
    assert [place for place in small if not (np.abs(free[:, at[place]]) > 1e-9).any()] == []


def test_without_the_second_step_some_could_be(measured: pl.DataFrame) -> None:
    grid = grid_of(measured.to_dicts())
    first = {place for place, cell in enumerate(grid.cells) if cell.is_small and cell.is_printed}
    assert kept_back(grid.cells, grid.sums) > first


def test_no_cell_of_the_pack_counts_from_1_to_4_of_people(pack: Pack) -> None:
    told = pack.measured.filter(small_number_code="people")
    assert not [n for n in told["n"] if n is not None and 0 < n < 5]
    assert told.filter("is_kept_back").height > 10


def test_outside_every_count_is_a_multiple_of_five(run: Run, measured: pl.DataFrame) -> None:
    outside = packed(run, measured, outside=True)
    counts = outside.measured.filter((pl.col("small_number_code") == "people") & pl.col("unit_code").is_in(["count", "per_100"]))
    for name in ("numerator", "denominator"):
        assert all(value % 5 == 0 for value in counts[name].drop_nulls())
    assert "rounded for readers outside" in page_of(outside).decode()


def test_what_a_measure_was_counted_from_is_told_in_words(
    pack: Pack, page: str, pdf: pypdf.PdfReader, workbook: dict[str, pl.DataFrame]
) -> None:
    words = {row[2] for row in pack.definitions}
    assert words <= set(SOURCES.values())
    assert set(workbook["All measures"]["Source"]) == set(workbook["Definitions"]["Source"]) == words
    cells = " ".join(str(cell) for sheet in workbook.values() for row in sheet.rows() for cell in row)
    for told in (plain(page), letters(pdf), cells):
        assert not re.search(r"(?:finance|reports|measures)[/_]\w+|\.(?:py|sql)\b", told)


def test_every_measure_there_is_has_its_source_in_words() -> None:
    rooms = [import_module(f"phb_audit.reports.{one.name}") for one in iter_modules(reports.__path__) if one.name.startswith("measures_")]
    found = [value for room in rooms for value in vars(room).values()]
    measured = [one for value in found for one in (value.values() if isinstance(value, dict) else [value]) if isinstance(one, Measure)]
    assert len(measured) > 50
    assert {one.source for one in measured} == SOURCES.keys()


def test_three_sentences_come_first_and_what_people_write_is_never_filled_in(pack: Pack, page: str) -> None:
    assert len(pack.summary) == 3
    assert page.index(pack.summary[0].split(",")[0]) < page.index("Key measures")
    assert plain(page).count(re.sub(r"\s+", "", NOT_WRITTEN)) == 6
    assert "substantial" not in page
    assert "It is not an internal audit opinion." in page


def test_the_same_pack_gives_the_same_bytes(pack: Pack, tmp_path: Path) -> None:
    first = write_pack(pack, tmp_path / "one", "p", AS_OF)
    assert first.hashes == write_pack(pack, tmp_path / "two", "p", AS_OF).hashes


def test_the_pdf_is_tagged_dated_and_has_words_for_every_picture(pack: Pack, pdf: pypdf.PdfReader) -> None:
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    meta = pdf.xmp_metadata.stream.get_data().decode() if pdf.xmp_metadata else ""
    assert "pdfuaid:part" in meta
    assert "pdfaid:part" in meta
    charts = [*every_chart(pack), *(one.chart for one in (*pack.raised, *pack.fair) if one.chart)]
    things = [pdf.get_object(number) for number in range(1, int(pdf.trailer["/Size"]))]  # type: ignore[call-overload]
    alts = [thing["/Alt"] for thing in things if isinstance(thing, dict) and "/Alt" in thing]
    assert sorted(alts) == sorted(chart.alt for chart in charts)


def test_senders_words_are_text_everywhere(page: str, workbook: dict[str, pl.DataFrame], pack: Pack, tmp_path: Path) -> None:
    assert "Learning &lt;i&gt;disability&lt;/i&gt;" in page
    assert "<i>" not in page
    path = write_pack(pack, tmp_path, "p", AS_OF).workbook
    with zipfile.ZipFile(path) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    assert "=City()" in set(workbook["By group"]["Group"])


def test_a_pack_takes_under_thirty_seconds(run: Run, tmp_path: Path) -> None:
    run.warehouse.close()
    started = time.monotonic()
    written, _ = written_pack(run.settings, "QZZ", month="2026-10", months=3, out=tmp_path)
    assert time.monotonic() - started < 30
    assert written.page.name == "QZZ-pack-2026-10-3-months.html"


def test_a_month_after_the_night_and_a_home_without_one_are_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lies after the newest night"):
        written_pack(run.settings, "QZZ", month="2026-11", out=tmp_path)
    with pytest.raises(UsageError, match="No night has been run"):
        written_pack(run.settings, "QYY", month="2026-10", out=tmp_path)


def test_own_targets_win_and_unknown_names_are_refused(run: Run, measured: pl.DataFrame) -> None:
    own = run.settings.home / "measures.toml"
    own.write_text('[targets]\n"evidence.receipts" = 0.4\n[charts]\nshift = 8\n')
    try:
        picked = chosen(run.settings)
        assert with_targets(measured, picked).filter(measure_id="evidence.receipts")["target"][0] == 0.4
        assert picked.charts.shift == 8
        assert picked.targets["decisions.in_time"] == 0.9
        own.write_text("[charts]\nlength = 8\n")
        with pytest.raises(UsageError, match="nobody knows"):
            chosen(run.settings)
        own.write_text('[targets]\n"money.spent" = 5\n')
        with pytest.raises(UsageError, match=r"money\.spent, which can have none"):
            with_targets(measured, chosen(run.settings))
    finally:
        own.unlink()
