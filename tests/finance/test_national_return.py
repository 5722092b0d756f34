"""The national return: its lines come to the total, it is checked before it is written, and one that was sent is held to the register."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.cli.returns import national_return
from phb_audit.errors import UsageError
from phb_audit.finance.national_return import age_of, group_of, returned, shape_of, with_lines
from phb_audit.finance.people import Register, people_on
from phb_audit.finance.return_checks import STOP, About, against, checked, of_itself
from phb_audit.finance.return_command import quarter_asked
from phb_audit.run import Run
from phb_audit.settings import Settings
from tests.builders import Row, fill
from tests.finance import worlds as a

SEPTEMBER = date(2026, 9, 30)
GROUPS = ("CHC adult", "children's continuing care", "s117 mental health", "learning disability joint", "fast track end of life",
          "wheelchair budget", "one-off mental health")  # fmt: skip


def world(run: Run, *more: Row, as_of: date = date(2026, 10, 31)) -> Settings:
    budgets = [
        a.budget(1, holder_id=f"H{place:016d}", starts=date(2024 + place % 3, 4 + place % 3, 1), care_group_code=GROUPS[place % 7],
                 holding_code=("notional", "direct_payment", "third_party")[place % 3], age_band="0-17" if place % 7 == 1 else "18-64",
                 ends_on=date(2026, 6, 30) if place % 10 == 0 else None)
        for place in range(70)
    ]  # fmt: skip
    night = {"commissioner_code": "QZZ", "as_of_on": as_of, "state_code": "published"}
    fill(run, {"nights.runs": [night], "validated.budgets": [*budgets, *more]})
    return run.settings


def ours(run: Run, last_on: date = SEPTEMBER) -> pl.DataFrame:
    return returned(Register.read(run.warehouse, last_on), last_on, "QZZ", {})


def test_the_lines_of_every_part_come_to_the_total_of_both_counts(run: Run) -> None:
    world(run)
    told = ours(run)
    total = told.filter(part_code="total").row(0, named=True)
    assert 0 < total["active_count"] < total["year_to_date_count"] < 70
    for part in ("age", "holding", "group"):
        rows = told.filter(part_code=part)
        assert (rows["year_to_date_count"].sum(), rows["active_count"].sum()) == (total["year_to_date_count"], total["active_count"]), part
    assert list(of_itself(told)) == []
    assert told.filter(line_code="child")["active_count"].item() == told.filter(line_code="children_continuing_care")["active_count"].item()


@pytest.mark.parametrize(
    ("band", "line"),
    [("0-17", "child"), ("under 18", "child"), ("18-64", "adult"), ("65+", "adult"), ("85 and over", "adult"), ("16-24", None),
     ("0-18", None), ("Under 25", None), ("17", None), ("not known", None), (None, None)],
)  # fmt: skip
def test_an_age_band_tells_children_from_adults_or_nothing(band: str | None, line: str | None) -> None:
    assert age_of(band) == line


def test_a_care_group_is_known_by_its_words_or_by_what_a_commissioner_says_of_it() -> None:
    assert [group_of(name, {}) for name in GROUPS] == [
        "chc_adult", "children_continuing_care", "section_117", "learning_disability", "fast_track", "wheelchair", "mental_health",
    ]  # fmt: skip
    assert group_of("Blue pathway", {}) is None
    assert group_of("Blue pathway", {"Blue pathway": "chc_adult"}) == "chc_adult"


def test_the_file_is_written_with_what_is_to_be_explained(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = world(run, a.budget(1, holder_id="H9", care_group_code="Blue pathway"))
    run.warehouse.close()
    assert national_return(quarter="2026/27-Q2", out=tmp_path, home=settings.home) == 1
    said = capsys.readouterr().out
    assert "counted as other: Blue pathway" in said
    assert "Wheelchair budgets without a review" in said
    frame = pl.read_csv(tmp_path / "QZZ-return-2026-27-Q2.csv")
    assert frame["last_on"].unique().to_list() == ["2026-09-30"]
    assert frame.height == 15
    (settings.home / "national_return.toml").write_text('[care_groups]\n"Blue pathway" = "chc_adult"\n', encoding="utf-8")
    national_return(quarter="2026/27-Q2", out=tmp_path, home=settings.home)
    assert "Blue pathway" not in capsys.readouterr().out
    (settings.home / "national_return.toml").write_text('[care_groups]\n"Blue pathway" = "chk"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="there are none of: chk"):
        national_return(home=settings.home)


@pytest.mark.parametrize(
    ("quarter", "why"),
    [
        ("2026/27-Q3", "ends on 31 December 2026, after the newest night, that of 31 October 2026"),
        ("2016/17-Q2", "ended on 30 September 2016, before the first budget on file began"),
        ("2023/24-Q4", "ended on 31 March 2024, before the first budget on file began"),
    ],
)
def test_a_quarter_there_is_nothing_of_is_refused_with_those_there_are(run: Run, tmp_path: Path, quarter: str, why: str) -> None:
    settings = world(run, a.budget(1, holder_id="H9", starts=date(2005, 1, 1)))  # one without a first day
    sent = tmp_path / "sent.csv"
    ours(run, quarter_asked(quarter)).write_csv(sent)
    run.warehouse.close()
    for check in (None, sent):
        with pytest.raises(UsageError, match=why) as refused:
            national_return(quarter=quarter, out=tmp_path / "none", check=check, home=settings.home)
        assert "Name one from 2024/25-Q1 to 2026/27-Q2." in str(refused.value.do)
    assert not (tmp_path / "none").exists()


def test_the_first_quarter_with_a_budget_is_told_also_where_it_is_the_budgets_last_day(run: Run, tmp_path: Path) -> None:
    settings = world(run, a.budget(1, holder_id="H9", starts=date(2016, 9, 30), ends_on=date(2016, 9, 30)))
    run.warehouse.close()
    national_return(quarter="2016/17-Q2", out=tmp_path, home=settings.home)
    assert pl.read_csv(tmp_path / "QZZ-survey-2016-17-Q2.csv")["people_count"][0] == 1
    with pytest.raises(UsageError, match="before the first budget") as refused:
        national_return(quarter="2016/17-Q1", home=settings.home)
    assert "from 2016/17-Q2 to" in str(refused.value.do)


@pytest.mark.parametrize(
    ("starts", "words"), [(None, "No budget with a first day is on file"), (date(2026, 10, 5), "2026/27 Q2 ended on 30 September 2026")]
)
def test_without_a_quarter_that_has_ended_there_is_no_return(run: Run, starts: date | None, words: str) -> None:
    rows = [a.budget(1, holder_id="H9", starts=starts)] if starts else []
    night = {"commissioner_code": "QZZ", "as_of_on": date(2026, 10, 31), "state_code": "published"}
    fill(run, {"nights.runs": [night], "validated.budgets": rows})
    run.warehouse.close()
    with pytest.raises(UsageError, match=words) as refused:
        national_return(home=run.settings.home)
    assert ("The first will be 2026/27-Q3" in str(refused.value.do)) is bool(starts)


def test_before_april_2017_it_is_the_survey_with_one_number_a_line(run: Run, tmp_path: Path) -> None:
    settings = world(run, a.budget(1, holder_id="H9", starts=date(2016, 1, 1), care_group_code="CHC adult"))
    run.warehouse.close()
    assert (shape_of(date(2016, 9, 30)), shape_of(SEPTEMBER)) == ("survey", "return")
    national_return(quarter="2016/17-Q2", out=tmp_path, home=settings.home)
    frame = pl.read_csv(tmp_path / "QZZ-survey-2016-17-Q2.csv")
    assert frame.columns[-1] == "people_count"
    assert frame["people_count"][0] == 1


def changed(told: pl.DataFrame, line_code: str, **numbers: int) -> pl.DataFrame:
    is_line = pl.col("line_code") == line_code
    return told.with_columns(pl.when(is_line).then(value).otherwise(name).alias(name) for name, value in numbers.items())


@pytest.mark.parametrize(
    ("numbers", "words"),
    [({"active_count": 99}, "more active"), ({"year_to_date_count": -1}, "below nought"), ({"year_to_date_count": 90}, "come to")],
)
def test_what_cannot_be_right_stops_it(run: Run, numbers: dict[str, int], words: str) -> None:
    world(run)
    found = of_itself(changed(ours(run), "third_party", **numbers))
    assert any(words in one.words and one.level == STOP for one in found)


def test_counts_that_were_mixed_are_told_from_counts_that_moved(run: Run) -> None:
    world(run)
    told = ours(run)
    total = told.row(0, named=True)
    swapped = changed(told, "total", active_count=total["year_to_date_count"])
    (mixed,) = against(swapped, told)
    assert mixed.level == STOP
    assert "mixed (G-18)" in mixed.words
    (moved,) = against(changed(told, "total", active_count=total["active_count"] + 1), told)
    assert moved.level == "explain"
    assert against(told, told) == ()


def test_a_return_that_was_sent_is_read_and_held_to_the_register(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = world(run)
    sent = tmp_path / "sent.csv"
    told = ours(run)
    run.warehouse.close()
    told.sample(fraction=1, shuffle=True, seed=1).write_csv(sent)
    assert national_return(quarter="2026/27-Q2", check=sent, home=settings.home) == 0
    changed(told, "total", active_count=told["year_to_date_count"][0]).write_csv(sent)
    assert national_return(quarter="2026/27-Q2", check=sent, home=settings.home) == 3
    assert "look mixed" in capsys.readouterr().out
    for wrong in (told.drop("line"), told.head(3), told.with_columns(quarter=pl.lit("2026/27 Q1"))):
        wrong.write_csv(sent)
        with pytest.raises(UsageError, match=r"sent\.csv"):
            national_return(quarter="2026/27-Q2", check=sent, home=settings.home)


def test_within_a_year_the_year_to_date_cannot_fall_and_a_leap_is_to_be_explained(run: Run) -> None:
    world(run)
    register = Register.read(run.warehouse, SEPTEMBER)
    people = with_lines(people_on(register, SEPTEMBER), {})
    now, before = ours(run), returned(register, date(2026, 6, 30), "QZZ", {})
    held = About(people, before, True)
    words = " ".join(one.words for one in checked(now, held))
    assert "register of budgets is late" in words
    assert "fell from" not in words
    assert "active after" not in words
    more = changed(before, "total", year_to_date_count=500, active_count=20)
    found = checked(now, About(people, more, False))
    assert (found[0].level, "fell from 500" in found[0].words) == (STOP, True)
    assert any("active after 20" in one.words for one in found)
    march = returned(register, date(2026, 3, 31), "QZZ", {})
    april = checked(now, About(people, changed(march, "total", year_to_date_count=500), False))
    assert not any("fell from" in one.words for one in april)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026/27-Q2", SEPTEMBER), ("2026-27 q4", date(2027, 3, 31)), ("2026/27 Q3", date(2026, 12, 31)), ("2016/17-Q1", date(2016, 6, 30))],
)
def test_quarters_are_read_as_people_write_them(text: str, day: date) -> None:
    assert quarter_asked(text) == day


@pytest.mark.parametrize("text", ["2026/28-Q2", "2026/27-Q5", "Q2", "2026-10"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no quarter of the NHS year"):
        quarter_asked(text)
