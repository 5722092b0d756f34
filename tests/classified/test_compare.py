"""Two classifiers side by side: what changes, from what to what, and why."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from phb_audit.classified.compare import changes, compare_models, list_models
from phb_audit.classified.experts import WEIGHTS
from phb_audit.classified.learned import keep, put_in_use
from phb_audit.errors import UsageError
from phb_audit.settings import Settings
from tests.builders import fill, make_run


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A classifier that leans towards one category wherever words speak."""
    with np.load(WEIGHTS, allow_pickle=False) as held:
        arrays = dict(held)
    start = arrays["start"].copy()
    start[arrays["codes"].tobytes().decode().split("\n").index("A10")] += 15
    settings = Settings(tmp_path)
    keep(settings, "QZZ", "learned-2026-10-31", arrays | {"start": start}, {"verdict": {"reason": "Made up for this test."}})
    return tmp_path / "models" / "QZZ" / "learned-2026-10-31" / "weights.npz"


LINES = pl.DataFrame(
    {"merchant": ["", "TESCO", ""], "description": ["taxi", "", "swim"], "mcc": ["", "", ""], "payments_count": [1, 9, 4]},
)


def test_only_what_changes_is_told_most_used_first(other: Path) -> None:
    found = changes(LINES, WEIGHTS, other)
    assert "TESCO" not in found["merchant"].to_list()
    assert found["payments_count"].to_list() == sorted(found["payments_count"], reverse=True)
    assert found.height >= 1
    assert all(found["old_because"].str.len_chars() > 0)


def test_the_same_classifier_changes_nothing() -> None:
    assert changes(LINES, WEIGHTS, WEIGHTS).is_empty()


def test_a_file_is_compared_and_every_change_written(other: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "lines.csv", tmp_path / "changed.csv"
    LINES.select("merchant", "description", "mcc").write_csv(source)
    said: list[str] = []
    settings = Settings(tmp_path)
    asked = {"settings": settings, "commissioner_code": "QZZ", "say": said.append}
    compare_models("shipped", other.parent.name, source=source, out=out, as_json=True, **asked)
    told = json.loads(said[0])
    assert told["lines"] == 3
    assert told["changed"] == pl.read_csv(out).height >= 1
    put_in_use(settings, "QZZ", other.parent.name)
    compare_models("shipped", "in_use", source=source, out=None, as_json=False, **asked)
    assert said[1].startswith(f"{told['changed']} of 3 lines change from shipped to in_use")


def test_the_warehouse_is_asked_where_no_file_is_given(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    fill(run, {"classified.strings": [{"string_id": "s1", "payee_text": "TESCO"}]})
    run.warehouse.close()
    said: list[str] = []
    where = {"settings": run.settings, "commissioner_code": "QZZ", "as_json": True, "say": said.append}
    compare_models("shipped", "shipped", source=None, out=None, **where)
    assert json.loads(said[0]) == {"lines": 1, "changed": 0, "payments_changed": 0, "codes": []}
    with pytest.raises(UsageError, match="no lines to compare"):
        compare_models(
            "shipped",
            "shipped",
            source=None,
            out=None,
            settings=Settings(tmp_path / "no"),
            commissioner_code="QZZ",
            as_json=True,
            say=said.append,
        )


def test_the_list_names_which_is_in_use_and_why(other: Path, tmp_path: Path) -> None:
    said: list[str] = []
    settings = Settings(tmp_path)
    list_models(settings, "QZZ", as_json=False, say=said.append)
    put_in_use(settings, "QZZ", "learned-2026-10-31")
    list_models(settings, "QZZ", as_json=False, say=said.append)
    assert "shipped                 in use" in said[0]
    assert "learned-2026-10-31      in use   Made up for this test." in said[1]
