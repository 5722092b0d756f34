"""The shared page: escaped, self-contained, the same every time."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import jinja2
import pytest

from phb_audit.reports import page
from phb_audit.reports.static.trim import trim

STATIC = Path(page.__file__).parent / "static"


def made(source: str, **values: object) -> str:
    return page.environment().from_string(source).render(**values)


def test_what_a_sender_wrote_is_escaped_in_every_part() -> None:
    source = """{% import "parts.jinja" as parts %}{{ parts.table("t", words, [(words, "")], [[words]]) }}
    {{ parts.facts([(words, words)]) }}{{ parts.list([words]) }}{{ parts.inset(words) }}
    {{ parts.bare_table(words, [words, "b"], [[words, words]]) }}"""
    html = made(source, words='<img src=x onerror="1">')
    assert "<img" not in html
    assert html.count("&lt;img") == 13


def test_a_name_the_template_does_not_get_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError):
        made("{{ nobody_gave_this }}")


def test_the_policy_names_the_style_sheet_by_its_hash() -> None:
    digest = base64.b64encode(hashlib.sha256(page.styles().encode()).digest()).decode()
    assert page.policy() == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def test_the_style_sheets_reach_for_nothing() -> None:
    for name in page.STYLE_SHEETS:
        css = (STATIC / name).read_text(encoding="utf-8")
        assert not re.search(r"url\((?!['\"]?data:)|@import|@font-face|Frutiger", css), name


def test_trimming_takes_out_fonts_addresses_and_unused_rules() -> None:
    css = """@charset "UTF-8"; @font-face { font-family: "Frutiger W01"; src: url("https://elsewhere/x.woff"); }
    /* words */ body { font-family: "Frutiger W01", arial, sans-serif; }
    .nhsuk-tag, .nhsuk-hero { color: red; background: url("/assets/x.svg"); }
    @media print { .nhsuk-hero { color: blue; } .nhsuk-details { display: block; } }"""
    assert trim(css) == "body{font-family: arial, sans-serif}\n.nhsuk-tag{color: red}\n@media print{\n.nhsuk-details{display: block}\n}"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (page.counted(1, "purchase"), "1 purchase"),
        (page.counted(1204, "person", "people"), "1,204 people"),
        (page.listed(["a", "b", "c"]), "a, b and c"),
        (page.listed([]), ""),
        (page.percent(0.958, 1), "95.8%"),
        (page.percent(None), page.DASH),
        (page.percent(0.003), "under 1%"),
        (page.percent(0.0003, 1), "under 0.1%"),
        (page.percent(0.0), "0%"),
        (page.words_of("direct_payment"), "Direct payment"),
        (page.words_of(None), page.DASH),
        (page.lower_first("Ask for evidence"), "ask for evidence"),
    ],
)
def test_numbers_and_codes_become_words(told: str, expected: str) -> None:
    assert told == expected


def test_a_page_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")
    with pytest.raises(jinja2.UndefinedError):
        page.write_page(path, "page.jinja")
    assert path.read_text() == "old"


def test_words_are_marked_whole_and_whatever_their_capitals_and_stay_text() -> None:
    assert page.marked("Riding and <b>horse riding</b>, no ridings", ("riding",)) == (
        "<mark>Riding</mark> and &lt;b&gt;horse <mark>riding</mark>&lt;/b&gt;, no ridings"
    )
    assert page.marked("To feel less  alone, alone", ("alone", "feel less alone")) == "To <mark>feel less  alone</mark>, <mark>alone</mark>"
    assert page.marked("A <i>", ()) == "A &lt;i&gt;"
    assert page.marked("a.c abc", ("a.c",)) == "<mark>a.c</mark> abc"
