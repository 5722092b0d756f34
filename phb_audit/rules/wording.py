"""Templates to sentences, a whole column at a time: `{amount_pence:pounds}`, `{paid_on:day}`, `{category_code:category}`."""

from __future__ import annotations

import csv
import string
from collections.abc import Mapping
from functools import cache

import polars as pl

from phb_audit.money import pounds, pounds_expr
from phb_audit.periods import plain_day_expr
from phb_audit.sentences import filled_in
from phb_audit.settings import shipped

NOT_KNOWN = "not known"
MANY = "many "
FORMS = ("", "pounds", "day", "month", "percent", "category")  # and 'many line': '1 line', '2 lines'


def fields_of(template: str) -> list[tuple[str, str]]:
    """The names a template uses and how each is to be written. Raises ValueError for a form that does not exist."""
    found = [(name, form or "") for _, name, form, _ in string.Formatter().parse(template) if name is not None]
    for name, form in found:
        if form not in FORMS and not form.startswith(MANY):
            raise ValueError(f"'{{{name}:{form}}}': the form '{form}' is not one of {', '.join(FORMS[1:])}")
    return found


def sentence(template: str, limits: Mapping[str, object]) -> pl.Expr:
    """The template as an expression over a rule's columns; a name of `limits` is written from its value. Null becomes 'not known'."""
    parts: list[pl.Expr] = []
    for words, name, form, _ in string.Formatter().parse(template):
        if words:
            parts.append(pl.lit(words))
        if name is not None:
            written = pl.lit(limit_in_words(limits[name], form or "")) if name in limits else _written(pl.col(name), form or "")
            parts.append(written.fill_null(NOT_KNOWN))
    if not parts:
        return pl.lit("")
    whole = pl.concat_str(parts)
    # A sentence may begin with a name written small: 'a named person (Y12ab)'.
    return pl.concat_str(whole.str.slice(0, 1).str.to_uppercase(), whole.str.slice(1))


def plain(template: str, limits: Mapping[str, object]) -> str:
    """A template that names limits only, as text."""
    words = string.Formatter().parse(template)
    return "".join(said + (limit_in_words(limits[name], form or "") if name else "") for said, name, form, _ in words)


def _written(column: pl.Expr, form: str) -> pl.Expr:
    match form:
        case "pounds":
            return pounds_expr(column)
        case "day":
            return plain_day_expr(column)
        case "month":
            return column.dt.strftime("%B %Y")
        case "percent":
            return filled_in("{}%", (column * 100).round(0).cast(pl.Int64))
        case _ if form.startswith(MANY):
            return filled_in(
                "{} {}{}", column, pl.lit(form.removeprefix(MANY)), pl.when(column == 1).then(pl.lit("")).otherwise(pl.lit("s"))
            )
        case "category":
            return column.replace_strict(categories(), default=column)
        case _:
            return column.cast(pl.String).str.replace(r"^(-?\d+)\.0$", "${1}")


def limit_in_words(value: object, form: str = "") -> str:
    """A limit as people read it."""
    if form == "pounds" and isinstance(value, int):
        return pounds(value).removesuffix(".00")
    if form == "percent" and isinstance(value, int | float):
        return f"{value * 100:.0f}%"
    if isinstance(value, tuple | list):
        return ", ".join(categories().get(str(item), str(item)) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


@cache
def categories() -> dict[str, str]:
    """Codes of taxonomy.csv to their names, in lower case where that reads well in a sentence."""
    with (shipped("reference") / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: _lowered(row["category"]) for row in csv.DictReader(file)}


def _lowered(name: str) -> str:
    return name if name[:2].isupper() else name[0].lower() + name[1:]
