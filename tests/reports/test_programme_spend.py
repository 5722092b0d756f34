"""Programme spend: both sums always stand there, and what is not told is not zero."""

from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.errors import UsageError
from phb_audit.reports.programme_spend import planned_sums, read_programme, table

# Lines made up for the test; only their two sums are those of the 2015/16 plan:
# about 1.18 million pounds with "up to 120,000 direct to sites".
PLAN = """line,part,planned,actual
Workshops,programme,"£210,000","205,000.50"
Training of personal assistants,programme,"300,000","310,000"
Support organisations,programme,"350,000","350,000"
Measuring,programme,"200,000","150,000"
Up to this much direct to sites,direct_to_sites,"120,000","118,000"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "programme.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_lines_come_to_1_18_million_only_with_what_goes_direct_to_sites(tmp_path: Path) -> None:
    lines = read_programme(written(tmp_path, PLAN))
    without, with_it = planned_sums(lines)
    assert (without, with_it) == (1_060_000_00, 1_180_000_00)
    assert table(lines)[-2:] == (
        ("Sum without what goes direct to sites", "", "£1,060,000.00", "£1,015,000.50", "-£44,999.50"),
        ("Sum with what goes direct to sites", "", "£1,180,000.00", "£1,133,000.50", "-£46,999.50"),
    )


def test_what_is_not_told_is_not_zero(tmp_path: Path) -> None:
    lines = read_programme(written(tmp_path, 'line,part,planned,actual\nWorkshops,programme,"10",\nMeasuring,programme,5,4\n'))
    assert table(lines)[0][3:] == ("–", "–")  # noqa: RUF001
    assert table(lines)[-1] == ("Sum with what goes direct to sites", "", "£15.00", "£4.00, 1 not told", "–")  # noqa: RUF001


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("line,planned\nx,1\n", "needs the columns"),
        ("line,part,planned,actual\n", "has 0 lines"),
        ("line,part,planned,actual\nWorkshops,other,1,1\n", "Line 2"),
        ("line,part,planned,actual\nWorkshops,programme,much,1\n", "Line 2"),
        ("line,part,planned,actual\nWorkshops,programme,1,many\n", "Line 2"),
        ("line,part,planned,actual\nWorkshops,programme,1,1,1\n", "Line 2"),
        ("line,part,planned,actual\n,programme,1,1\n", "Line 2"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        read_programme(written(tmp_path, text))


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_programme(tmp_path / "none.csv")
