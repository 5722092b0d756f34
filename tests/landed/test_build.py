"""A night's landing: nothing lost, nothing doubled, one bad file stops nobody."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit import landed
from phb_audit.errors import UsageError
from phb_audit.landed.night import Landing
from phb_audit.run import Run, StageTotals

HEAD = "Number,Date,Account,Amount,Subcategory,Memo\n"
JULY = HEAD + "".join(f"{day},{day:02d}/07/2026,12-34-56 12345678,-{day}.00,DEB,TESCO STORES {day}\n" for day in range(1, 11))
PEOPLE = "Person Ref,Connected Name,Role,Relationship\n9990000018,Jane Smith,pa,friend\n"
TEN_ROWS = 55_00


def send(run: Run, **files: str | bytes) -> None:
    for name, content in files.items():
        path = run.inbox / name.replace("__", "/").replace("_csv", ".csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def books(totals: StageTotals) -> dict[str, tuple[int, int]]:
    return {total.item: (total.rows, total.pence) for total in totals.totals}


def next_night(run: Run) -> Run:
    return replace(run, as_of=date(2026, 11, 30))


def files(run: Run) -> dict[str, dict[str, object]]:
    frame = run.warehouse.frame("FROM landed.files WHERE run_id = $run_id", {"run_id": run.run_id})
    return {str(row["file_name"]): row for row in frame.to_dicts()}


def count(run: Run, table: str = "payments") -> int:
    return int(run.warehouse.frame(f"SELECT count(*) FROM landed.{table}").item())


def test_every_row_and_penny_is_accounted_for(run: Run) -> None:
    send(run, july_csv=JULY)
    assert books(landed.build(run)) == {"rows read": (10, TEN_ROWS), "rows landed": (10, TEN_ROWS), "rows sent before": (0, 0)}
    rows = run.warehouse.frame("FROM landed.payments ORDER BY line_number")
    assert rows["line_number"].to_list() == list(range(2, 12))
    assert rows["run_id"].unique().to_list() == [run.run_id]
    assert rows["file_id"].unique().to_list() == [files(run)["july.csv"]["file_id"]]


def test_the_books_are_stored(run: Run) -> None:
    send(run, july_csv=JULY)
    landed.build(run)
    stored = run.warehouse.frame("SELECT side_code, sum(rows_count), sum(sum_pence) FROM nights.control_totals GROUP BY ALL ORDER BY ALL")
    assert stored.rows() == [("in", 10, TEN_ROWS), ("out", 10, TEN_ROWS)]


def test_the_same_file_twice_lands_once(run: Run) -> None:
    send(run, july_csv=JULY, again__july_copy_csv=JULY)
    assert books(landed.build(run))["rows sent before"] == (10, TEN_ROWS)
    assert [files(run)[name]["state_code"] for name in ("again/july_copy.csv", "july.csv")] == ["landed", "repeat"]
    assert files(run)["july.csv"]["reason"] == "The same bytes as again/july_copy.csv."


def test_a_file_of_an_earlier_night_lands_no_more(run: Run) -> None:
    send(run, july_csv=JULY)
    landed.build(run)
    later = next_night(run)
    assert books(landed.build(later)) == {"rows read": (10, TEN_ROWS), "rows landed": (0, 0), "rows sent before": (10, TEN_ROWS)}
    assert files(later)["july.csv"]["state_code"] == "repeat"
    assert count(run) == 10


def test_the_rows_two_statements_share_land_once(run: Run) -> None:
    lines = JULY.splitlines(keepends=True)
    send(run, a_csv="".join(lines[:8]), b_csv="".join([lines[0], *lines[5:]]))
    assert books(landed.build(run))["rows sent before"][0] == 3
    assert files(run)["b.csv"]["rows_repeated"] == 3
    assert count(run) == 10


def test_a_row_of_an_earlier_night_is_recognised_in_another_file(run: Run) -> None:
    send(run, july_csv=JULY)
    landed.build(run)
    send(run, august_csv=JULY.replace("10,10/07", "11,10/07") + "12,01/08/2026,12-34-56 12345678,-1.00,DEB,ASDA\n")
    totals = books(landed.build(next_night(run)))
    assert totals["rows landed"] == (1, 1_00)
    assert totals["rows sent before"] == (20, 2 * TEN_ROWS)


def test_two_equal_coffees_in_one_file_are_two_rows(run: Run) -> None:
    coffee = "1,01/07/2026,12-34-56 12345678,-3.20,DEB,CAFE\n"
    send(run, a_csv=HEAD + coffee * 2)
    assert books(landed.build(run))["rows landed"] == (2, 6_40)
    send(run, b_csv=HEAD + coffee * 3)
    assert books(landed.build(next_night(run)))["rows landed"] == (1, 3_20)


def test_the_spelling_of_an_amount_or_a_day_makes_no_new_row(run: Run) -> None:
    send(
        run,
        a_csv=HEAD + "1,01/07/2026,12-34-56 12345678,-1200.50,DEB,CAFE\n",
        b_csv=HEAD + '9,1 Jul 2026,12345612345678,"-1,200.5",DEB, CAFE\n',
    )
    assert books(landed.build(run))["rows landed"] == (1, 1200_50)


def test_a_row_stays_the_same_row_when_its_payee_becomes_known(run: Run) -> None:
    row = "1,01/07/2026,12-34-56 12345678,-9.00,FPO,JANE SMITH\n"
    send(run, a_csv=HEAD + row)
    landed.build(run)
    send(run, b_csv=HEAD + row + row.replace("9.00", "8.00"), people_csv=PEOPLE)
    landed.build(next_night(run))
    assert run.warehouse.frame("SELECT payee_text FROM landed.payments ORDER BY run_id").to_series().to_list() == ["JANE SMITH", "PERSON"]


def test_people_are_known_before_payments_whatever_the_order_of_files(run: Run) -> None:
    send(run, a_csv=HEAD + "1,01/07/2026,12-34-56 12345678,-9.00,FPO,J SMYTHE\n", zz_people_csv=PEOPLE)
    landed.build(run)
    payee, ref = run.warehouse.frame("SELECT payee_text, payee_ref FROM landed.payments").row(0)
    assert (payee, ref) == ("PERSON", run.warehouse.frame("SELECT payee_ref FROM landed.people").item())


def test_one_bad_file_stops_nobody_else(run: Run) -> None:
    send(run, july_csv=JULY, strange_csv="When,Whom\n1,2\n", picture_csv=b"\x89PNG\x00\x01\x02", empty_csv="")
    assert books(landed.build(run))["rows landed"] == (10, TEN_ROWS)
    states = {name: row["state_code"] for name, row in files(run).items()}
    assert states == {"july.csv": "landed", "strange.csv": "refused", "picture.csv": "refused", "empty.csv": "refused"}
    assert "Nearest: " in str(files(run)["strange.csv"]["reason"])


def test_a_file_that_may_not_be_read_stops_nobody_else(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    send(run, july_csv=JULY, locked_csv="x")
    read = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path.name == "locked.csv":
            raise PermissionError
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert books(landed.build(run))["rows landed"] == (10, TEN_ROWS)
    assert files(run)["locked.csv"]["state_code"] == "refused"


def test_a_refused_file_lands_when_a_mapping_comes(run: Run) -> None:
    send(run, strange_csv="When,Whom,Sum\n01/07/2026,TESCO,2.00\n")
    landed.build(run)
    text = '[[layout]]\ncode = "ours"\nfeed = "bank"\namount_sign = "out"\n[layout.columns]\n'
    send(run, mappings__ours_toml="")
    (run.inbox / "mappings" / "ours_toml").rename(run.inbox / "mappings" / "ours.toml").write_text(
        text + 'paid_on_text = "When"\npayee_text = "Whom"\namount_text = "Sum"\n'
    )
    assert books(landed.build(next_night(run)))["rows landed"] == (1, 2_00)


def test_a_broken_mapping_stops_the_night_before_anything(run: Run, tmp_path: Path) -> None:
    send(run, july_csv=JULY)
    (tmp_path / "bad.toml").write_text("[[layout]]\n")
    with pytest.raises(UsageError, match=r"bad\.toml"):
        landed.build(replace(run, mappings=(tmp_path / "bad.toml",)))
    assert count(run) == 0


def snapshot(run: Run) -> dict[str, pl.DataFrame]:
    return {name: run.warehouse.frame(f"FROM landed.{name} ORDER BY ALL") for name in ("payments", "files", "feeds", "people")}


def test_a_night_run_again_gives_the_same(run: Run) -> None:
    send(run, july_csv=JULY, copy_csv=JULY, people_csv=PEOPLE, strange_csv="a,b\n")
    landed.build(run)
    first = snapshot(run)
    landed.build(run)
    assert all(first[name].equals(frame) for name, frame in snapshot(run).items())


def test_a_night_run_again_lets_go_of_what_its_first_try_landed_in_every_feed(run: Run) -> None:
    heads = {
        "contracts": "Contract Ref,Person Ref,Provider,Kind,Category Code,Service,Cost,Frequency,Start Date,End Date,Paid To\n"
        "K1,9990000018,Anytown Care,commissioned,C08,Care,300.00,weekly,01/04/2026,,\n",
        "outcomes": "Person Ref,Measure,Instrument,Outcome Id,Value,Measured From,Measured To\n"
        "9990000018,Outcome met,,O1,Met,,01/09/2026\n",
        "visits": "Person Ref,Source,Assistant Name,Employee Ref,Supplier Name,Visit Date,Start Time,End Time,Hours,Signed By\n"
        "9990000018,Timesheet,,E1,,01/09/2026,09:00,12:00,,holder\n",
    }
    send(run, **{f"{name}_csv": text for name, text in heads.items()})
    first = books(landed.build(run))
    assert first["rows landed"][0] == 3
    assert books(landed.build(run)) == first


def test_a_night_that_dies_leaves_nothing_and_can_be_run_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    send(run, july_csv=JULY, people_csv=PEOPLE)
    with monkeypatch.context() as patch:
        patch.setattr(Landing, "knowing_people", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            landed.build(run)
    assert (count(run), count(run, "people"), count(run, "files")) == (0, 0, 0)
    assert books(landed.build(run))["rows landed"] == (11, TEN_ROWS)


def test_a_file_read_in_parts_lands_the_same(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    coffee = "1,01/07/2026,12-34-56 12345678,-3.20,DEB,CAFE\n"
    send(run, july_csv=JULY + coffee * 30)
    landed.build(run)
    whole = snapshot(run)["payments"]
    monkeypatch.setattr("phb_audit.sources.read.CHUNK_BYTES", 150)
    monkeypatch.setattr("phb_audit.landed.night.BATCH_BYTES", 150)
    landed.build(run)
    assert snapshot(run)["payments"].equals(whole)
    assert whole.height == 40


def test_a_feed_left_out_does_not_land_and_is_not_late(run: Run) -> None:
    send(run, july_csv=JULY, people_csv=PEOPLE)
    landed.build(replace(run, without_feeds=frozenset({"bank"})))
    assert (count(run), count(run, "people")) == (0, 1)
    assert list(files(run)) == ["people.csv"]
    assert "bank" not in run.warehouse.frame("SELECT feed_code FROM landed.feeds").to_series().to_list()
    assert books(landed.build(next_night(run)))["rows landed"] == (10, TEN_ROWS)


def test_rows_that_are_broken_land_and_say_so(run: Run) -> None:
    send(run, a_csv=HEAD + "1,01/07/2026,12-34-56 12345678,-3.20,DEB,CAFE, AND MORE\n2,02/07/2026,12-34-56 12345678,x,DEB,CAFE\n")
    assert books(landed.build(run))["rows landed"] == (2, 3_20)
    problems = run.warehouse.frame("SELECT problem_text FROM landed.payments ORDER BY line_number").to_series().to_list()
    assert problems == ["7 cells where the header has 6", None]


def test_the_log_and_the_manifest_hold_no_account_and_no_person(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    send(run, jane_12345678_csv=JULY.replace("TESCO", "MRS JANE SMITH"), strange_csv="Jane Smith,9990000018\n")
    with caplog.at_level(logging.INFO):
        landed.build(run)
    told = caplog.text + str(files(run))
    assert "12345678" not in told.replace(str(files(run)["jane_########.csv"]["file_id"]), "")
    assert "SMITH" not in told.upper()
    assert "9990000018" not in told


def test_progress_is_told_file_by_file(run: Run) -> None:
    send(run, july_csv=JULY, people_csv=PEOPLE)
    told: list[tuple[int, int, str]] = []
    landed.build(run, lambda *step: told.append(step))
    assert sorted(told) == [(1, 2, "july.csv"), (2, 2, "people.csv")]


def test_an_empty_folder_balances(run: Run) -> None:
    assert books(landed.build(run))["rows read"] == (0, 0)


@pytest.mark.parametrize(
    ("last_line", "is_told"),
    [
        ("11,11/07/2026,12-34-56 12345678,DEB,TESCO,-12.50", False),
        ("11,11/07/2026,12-34-56 12345678,DEB,TESCO,-12.50\n", False),
        ("11,11/07/2026,12-34-56 12345678,DEB,TESCO,-12", True),
        ("11,11/07/2026,12-34-56 12345678,DEB,TESCO,-12.5", True),
        ("11,11/07/2026,12-34-56 12345678,DEB,TESCO,-12\n", False),
        ("11,11/07/2026,12-34-56 12345678,DEB,TES", True),
    ],
)
def test_a_file_that_ends_in_half_an_amount_says_so(run: Run, last_line: str, is_told: bool) -> None:
    send(run, a_csv="Number,Date,Account,Subcategory,Memo,Amount\n10,10/07/2026,12-34-56 12345678,DEB,ASDA,-1.00\n" + last_line)
    landed.build(run)
    (file,) = files(run).values()
    assert (file["state_code"], file["rows_landed"]) == ("landed", 2)
    assert (file["reason"] is not None) == is_told
