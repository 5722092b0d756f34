"""A mapping file adds a layout; a mistake in it is answered with what to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.errors import UsageError
from phb_audit.sources.feeds import CELLS, FEEDS
from phb_audit.sources.mapping import known_layouts, read_mapping
from tests.sources.cells import cells, recognised

GOOD = """
[[layout]]
code = "our_bank"
feed = "bank"
amount_sign = "out"
may_be_missing = ["description_text"]
[layout.columns]
paid_on_text = "When"
amount_text = { first_of = ["Billed", "Asked"] }
payee_text = "Whom"
description_text = ["Note", "Tag"]
account_stand_in = ["Team", "Card"]
[layout.constants]
currency_text = "GBP"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "ours.toml"
    path.write_text(text)
    return path


def test_a_mapping_adds_a_layout(tmp_path: Path) -> None:
    (layout,) = read_mapping(written(tmp_path, GOOD))
    rows = cells("When,Asked,Billed,Whom,Tag,Note,Team,Card\n01/07/2026,5.00,,TESCO,food,lunch,North,7\n", layout)
    wanted = ("paid_on_text", "amount_text", "payee_text", "description_text", "account_stand_in", "currency_text", "amount_sign_code")
    assert rows.select(wanted).row(0) == ("01/07/2026", "5.00", "TESCO", "lunch food", "North 7", "GBP", "out")


MEMO = "Number,Date,Account,Amount,Subcategory,Memo\n1,01/07/2026,7,5.00,x,TESCO\n"
OWN = """
[[layout]]
code = "our_memo"
feed = "bank"
amount_sign = "out"
ignored = [IGNORED]
[layout.columns]
paid_on_text = "Date"
amount_text = "Amount"
payee_text = "Memo"
type_text = "Subcategory"
account_stand_in = "Account"
"""


@pytest.mark.parametrize(("ignored", "code"), [('"Number"', "our_memo"), ("", "bank_memo")])
def test_the_layout_that_knows_most_headers_wins_and_of_equals_the_analysts(tmp_path: Path, ignored: str, code: str) -> None:
    layouts = read_mapping(written(tmp_path, OWN.replace("IGNORED", ignored)))
    assert recognised(MEMO, *layouts).layout_code == code


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (GOOD.replace("paid_on_text", "paid_on"), "unknown columns of feed bank: paid_on"),
        (GOOD.replace('feed = "bank"', 'feed = "banc"'), "'banc' is not a feed"),
        (GOOD.replace('amount_sign = "out"', ""), "amount_text without `amount_sign`"),
        (GOOD.replace('amount_sign = "out"', 'amount_sign = "up"'), "`amount_sign` is 'up'"),
        (GOOD.replace('code = "our_bank"', 'code = "Our Bank"'), "`code` must be small letters"),
        (GOOD.replace("may_be_missing", "may_miss"), "unknown settings: may_miss"),
        (GOOD.replace("amount_sign", 'unique_reference = ["No"]\namount_sign'), "unknown headers for unique_reference: No"),
        (GOOD.replace("amount_sign", 'file_name = "("\namount_sign'), "`file_name` is not a regular expression"),
        (GOOD.replace('{ first_of = ["Billed", "Asked"] }', "7"), "column amount_text must be a header"),
        ("layout = 3", "must hold \\[\\[layout\\]\\] tables"),
        ("[[layout]", "cannot be read as TOML"),
    ],
)
def test_a_mistake_is_told_with_the_file_and_what_to_do(tmp_path: Path, wrong: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as refused:
        read_mapping(written(tmp_path, wrong))
    assert "ours.toml" in str(refused.value)
    assert refused.value.do


def test_a_mapping_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        read_mapping(tmp_path / "none.toml")


def test_every_feed_has_a_shipped_layout() -> None:
    assert {layout.feed for layout in known_layouts()} == set(FEEDS)


def test_every_column_that_may_be_missing_is_one_the_layout_has() -> None:
    for layout in known_layouts():
        assert layout.may_be_missing <= set(layout.columns), layout.code
        assert set(layout.columns) <= CELLS[layout.feed], layout.code
