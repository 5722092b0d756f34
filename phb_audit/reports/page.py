"""One self-contained page: the Jinja environment, the shared frame of a page, its styles, and the bytes that are written.

A page asks for nothing: no script, no font, no picture from elsewhere. Its content security policy admits only its own
style sheet, by hash. The same values give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from phb_audit.money import pounds
from phb_audit.periods import plain_day

HERE = Path(__file__).resolve().parent
STYLE_SHEETS = ("nhsuk.css", "page.css")
DASH = "–"  # noqa: RUF001 - what a reader sees where there is nothing to show


def counted(number: int, thing: str, things: str = "") -> str:
    """'1 purchase', '1,204 purchases'; `things` where the plural is not thing + s."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def listed(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def percent(share: float | None, places: int = 0) -> str:
    """A share of 0 to 1 as people read it, never 0% of something; a dash where there is none."""
    if share is None:
        return DASH
    least = 10.0**-places
    return f"under {least:.{places}f}%" if 0 < share * 100 < least / 2 else f"{share * 100:.{places}f}%"


def marked(text: str, words: Sequence[str]) -> Markup:
    """The text with these words of it marked: whole words, whatever their capitals."""
    if not words:
        return escape(text)
    every = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))
    told = re.split(rf"(?<!\w)({every})(?!\w)", text, flags=re.IGNORECASE)
    return Markup("").join(Markup("<mark>{}</mark>").format(part) if place % 2 else escape(part) for place, part in enumerate(told))


def words_of(code: str | None) -> str:
    """A code as words: 'direct_payment' is 'Direct payment'; codes in capitals stay as they are."""
    told = (code or DASH).replace("_", " ")
    return told[:1].upper() + told[1:]


def lower_first(words: str) -> str:
    """The words with a small first letter, to stand inside a sentence."""
    return words[:1].lower() + words[1:]


@cache
def environment() -> jinja2.Environment:
    """The one environment: everything is escaped, and a name a template does not get is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.do"],
    )
    made.filters.update(
        pounds=lambda pence: DASH if pence is None else pounds(pence),
        day=lambda on: plain_day(on) if isinstance(on, date) else DASH,
        short_day=lambda on: Markup('<span class="phb-nowrap">{}</span>').format(f"{on.day} {on:%b} {on.year}") if on else DASH,
        nowrap=lambda words: Markup('<span class="phb-nowrap">{}</span>').format(words),
        whole=lambda number: DASH if number is None else f"{number:,}",
        percent=percent,
        counted=counted,
        listed=listed,
        words=words_of,
        lower_first=lower_first,
        marked=marked,
        svg=lambda drawn: Markup(drawn),  # drawn by our own templates, which escape every word
        dash=lambda value: DASH if value is None or value == "" else value,
    )
    return made


@cache
def styles() -> str:
    """The style sheet of every page: the vendored NHS.UK one and ours."""
    lines = "\n".join((HERE / "static" / name).read_text(encoding="utf-8") for name in STYLE_SHEETS).splitlines()
    return "\n".join(line for line in lines if line.strip())


def policy() -> str:
    """The content security policy: nothing but our own style sheet, named by its hash, and pictures inside the page."""
    digest = base64.b64encode(hashlib.sha256(styles().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def render(template: str, **values: object) -> bytes:
    """The page `templates/<template>` (which extends page.jinja) as UTF-8 bytes.

    page.jinja needs `title`, `service` (the words in the header bar) and `made_of` (run, version: the words in the footer).
    """
    page = environment().get_template(template).render(page_styles=Markup(styles()), page_policy=Markup(policy()), **values)
    return re.sub(r"\n[ \t]*(?=\n)", "", page).encode()


def write_page(path: Path, template: str, **values: object) -> Path:
    """Render and write in one move, so that no reader ever meets half a page. Only whoever wrote it may read it."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_bytes(render(template, **values))
    return part.replace(path)
