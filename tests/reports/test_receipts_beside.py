"""Payment and receipt side by side: on the night's page without a picture, on the page made for it with one, and in `explain`."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest
from PIL import Image

from phb_audit.cli import app
from phb_audit.errors import UsageError
from phb_audit.flagged.explain_receipts import Beside
from phb_audit.reports import flagged_items, receipt_pictures, receipts_beside
from phb_audit.reports.command import report
from phb_audit.reports.flagged_items import NOT_IN_THIS_PAGE, build_report, write_with_pictures
from phb_audit.reports.page import policy
from phb_audit.reports.receipts_explained import ReceiptsExplained, check_target
from phb_audit.run import Run
from tests.builders import Row, fill
from tests.reports.flagged_world import ANN, BEN, CLUB, SHED, TAXI, WAGES, flagged_world
from tests.reports.papers import kept_reading, sealed_photo
from tests.reports.test_flagged_items import case_words, words_of

SHED_REF, CLUB_REF, WAGES_REF, SEVERAL_REF = "F02601AB", "F02602CD", "F02603EF", "F02608QR"
SEEN = re.compile(r'<img class="phb-paper" alt="[^"]*" src="data:image/jpeg;base64,([^"]+)">')


def paper(run: Run, receipt_id: str, holder_id: str, file_id: str, *links: tuple[str, str], **more: object) -> None:
    """A receipt that came as that file, beside payments: (payment_id, link_code)."""
    said = {"receipt_id": receipt_id, "holder_id": holder_id, "file_id": file_id, "image_hash": file_id, "is_readable": True, **more}
    beside: list[Row] = [
        {"payment_id": payment_id, "receipt_id": receipt_id, "holder_id": holder_id, "link_code": code, "because": "a reason (1)"}
        for payment_id, code in links
    ]
    fill(run, {"validated.receipts": [said], "matched.receipt_links": beside})


@pytest.fixture
def world(run: Run) -> Run:
    """The night, with a photo of a receipt beside the second case's payment."""
    file_id = sealed_photo(flagged_world(run))
    fill(run, {"nights.runs": [{"as_of_on": run.as_of, "state_code": "published"}]})
    paper(run, "R7", BEN, file_id, (CLUB, "one"), supplier_name="<i>Northern</i> Seeds", total_pence=20_00, vat_pence=3_33)
    kept_reading(run, file_id, "<i>Northern</i> Seeds", "20.00", 0.74)
    return run


def page_of(run: Run) -> str:
    return build_report(run).read_text(encoding="utf-8")


def with_pictures(run: Run) -> str:
    return build_report(run, with_pictures=True).read_text(encoding="utf-8")


def test_both_sides_stand_beside_each_other_with_how_sure_and_what_agrees(world: Run) -> None:
    told = case_words(page_of(world), CLUB_REF)
    for said in (
        "Field On the receipt How sure At the bank Do they agree?",
        "<i>Northern</i> Seeds 74% sure: look at it <b>Swim & Gym</b> Not alike",
        "Total £20.00 74% sure: look at it £45.00 £25.00 less than was paid",
        "VAT £3.33",
        "Read by machine (a test). Check it against the picture.",
        "with the points of each: a reason (1)",
        NOT_IN_THIS_PAGE,
    ):
        assert said in told, said


def test_the_nights_page_shows_no_picture_and_is_the_same_again(world: Run) -> None:
    first = page_of(world)
    with_pictures(world)
    assert "<img" not in first
    assert page_of(world) == first
    assert report(world.settings, "QZZ").name == "QZZ-2026-10-31.html"


def test_without_the_key_the_page_stands_and_says_nothing_of_how_sure(world: Run) -> None:
    world.settings.key_path("QZZ").unlink()
    told = case_words(page_of(world), CLUB_REF)
    assert "How sure" not in told
    assert NOT_IN_THIS_PAGE in told


def test_the_picture_asked_for_stands_in_another_file_small_bare_and_for_nobody_else(world: Run) -> None:
    world.warehouse.close()
    made = write_with_pictures(world.settings, "QZZ")
    page = made.read_text(encoding="utf-8")
    told, again = SEEN.findall(page)  # the payment is in two cases
    assert told == again
    with Image.open(io.BytesIO(base64.b64decode(told))) as shown:
        assert shown.width * shown.height <= receipt_pictures.PIXELS
        assert not shown.getexif()
    assert made.name == "QZZ-2026-10-31-with-pictures.html"
    assert made.stat().st_mode & 0o077 == 0
    assert "This page shows pictures of receipts, and they may name people." in words_of(page)


def test_but_for_pictures_both_pages_say_the_same(world: Run) -> None:
    plain = words_of(page_of(world)).replace(NOT_IN_THIS_PAGE, "")
    shown = words_of(with_pictures(world)).replace(flagged_items.SHOWS_PICTURES, "")
    assert " ".join(plain.split()) == " ".join(shown.split())


def test_what_a_receipt_says_cannot_become_markup_and_the_page_asks_for_nothing(world: Run) -> None:
    page = with_pictures(world)
    assert "<i>Northern" not in page
    assert "&lt;i&gt;Northern&lt;/i&gt; Seeds" in page
    assert all(source.startswith("data:image/jpeg;base64,") for source in re.findall(r'\ssrc="([^"]*)"', page))
    assert not re.search(r"<script|<link[^>]*href=\"(?!data:)|\ssrcset=|url\((?!['\"]?data:)", page)
    assert f'content="{policy()}"' in page


@pytest.mark.parametrize("links", [((WAGES, "one"),), ((CLUB, "open"), (WAGES, "open"))])
def test_a_receipt_of_a_person_paid_shows_no_picture_no_name_and_no_lines(world: Run, links: tuple[tuple[str, str], ...]) -> None:
    file_id = sealed_photo(world, ("PRISCILLA QUAGMIRE", "TOTAL   640.00"))
    line = {"receipt_line_id": "L9", "receipt_id": "R9", "holder_id": BEN, "line_number": 1, "description": "Quagmire's hours"}
    paper(world, "R9", BEN, file_id, *links, supplier_name="Priscilla Quagmire", total_pence=640_00)
    fill(world, {"validated.receipt_lines": [line]})
    page = with_pictures(world)
    assert "Quagmire" not in page
    assert "R9" not in "".join(re.findall("<img[^>]*alt=.[^>]*?src", page))
    assert len(SEEN.findall(page)) == 2
    assert case_words(page, WAGES_REF).count(receipt_pictures.PERSON_PAID) == 1
    assert case_words(page, CLUB_REF).count(receipt_pictures.PERSON_PAID) == len(links) - 1


def test_receipts_of_a_tie_are_shown_as_what_may_belong(run: Run) -> None:
    flagged_world(run)
    for receipt_id in ("R7", "R8"):
        paper(run, receipt_id, BEN, "", (CLUB, "open"), supplier_name="Swim Gym", total_pence=45_00)
    told = case_words(page_of(run), CLUB_REF)
    assert "No receipt yet." not in told
    assert told.index("Receipt 1 of 2") < told.index("Receipt 2 of 2")
    assert told.count("It may belong to this payment: more than one would do as well.") == 2


def test_a_case_of_several_payments_shows_their_receipts_and_how_many_more(run: Run) -> None:
    flagged_world(run)
    for place in range(receipts_beside.MOST_RECEIPTS):
        paper(run, f"R7{place}", BEN, "", (CLUB, "split"), supplier_name="Swim Gym", total_pence=9_00)
    paper(run, "R79", BEN, "", (TAXI, "one"), supplier_name="City Taxis", total_pence=18_00)
    told = case_words(page_of(run), SEVERAL_REF)
    assert "Receipt and bank line" in told
    assert "And 1 more receipt:" in told


@pytest.mark.parametrize(("most", "seen"), [({"MOST_PICTURES": 1}, 1), ({"MOST_BYTES": 1_000}, 0)])
def test_limits_are_kept_and_the_highest_priority_has_its_picture_first(
    world: Run, monkeypatch: pytest.MonkeyPatch, most: dict[str, int], seen: int
) -> None:
    world.warehouse.run(
        "UPDATE flagged.cases SET priority_code = CASE WHEN case_ref = $ref THEN 'high' ELSE 'medium' END", {"ref": CLUB_REF}
    )
    paper(world, "R6", ANN, sealed_photo(world, ("SHEDS", "TOTAL   1.00")), (SHED, "one"), supplier_name="Sheds", total_pence=1_00)
    assert len(SEEN.findall(with_pictures(world))) == 3
    for name, value in most.items():
        monkeypatch.setattr(receipt_pictures, name, value)
    page = with_pictures(world)
    assert len(SEEN.findall(page)) == seen
    assert receipt_pictures.FULL in case_words(page, SHED_REF)
    assert (receipt_pictures.FULL in case_words(page, CLUB_REF)) == (seen == 0)


def explained(world: Run, *payment_ids: str, receipt_id: str | None = None, with_readings: bool = True) -> ReceiptsExplained:
    made = ReceiptsExplained(world.settings, "QZZ", with_readings)
    made.told(world.warehouse, payment_ids, receipt_id)
    return made


def test_explain_has_the_same_fields_and_says_how_to_see_the_picture(world: Run) -> None:
    (told,) = ReceiptsExplained(world.settings, "QZZ").told(world.warehouse, [CLUB], None)
    total = next(field for field in told.fields if field.field == "Total")
    assert (total.bank, total.receipt, total.how_sure, total.agrees) == (
        "£45.00",
        "£20.00",
        "74% sure: look at it",
        "£25.00 less than was paid",
    )
    assert told.picture == "Picture kept sealed: `phb-audit explain R7 --picture R7.jpg` writes it."
    (past,) = ReceiptsExplained(world.settings, "QZZ", with_readings=False).told(world.warehouse, [CLUB], None)
    assert {field.how_sure for field in past.fields} == {""}


def test_explain_tells_no_name_and_no_line_where_a_person_was_paid(world: Run) -> None:
    (told,) = ReceiptsExplained(world.settings, "QZZ").told(world.warehouse, [WAGES], None)
    assert "Quagmire" not in repr(told)
    assert told.lines == ()


def test_explain_tells_the_lines_of_what_a_business_sold(world: Run) -> None:
    (told,) = ReceiptsExplained(world.settings, "QZZ").told(world.warehouse, [SHED], None)
    assert told.lines == ("Summer house 6x4, £1,149.00", "Delivery, £50.00")
    assert told.picture == receipt_pictures.TYPED
    assert isinstance(told, Beside)


def test_the_picture_is_written_as_the_file_named_or_into_a_folder_for_nobody_else(world: Run, tmp_path: Path) -> None:
    (path,) = explained(world, CLUB).write(tmp_path / "seen.jpg")
    (inside,) = explained(world, SHED, CLUB).write(tmp_path)
    assert (path.name, inside.name) == ("seen.jpg", "R7.jpg")
    assert path.read_bytes() == inside.read_bytes()
    assert path.read_bytes().startswith(b"\xff\xd8\xff")
    assert b"a place" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob(".*.jpg*"))


@pytest.mark.parametrize(
    ("payments", "receipt_id", "words"),
    [
        ((), None, "There is no receipt beside it"),
        ((SHED,), None, receipt_pictures.TYPED),
        ((SHED, CLUB), None, "There are 2 receipts: R7, R1"),
    ],
)
def test_where_there_is_no_picture_to_write_it_says_why(
    world: Run, tmp_path: Path, payments: tuple[str, ...], receipt_id: str | None, words: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        explained(world, *payments, receipt_id=receipt_id).write(tmp_path / "seen.jpg")
    assert not (tmp_path / "seen.jpg").exists()


def test_a_receipt_named_is_written_though_the_payment_has_others(world: Run, tmp_path: Path) -> None:
    paper(world, "R8", BEN, "", (CLUB, "split"), supplier_name="Other", total_pence=1_00)
    (path,) = explained(world, CLUB, receipt_id="R7").write(tmp_path / "seen.jpg")
    assert path.exists()


def test_a_person_paid_has_no_picture_written(world: Run, tmp_path: Path) -> None:
    paper(world, "R9", BEN, sealed_photo(world, ("SOMEBODY", "TOTAL   640.00")), (WAGES, "one"), total_pence=640_00)
    for target in (tmp_path / "seen.jpg", tmp_path):
        with pytest.raises(UsageError, match="a person was paid"):
            explained(world, WAGES, receipt_id="R9").write(target)
    assert not list(tmp_path.glob("*.jpg"))


def test_every_reason_for_no_picture_says_what_to_do() -> None:
    reasons = {getattr(receipt_pictures, name) for name in ("TYPED", "NOT_SENT", "PERSON_PAID", "NO_KEY", "NO_ORIGINAL", "NOT_SHOWN")}
    assert reasons == receipt_pictures.DO.keys()


@pytest.mark.parametrize("name", ["seen.txt", "nowhere/seen.jpg", "seen"])
def test_a_picture_is_written_only_as_a_jpeg_where_there_is_a_folder(tmp_path: Path, name: str) -> None:
    check_target(tmp_path)
    check_target(tmp_path / "seen.JPG")
    with pytest.raises(UsageError):
        check_target(tmp_path / name)


def command(world: Run, *words: str) -> object:
    world.warehouse.close()
    return app([*words, "--home", str(world.settings.home)], result_action="return_value")


def test_the_command_explains_side_by_side_and_writes_the_picture(world: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(world, "explain", CLUB, "--picture", str(tmp_path / "seen.jpg")) == 0
    told = capsys.readouterr()
    assert re.search(r"\n  Total +£45\.00 +£20\.00 \(74% sure: look at +£25\.00 less than was\n", told.out)
    assert f"Picture: {tmp_path / 'seen.jpg'}" in told.err
    assert (tmp_path / "seen.jpg").exists()


def test_the_command_refuses_a_name_before_it_explains(world: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError, match=r"seen\.txt"):
        command(world, "explain", CLUB, "--picture", str(tmp_path / "seen.txt"))
    assert capsys.readouterr().out == ""


def test_the_command_writes_the_page_with_pictures_and_only_that(world: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(world, "report", "--pictures") == 0
    assert capsys.readouterr().out.strip().endswith("QZZ-2026-10-31-with-pictures.html")
    for more in (["--format", "pdf"], ["--lane", "restricted"]):
        with pytest.raises(UsageError, match="Pictures stand only"):
            command(world, "report", "--pictures", *more)


def test_what_is_made_on_demand_calls_accounts_that_stand_in_for_people_accounts(world: Run) -> None:
    fill(world, {"validated.budgets": [{"budget_id": "G9", "holder_id": ANN, "holding_code": "none_on_file"}]})
    assert " of 3 accounts, " in words_of(with_pictures_on_demand(world))


def with_pictures_on_demand(run: Run) -> str:
    run.warehouse.close()
    return write_with_pictures(run.settings, "QZZ").read_text(encoding="utf-8")
