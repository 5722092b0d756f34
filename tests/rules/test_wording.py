"""Templates to sentences."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from phb_audit.rules.wording import fields_of, limit_in_words, plain, sentence

FRAME = pl.DataFrame(
    {"amount_pence": [1_234_50], "paid_on": [date(2026, 5, 3)], "count": [2], "one": [1], "share": [0.875], "code": ["E11"], "gap": [None]},
    schema_overrides={"gap": pl.String},
)


def said(template: str, **limits: object) -> str:
    return str(FRAME.select(sentence(template, limits)).item())


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{amount_pence:pounds}", "£1,234.50"),
        ("on {paid_on:day}", "On 3 May 2026"),
        ("in {paid_on:month}", "In May 2026"),
        ("{count:many line} and {one:many line}", "2 lines and 1 line"),
        ("{share:percent} sure", "88% sure"),
        ("a {code:category}", "A hot tub and home pool"),
        ("it is {gap}", "It is not known"),
        ("Nothing to fill in.", "Nothing to fill in."),
    ],
)
def test_a_template_becomes_a_sentence(template: str, words: str) -> None:
    assert said(template) == words


def test_limits_are_written_beside_columns() -> None:
    assert said("Up to {most_pence:pounds} within {days} days.", most_pence=50_00, days=28) == "Up to £50 within 28 days."


def test_a_form_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="euros"):
        fields_of("{amount_pence:euros}")


def test_a_template_of_limits_only_is_plain_text() -> None:
    assert plain("purchases of {least_pence:pounds} or more", {"least_pence": 25_00}) == "purchases of £25 or more"


def test_limits_that_are_codes_read_as_words() -> None:
    assert limit_in_words(("E11", "5921")) == "hot tub and home pool, 5921"
