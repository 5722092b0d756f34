"""Papers dropped in the folder: receipts with their lines, invoices, printed statements; read in a child, kept sealed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typst

from phb_audit import landed
from phb_audit.identity import read_or_make_key
from phb_audit.landed import papers
from phb_audit.run import Run
from tests.evidence import drawn
from tests.evidence.test_readings import needs_tesseract
from tests.landed.test_build import books, files, next_night, send

PERSON = "999 000 0018"
HEADER = ("Date", "Type", "Description", "Paid out (£)", "Paid in (£)", "Balance (£)")
ROWS = (
    ("1 Jul", "DEB", "TESCO STORES 2231", "3.20", "", "96.80"),
    ("", "FPO", "LEEDS PHYSIO LTD", "45.00", "", "51.80"),
    ("", "", "INVOICE 7", "", "", ""),
    ("3 Jul", "BGC", "NHS WEST YORKSHIRE ICB", "", "1,500.00", "1,551.80"),
)


def statement(path: Path, rows: tuple[tuple[str, ...], ...] = ROWS, *, opening: str = "100.00") -> Path:
    """A statement as a bank prints it: words above, columns, a balance brought forward."""
    words = ["Your account statement", "1 July 2026 to 31 July 2026", "Sort code 12-34-56", "Account number 12345678"]
    cells = [*HEADER, "", "", "Balance brought forward", "", "", opening, *(cell for row in rows for cell in row)]
    table = ", ".join(f"[#{json.dumps(cell, ensure_ascii=False)}]" for cell in cells)
    source = path.with_suffix(".typ")
    columns = "columns: (2cm, 1.5cm, 6cm, 2.6cm, 2.6cm, 2.8cm), align: (left, left, left, right, right, right), stroke: none, inset: 3pt"
    body = "\n\n".join(f"#{json.dumps(line)}" for line in words)
    source.write_text(f"#set page(width: 21cm, height: 29cm, margin: 1.5cm)\n#set text(size: 9pt)\n{body}\n\n#table({columns}, {table})\n")
    typst.compile(str(source), output=str(path))
    source.unlink()
    return path


def put(run: Run, name: str) -> Path:
    path = run.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_an_invoice_with_text_lands_with_its_lines_and_its_person(run: Run) -> None:
    drawn.pdf(put(run, f"receipts/{PERSON}/invoice.pdf"))
    put(run, f"receipts/{PERSON}/invoice.typ").unlink()
    assert books(landed.build(run)) == {"rows read": (2, 57_00), "rows landed": (2, 57_00), "rows sent before": (0, 0)}
    rows = run.warehouse.frame("FROM landed.receipts ORDER BY line_number")
    assert rows["line_description_text"].to_list() == ["Raised bed kit", "Compost 50L"]
    assert rows["line_total_text"].to_list() == ["45.00", "12.00"]
    assert rows["total_text"].unique().to_list() == ["57.00"]
    assert rows["dated_on_text"].unique().to_list() == ["2026-10-03"]
    assert rows["received_on_text"].unique().to_list() == [run.as_of.isoformat()]
    key = read_or_make_key(run.settings.key_path(run.commissioner_code))
    assert rows["holder_ref"].unique().to_list() == [key.pseudonym("H", PERSON)]
    (file,) = files(run).values()
    assert (file["layout_code"], file["feed_code"]) == ("receipts_paper", "receipts")
    assert rows["image_hash_text"].unique().to_list() == [file["file_id"]]


@needs_tesseract
def test_a_photo_lands_beside_a_table_and_a_bad_picture_is_refused_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "readings", lambda paths: real(paths, engine="tesseract"))
    drawn.picture().save(put(run, f"{PERSON} till.png"))
    put(run, "bad.jpg").write_bytes(b"\xff\xd8\xff\xe0 half a picture")
    send(run, july_csv="Number,Date,Account,Amount,Subcategory,Memo\n1,01/07/2026,12-34-56 12345678,-1.00,DEB,TESCO\n")
    assert books(landed.build(run))["rows landed"][0] >= 2
    told = files(run)
    assert told["july.csv"]["state_code"] == "landed"
    assert told["bad.jpg"]["state_code"] == "refused"
    assert "damaged" in str(told["bad.jpg"]["reason"])
    rows = run.warehouse.frame("FROM landed.receipts")
    assert rows["total_text"].unique().to_list() == ["57.00"]
    assert rows["readable_text"].unique().to_list() == ["yes"]


real = papers.readings


def test_a_picture_with_nothing_to_read_lands_as_a_receipt_that_cannot_be_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "readings", lambda paths: real(paths, engine="tesseract"))
    drawn.picture(()).save(put(run, f"{PERSON} blank.png"))
    landed.build(run)
    (row,) = run.warehouse.frame("FROM landed.receipts").to_dicts()
    assert (row["readable_text"], row["total_text"], row["line_text"]) == ("no", None, None)


def test_what_was_read_is_kept_sealed_and_not_read_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn.pdf(put(run, f"{PERSON}.pdf"))
    put(run, f"{PERSON}.typ").unlink()
    landed.build(run)
    (kept,) = (run.settings.home / "readings" / run.commissioner_code).iterdir()
    assert b"GREEN DOOR" not in kept.read_bytes()
    first = run.warehouse.frame("FROM landed.receipts ORDER BY ALL")

    def never(paths: list[Path]) -> object:
        assert not paths
        return iter(())

    monkeypatch.setattr(papers, "readings", never)
    landed.build(run)
    assert run.warehouse.frame("FROM landed.receipts ORDER BY ALL").equals(first)


def test_the_same_paper_on_a_later_night_is_a_repeat(run: Run) -> None:
    drawn.pdf(put(run, f"{PERSON}.pdf"))
    put(run, f"{PERSON}.typ").unlink()
    landed.build(run)
    assert books(landed.build(next_night(run))) == {"rows read": (2, 57_00), "rows landed": (0, 0), "rows sent before": (2, 57_00)}


def test_a_printed_statement_that_proves_lands_as_bank_lines(run: Run) -> None:
    statement(put(run, "july.pdf"))
    assert books(landed.build(run))["rows landed"] == (3, 3_20 + 45_00 - 1500_00)
    rows = run.warehouse.frame("FROM landed.payments ORDER BY line_number")
    key = read_or_make_key(run.settings.key_path(run.commissioner_code))
    assert rows["account_ref"].unique().to_list() == [key.pseudonym("B", "12345612345678")]
    assert rows["paid_on_text"].to_list() == ["2026-07-01", "2026-07-01", "2026-07-03"]
    assert rows["amount_text"].to_list() == ["-3.20", "-45.00", "1500.00"]
    assert rows["balance_text"].to_list() == ["96.80", "51.80", "1551.80"]
    assert rows["payee_text"].to_list() == ["TESCO STORES 2231", "LEEDS PHYSIO LTD", "NHS WEST YORKSHIRE ICB"]
    assert rows["description_text"].to_list() == [None, "INVOICE 7", None]
    assert rows["type_text"].to_list() == ["DEB", "FPO", "BGC"]


@pytest.mark.parametrize(
    ("rows", "opening", "words"),
    [
        ((*ROWS[:1], ("", "FPO", "LEEDS PHYSIO LTD", "45.00", "", "61.80")), "100.00", "does not prove"),
        (ROWS, "90.00", "does not prove"),
        (((*ROWS[0][:5], ""),), "100.00", "no balance after its last line"),
        ((("39 Jul", *ROWS[0][1:]),), "100.00", "day on the printed statement"),
    ],
)
def test_a_printed_statement_that_does_not_prove_is_refused_whole(
    run: Run, rows: tuple[tuple[str, ...], ...], opening: str, words: str
) -> None:
    statement(put(run, "july.pdf"), rows, opening=opening)
    assert books(landed.build(run))["rows landed"] == (0, 0)
    assert words in str(files(run)["july.pdf"]["reason"])


def test_no_name_of_a_file_is_told_where_it_cannot_be_read(run: Run) -> None:
    put(run, "Jane Example 12345678.pdf").write_bytes(b"%PDF-1.4 nothing")
    landed.build(run)
    (file,) = files(run).values()
    assert "Example" not in str(file["reason"])
    assert "cannot be read as a PDF" in str(file["reason"])
