"""Sentences of columns, and that nothing makes them in the way that stops a night."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

import phb_audit
from phb_audit.sentences import filled_in

ROWS = pl.DataFrame({"who": ["Ann", None, ""], "count": [1, 2, 3], "on": ["May", "June", "July"]})


def told(template: str, *values: pl.Expr | str) -> list[str | None]:
    return ROWS.select(filled_in(template, *values).alias("told"))["told"].to_list()


def test_each_gap_is_filled_in_order_and_what_is_not_known_is_not_told() -> None:
    assert told("{} came {} times.", "who", pl.col("count") * 2) == ["Ann came 2 times.", None, " came 6 times."]
    assert told("{}{}", "count", "on") == ["1May", "2June", "3July"]
    assert told("{}", "count") == ["1", "2", "3"]
    assert told("Nothing to fill.")[0] == "Nothing to fill."


@pytest.mark.parametrize(("template", "values"), [("{}", ()), ("{} {}", ("who",)), ("none", ("who",))])
def test_another_number_of_values_than_gaps_is_refused(template: str, values: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="takes"):
        filled_in(template, *values)


def test_nothing_uses_what_stops_a_night_one_time_in_two() -> None:
    folder = Path(phb_audit.__file__).parent
    uses = [path.name for path in folder.rglob("*.py") if re.search(r"\bpl\.format\(|import.*\bformat\b", path.read_text())]
    assert uses == []
