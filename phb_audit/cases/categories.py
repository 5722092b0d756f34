"""What lines were, as people confirmed or corrected them: remembered at once for the same wording, and told of the payee's name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from phb_audit.cases.casebook import Event, open_casebook
from phb_audit.classified.decided import sells_everything
from phb_audit.classified.model import read_lines
from phb_audit.settings import Settings
from phb_audit.tables.decided import CATEGORIES, NAMES

KIND = "category"
TEXTS = ("payee_text", "description", "mcc_code")
BODY = (*TEXTS, "category_code", "was_code", "was_set_codes", "model_version", "provenance_code", "holder_id", "reason")
DESCRIBED_WEIGHT = 0.5
"""A decision on a line with a description tells less of its payee than one on the bare name."""
UNTOLD, UNTOLD_BY_LINES = 0.1, 0.5
"""Weight left to every other category, so that one decision is not certainty: of a bare name, and of lines only."""
STRENGTH = ("imported", "confirmed", "corrected")


def confirm_categories(settings: Settings, commissioner_code: str, lines: pl.DataFrame, *, by: str, at: datetime | None = None) -> int:
    """Record what lines were; `lines` has the columns BODY (texts as in classified.strings), one row a decision; returns how many.

    Raises UsageError where `by` names nobody.
    """
    bodies = lines.select(BODY).to_dicts()
    with open_casebook(settings, commissioner_code) as casebook:
        return len(casebook.append(KIND, bodies, by=by, at=at))


def decided_categories(events: Iterable[Event]) -> pl.DataFrame:
    """The decisions in force as decided.categories: of each wording, as it is after cleaning, the newest."""
    told = [
        {name: event.body.get(name) for name in BODY}
        | {"event_number": event.event_number, "decided_by": event.decided_by, "decided_at": event.decided_at}
        for event in events
        if event.kind_code == KIND
    ]
    schema = {name: dtype for name, dtype in CATEGORIES.polars_schema.items() if not name.endswith("_words")}
    frame = pl.DataFrame(told, schema=schema) if told else pl.DataFrame(schema=schema)
    cleaned = read_lines(frame.select("description", merchant="payee_text", mcc="mcc_code"))
    frame = frame.with_columns(merchant_words=cleaned["merchant"], description_words=cleaned["description"])
    wording = ["merchant_words", "description_words", pl.col("mcc_code").fill_null("")]
    newest = frame.sort("event_number").filter(pl.struct(wording).is_last_distinct())
    return newest.select(CATEGORIES.column_names)


def decided_names(categories: pl.DataFrame) -> pl.DataFrame:
    """What the decisions tell of each payee's name, as decided.names. A person's name and a shop of many kinds tell nothing."""
    is_person = pl.col("merchant_words").str.contains(r"\bPERSON\b")
    named = categories.filter((pl.col("merchant_words") != "") & ~is_person)
    is_bare = pl.col("description_words") == ""
    teaching = named.filter(~pl.Series(sells_everything(named["merchant_words"]))).with_columns(
        weight=pl.when(is_bare).then(1.0).otherwise(DESCRIBED_WEIGHT),
        untold=pl.when(is_bare.any().over("merchant_words")).then(UNTOLD).otherwise(UNTOLD_BY_LINES),
    )
    strongest = pl.col("provenance_code").cast(pl.Enum(STRENGTH)).max().cast(pl.String)
    per_code = (
        teaching.sort("event_number")
        .group_by("merchant_words", "category_code", maintain_order=True)
        .agg(
            pl.col("weight").sum(),
            pl.col("untold").first(),
            decisions_count=pl.len().cast(pl.Int64),
            provenance_code=strongest,
            decided_by=pl.col("decided_by").last(),
            decided_at=pl.col("decided_at").last(),
        )
    )
    whole = pl.col("weight").sum().over("merchant_words") + pl.col("untold")
    return per_code.with_columns(told_share=(pl.col("weight") / whole).round(6)).select(NAMES.column_names).sort(NAMES.key)
