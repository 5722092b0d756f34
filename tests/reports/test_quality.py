"""The data-quality page and workbook: every refused row whole, by who mends it; text stays text; the same night, the same bytes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import fastexcel
import pytest

from phb_audit.identity import nhs_check_digit
from phb_audit.reports import quality, quality_rows
from phb_audit.reports.quality import build_quality
from phb_audit.reports.quality_rows import cells, heading
from phb_audit.run import Run
from tests.builders import fill, make_run

HOLDER = "H00000000000000a1"
FILE = "f" * 64
NHS = "999000001" + str(nhs_check_digit([9, 9, 9, 0, 0, 0, 0, 0, 1]))
FORMULA = '=HYPERLINK("file:///etc/hosts","x")'
PAYEES = [FORMULA, "<b>BOLD</b>", "+44 1234", "@SUM(A1)", "mailto:nobody", "{=1+1}"]
OWNER = "the account provider"
FINANCE = "the commissioner's finance team"


def landed(row_id: str, line: int, payee: str, **more: object) -> dict[str, object]:
    given = {"row_id": row_id, "file_id": FILE, "line_number": line, "layout_code": "t", "feed_code": "bank", "payee_text": payee}
    return {**given, "paid_out_text": "12,3.4", "account_ref": "B00000000000000a1", **more}


def refused(row_id: str, line: int, whole: str, **more: object) -> dict[str, object]:
    given = {"row_id": row_id, "file_id": FILE, "file_name": "october.csv", "line_number": line, "table_name": "landed.payments"}
    words = {"feed_code": "bank", "reason_codes": "amount_read", "reason": 'The amount is given as "12,3.4".', "rule_ids": "Q-03"}
    return {**given, **words, "fix_owner": OWNER, "row": whole, "amount_pence": 0, "state_code": "open", **more}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    run = make_run(Path(tmp_path_factory.mktemp("night")))
    rows = [landed(f"r{place}", place + 2, payee) for place, payee in enumerate(PAYEES)]
    rows += [landed("remarked", 20, "SHOP", description_text=f"FOR {NHS}"), landed("waiting", 30, "CARE CO")]
    fill(run, {"landed.payments": rows})
    whole = dict(run.warehouse.frame("SELECT row_id, CAST(to_json(l) AS VARCHAR) FROM landed.payments l").rows())
    kept = [refused(f"r{place}", place + 2, whole[f"r{place}"]) for place in range(len(PAYEES))]
    kept.append(refused("waiting", 30, whole["waiting"], fix_owner=FINANCE, reason="No such account.", amount_pence=40_00))
    kept.append(refused("mended", 40, "{}", state_code="readmitted", closed_run_id=run.run_id, run_id="QZZ-2026-10-30"))
    notice = {"table_name": "landed.payments", "row_id": "remarked", "file_name": "october.csv", "line_number": 20, "feed_code": "bank"}
    remark = {"reason_codes": "no_identity_in_text", "reason": "It was masked.", "rule_ids": "Q-10", "fix_owner": OWNER}
    late = {
        "table_name": "landed.feeds",
        "row_id": "card",
        "feed_code": "card",
        "reason_codes": "feed_in_time",
        "reason": "The feed is late.",
    }
    check = {
        "suite_name": "landed_payments",
        "expectation_name": "amount_read",
        "severity_code": "quarantine",
        "reason": "An amount is read.",
    }
    fill(
        run,
        {
            "validated.quarantine": kept,
            "validated.notices": [{**notice, **remark}, {**late, "fix_owner": OWNER}],
            "validated.checks": [{**check, "fix_owner": OWNER, "rows_checked": 8, "rows_failed": 6, "is_met": False}],
            "validated.held_back": [{"holder_id": HOLDER, "feed_code": "bank", "rows_refused": 6, "reason": "6 rows."}],
            "landed.feeds": [
                {"feed_code": "card", "owner": OWNER, "usual_days": 7, "is_late": True},
                {"feed_code": "bank", "owner": OWNER, "usual_days": 35, "is_late": False},
            ],
            "landed.files": [
                {"file_id": FILE, "file_name": "october.csv", "feed_code": "bank", "state_code": "landed"},
                {
                    "file_id": "d" * 64,
                    "file_name": "october again.csv",
                    "feed_code": "bank",
                    "state_code": "landed",
                    "reason": "9 lines here came before.",
                },
                {
                    "file_id": "e" * 64,
                    "file_name": "odd.csv",
                    "feed_code": "unknown",
                    "state_code": "refused",
                    "reason": "Its headers: A, B.",
                },
            ],
            "nights.control_totals": [
                {"stage_name": "validated", "side_code": "out", "item": "payments admitted", "rows_count": 2, "sum_pence": 10_00}
            ],
        },
    )
    yield run
    run.warehouse.close()


@pytest.fixture(scope="module")
def made(night: Run) -> tuple[Path, Path]:
    return build_quality(night)


@pytest.fixture(scope="module")
def page(made: tuple[Path, Path]) -> str:
    return made[0].read_text(encoding="utf-8")


def sheet(workbook: Path, name: str) -> list[dict[str, object]]:
    return fastexcel.read_excel(workbook).load_sheet(name).to_polars().to_dicts()


def test_both_stand_in_the_commissioners_quality_folder(night: Run, made: tuple[Path, Path]) -> None:
    folder = night.settings.folder("quality", "QZZ")
    assert made == (folder / "QZZ-2026-10-31.html", folder / "QZZ-2026-10-31.xlsx")
    assert sorted(path.name for path in folder.iterdir()) == ["QZZ-2026-10-31.html", "QZZ-2026-10-31.xlsx"]


def test_the_same_night_gives_the_same_bytes(night: Run, made: tuple[Path, Path]) -> None:
    before = [path.read_bytes() for path in made]
    assert [path.read_bytes() for path in build_quality(night)] == before


def test_a_feed_of_countless_bad_rows_is_counted_whole_and_shown_in_part(
    night: Run, made: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [path.read_bytes() for path in made]
    for module in (quality, quality_rows):
        monkeypatch.setattr(module, "ROWS_AT_MOST", 2)
    page, workbook = build_quality(night)
    told = page.read_text(encoding="utf-8")
    shown = [row for row in sheet(workbook, "payments") if row["What became of it"] == "refused"]
    for path, data in zip(made, before, strict=True):
        path.write_bytes(data)
    assert "7 rows refused and waiting to be mended" in told
    assert "The account provider: 6 rows" in told
    assert "4 rows more than the workbook holds" in told
    assert len(shown) == 3


def test_the_page_asks_for_nothing_from_outside(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|img|iframe|link[^>]*stylesheet)", page)
    assert not re.search(r"(src|href)=\"https?:", page)


def test_a_merchants_markup_is_shown_and_never_obeyed(page: str) -> None:
    assert "&lt;b&gt;BOLD&lt;/b&gt;" in page
    assert "<b>BOLD" not in page


def test_rows_are_grouped_by_who_mends_them_with_file_and_line_first(page: str) -> None:
    first, second = page.index("The account provider: 6 rows"), page.index("The commissioner&#39;s finance team: 1 row")
    assert (
        first < page.index("october.csv, line 2") < second < page.index("october.csv, line 30") < page.index("Rows admitted with a remark")
    )


def test_a_row_is_shown_whole(page: str) -> None:
    row = page[page.index("october.csv, line 30") :]
    row = row[: row.index("</tr>")]
    assert all(words in row for words in ("No such account.", "CARE CO", "12,3.4", "B00000000000000a1", "31 October 2026"))


def test_the_page_says_what_was_mended_who_is_held_back_and_what_is_late(page: str) -> None:
    told = page[: page.index("Rows to mend")]
    assert "2 rows admitted tonight." in told
    assert "7 rows refused and waiting to be mended, 7 of them since tonight; the amounts that could be read come to £40.00." in told
    assert "1 row refused earlier got through tonight, or its repair did." in told
    assert "1 person held back" in told
    assert "1 feed late: card." in told


def test_refused_files_checks_and_books_are_on_the_page(page: str) -> None:
    assert all(words in page for words in ("odd.csv", "Its headers: A, B.", "An amount is read.", "6 of 8", "Payments admitted", "£10.00"))


def test_a_file_that_landed_with_a_remark_is_on_the_page_with_it(page: str) -> None:
    remarked = page[page.index("Files that landed with a remark") :]
    remarked = remarked[: remarked.index("</table>")]
    assert "october again.csv" in remarked
    assert "9 lines here came before." in remarked
    assert "october.csv" not in remarked


def test_a_number_that_says_who_a_person_is_is_masked_in_both(page: str, made: tuple[Path, Path]) -> None:
    assert NHS not in page
    assert "[number removed]" in page
    assert NHS not in str(sheet(made[1], "payments"))


def test_a_person_held_back_is_shown_by_a_short_reference(page: str) -> None:
    assert "PHB-000000" in page
    assert HOLDER not in page


def test_the_workbook_has_every_row_whole(made: tuple[Path, Path]) -> None:
    rows = sheet(made[1], "payments")
    assert [row["payee"] for row in rows] == [*PAYEES, "CARE CO", "SHOP"]
    assert [row["Line"] for row in rows] == [2, 3, 4, 5, 6, 7, 30, 20]
    assert {row["What became of it"] for row in rows} == {"refused", "admitted with a remark"}
    assert rows[6]["Who can mend it"] == FINANCE
    assert rows[6]["Amount (£)"] == 40
    assert rows[0]["paid out"] == "12,3.4"


def test_the_workbook_holds_no_formula_and_no_link(made: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(made[1]) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
        names = parts.namelist()
    assert sheets
    assert not any("<f>" in words or "<hyperlink" in words for words in sheets)
    assert not any("externalLink" in name or (name.endswith(".rels") and "worksheets" in name) for name in names)


def test_the_workbook_has_a_sheet_for_all_the_rest(made: tuple[Path, Path]) -> None:
    names = fastexcel.read_excel(made[1]).sheet_names
    assert names == ["Read me", "payments", "Checks", "Feeds", "Files", "Needs a look", "Held back", "Books"]
    assert [row["Late"] for row in sheet(made[1], "Feeds")] == ["late", "in time"]
    assert sheet(made[1], "Checks")[0]["If it fails"] == "The row is refused"


def test_the_page_shows_the_first_rows_of_an_owner_and_says_how_many_more(night: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "MOST_ROWS_AN_OWNER", 2)
    page, workbook = build_quality(night)
    assert "4 more rows in the workbook QZZ-2026-10-31.xlsx." in page.read_text(encoding="utf-8")
    assert len(sheet(workbook, "payments")) == 8
    monkeypatch.undo()
    build_quality(night)


def test_a_quiet_night_has_a_page_and_a_workbook(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    page, workbook = build_quality(run)
    assert "No refused row is waiting to be mended." in page.read_text(encoding="utf-8")
    assert "payments" not in fastexcel.read_excel(workbook).sheet_names
    run.warehouse.close()


def test_cells_leave_out_blanks_and_what_is_only_ours() -> None:
    assert cells('{"run_id": "x", "row_id": "y", "payee_text": "BOOTS", "city_text": " ", "mcc_text": null}') == [("payee", "BOOTS")]
    assert heading("paid_on_text") == "paid on"


class Headings(HTMLParser):
    """Collects the levels of headings in order."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


def test_headings_never_skip_a_level(page: str) -> None:
    read = Headings()
    read.feed(page)
    assert read.levels[0] == 1
    assert all(after - before <= 1 for before, after in zip(read.levels, read.levels[1:], strict=False))
