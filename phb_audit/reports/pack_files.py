"""A pack as three files of the same words: a page, a PDF (PDF/UA-1 and PDF/A-2a) and a workbook. The same pack gives the same bytes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

from phb_audit.reports import pack_people, programme_spend
from phb_audit.reports.measure_words import shown, source
from phb_audit.reports.pack import GROUP_HEADINGS, KEY_HEADINGS, Pack
from phb_audit.reports.pack_form import NOT_WRITTEN
from phb_audit.reports.page import render
from phb_audit.reports.pdf import compiled
from phb_audit.reports.safe_workbook import SAFE, Sheet

SERVICE = "Personal health budget spending review"
PLAIN_HEADINGS = ("Measure", "Value", "Out of", "Target", "Standing")
SPENDING_HEADINGS = ("What", "Spend", "Share of all spend")
HEADINGS = {
    "spending": SPENDING_HEADINGS,
    "key": KEY_HEADINGS,
    "groups": GROUP_HEADINGS,
    "plain": PLAIN_HEADINGS,
    "programme": programme_spend.HEADINGS,
    "people": pack_people.HEADINGS,
    "people_groups": pack_people.GROUP_HEADINGS,
}
MEASURED = (
    ("Measure", "measure_id"), ("Title", "title"), ("Broken down by", "group_code"), ("Group", "group_label"), ("From", "first_on"),
    ("To", "last_on"), ("Unit", "unit_code"), ("Value", "value"), ("Lower", "lower"), ("Upper", "upper"), ("Counted", "numerator"),
    ("What was counted", "numerator_words"), ("Out of", "denominator"), ("What it is out of", "denominator_words"),
    ("Target", "target"), ("Source", "source"),
)  # fmt: skip


def page_of(pack: Pack) -> bytes:
    """The pack as one self-contained page."""
    title = f"{pack.title}, {pack.commissioner_code}, {pack.period}"
    return render(
        "pack/pack.jinja",
        title=title,
        service=SERVICE,
        pack=pack,
        headings=HEADINGS,
        not_written=NOT_WRITTEN,
        made_of=[pack.made_of],
    )


def pdf_of(pack: Pack, on: date) -> bytes:
    """The pack as a tagged PDF dated that day."""
    told = {name: value for name, value in vars(pack).items() if name != "measured"}
    values = json.loads(json.dumps(told | {"headings": HEADINGS, "not_written": NOT_WRITTEN}, default=asdict, ensure_ascii=False))
    return compiled("pack.typ", "pack", values, on)


def write_workbook(pack: Pack, path: Path, on: date) -> None:
    """The pack as a workbook: its words and tables, then every measure with numbers as numbers. Nothing is a formula or a link."""
    book = xlsxwriter.Workbook(str(path), SAFE)
    book.set_properties({"title": f"{pack.title}, {pack.period}", "created": datetime(on.year, on.month, on.day, tzinfo=UTC)})
    sheet = Sheet(book)
    about = [f"{pack.commissioner_code}, {pack.period}", *pack.summary, *pack.money_words, *pack.statement, *pack.notes, pack.made_of]
    sheet.add("Summary", ("In words",), [(words,) for words in about], wide=("In words",))
    sheet.add("Key measures", KEY_HEADINGS, pack.key)
    for chart in pack.charts:
        name = chart.chart_id.removeprefix("chart-").replace("-", " ")
        sheet.add(f"Chart {name}"[:31], chart.headings, [*chart.rows, (chart.heading,), *((note,) for note in chart.notes)])
    sheet.add("By reason", ("Reason", "Items"), pack.reasons, wide=("Reason",))
    groups = [(one.title, *row) for one in (*pack.raised, *pack.fair) for row in one.rows]
    sheet.add("By group", ("Measure", *GROUP_HEADINGS), groups, wide=("Measure", "Group"))
    sheet.add("By rule", ("Rule", "Agreed", "Out of", "95% interval"), pack.rules)
    sheet.add("Money, data, learning", PLAIN_HEADINGS, [*pack.money, *pack.data, *pack.learning], wide=("Measure",))
    spent = [(one.title, *row) for one in pack.spending for row in one.rows]
    sheet.add("What it was spent on", ("Measure", *SPENDING_HEADINGS), spent, wide=("What",))
    sheet.add("Further", ("Question", *GROUP_HEADINGS), [(question, *row) for question, rows in pack.further for row in rows])
    if pack.people:
        sheet.add("People", pack_people.HEADINGS, [*pack.people.key, *((note,) for note in pack.people.notes)], wide=("Measure",))
        sheet.add("People by group", pack_people.GROUP_HEADINGS, pack.people.groups, wide=("Group",))
        for chart in pack.people.charts:
            sheet.add(chart.heading.split(":")[0], chart.headings, [*chart.rows, (chart.heading,), *((note,) for note in chart.notes)])
    sheet.add("Programme", programme_spend.HEADINGS, pack.programme, wide=("Line",))
    sheet.add("Controls", ("Control", "Result"), [*pack.controls, (pack.second_checks,), (pack.missed,)], wide=("Control", "Result"))
    sheet.add("Definitions", ("Measure", "What is counted", "Source"), pack.definitions, wide=("What is counted",))
    told = (row | {"source": source(row)} for row in pack.measured.iter_rows(named=True))
    rows = [(*(row[name] for _, name in MEASURED), shown(row)) for row in told]
    sheet.add("All measures", (*(heading for heading, _ in MEASURED), "As printed"), rows)
    book.close()


@dataclass(frozen=True)
class Written:
    """Where a pack stands, and the SHA-256 of each file by its name."""

    page: Path
    pdf: Path
    workbook: Path
    hashes: dict[str, str]


def write_pack(pack: Pack, folder: Path, name: str, on: date) -> Written:
    """Write the page, the PDF and the workbook into the folder, each in one move."""
    folder.mkdir(parents=True, exist_ok=True)
    page, pdf, workbook = (folder / f"{name}.{ending}" for ending in ("html", "pdf", "xlsx"))
    parts = {path: path.with_suffix(path.suffix + ".part") for path in (page, pdf, workbook)}
    parts[page].write_bytes(page_of(pack))
    parts[pdf].write_bytes(pdf_of(pack, on))
    write_workbook(pack, parts[workbook], on)
    for path, part in parts.items():
        part.replace(path)
    return Written(page, pdf, workbook, {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in parts})
