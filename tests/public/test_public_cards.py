"""The night over real public card lines, with mapping files only: an account stands in for a holder, and no plan is on file."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from flows.nightly import Finished, run_plain
from phb_audit.night import Night

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT.parent / "shared" / "data"
MAPPINGS = ROOT / "tests" / "mappings"
FOLDERS = {
    "birmingham_pcard": ("*.csv", "*.xls"),
    "calderdale_pcard": ("*.csv.gz", "sample.csv"),
}
DAY = date(2021, 12, 31)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=FOLDERS)
def night(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, Finished]:
    name: str = request.param
    if not (PUBLIC / name).is_dir():
        pytest.skip(f"the public data folder {name} is not here; it lies in ../shared/data beside the repository")
    folder = tmp_path_factory.mktemp(name)
    inbox = folder / "inbox"
    (inbox / "mappings").mkdir(parents=True)
    shutil.copy(MAPPINGS / f"{name}.toml", inbox / "mappings")
    for pattern in FOLDERS[name]:
        for path in (PUBLIC / name).glob(pattern):
            shutil.copy(path, inbox)
    finished = run_plain(Night("QPC", DAY, inbox, folder / "home", accounts_stand_in=True, threads=2))
    return name, folder / "home", finished


def published(home: Path, table: str) -> pl.DataFrame:
    return pl.read_parquet(home / "published" / "QPC" / "current" / f"{table.replace('.', '_')}.parquet")


def test_every_row_is_accounted_for(night: tuple[str, Path, Finished]) -> None:
    _, home, finished = night
    files = published(home, "landed.files")
    assert files["state_code"].to_list().count("refused") == 0
    read, landed, repeated = (files[name].sum() for name in ("rows_read", "rows_landed", "rows_repeated"))
    admitted, refused = published(home, "validated.payments").height, published(home, "validated.quarantine").height
    assert read == landed + repeated
    assert landed == admitted + refused
    assert admitted > 0.98 * landed
    assert all(totals.balance == (0, 0) for totals in finished.totals)


def test_every_payment_has_a_category_or_says_why_not(night: tuple[str, Path, Finished]) -> None:
    _, home, _ = night
    categories = published(home, "classified.payments")
    assert categories.height == published(home, "validated.payments").height
    assert categories["because"].str.len_chars().min() > 10
    assert categories["category_code"].n_unique() > 20


def test_no_plan_is_on_file_so_no_payment_is_called_outside_a_plan(night: tuple[str, Path, Finished]) -> None:
    _, home, _ = night
    assert published(home, "matched.payments").filter("is_spend")["match_code"].unique().to_list() == ["no_plan"]
    rules = published(home, "flagged.findings")["rule_id"].unique().to_list()
    assert not {"P-02", "P-03", "P-05", "P-17", "E-01"} & set(rules)


def test_the_report_says_plainly_that_no_plan_is_on_file(night: tuple[str, Path, Finished]) -> None:
    _, _, finished = night
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", finished.report.read_text()))
    assert re.search(r"no (care )?plans? (is|are) on file", words, re.IGNORECASE)
