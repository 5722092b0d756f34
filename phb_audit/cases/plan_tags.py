"""Goal tags proposed for the outcomes of plans, as a list a person can edit; what was confirmed already shows as such."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.goal_likeness import likeness
from phb_audit.cases.goal_tags import goal_tags
from phb_audit.errors import UsageError
from phb_audit.matched.goal_states import told_domains
from phb_audit.matched.goal_tables import goals
from phb_audit.matched.goals import read_goals
from phb_audit.matched.outcome_keys import ANYBODY, outcome_key
from phb_audit.settings import Settings
from phb_audit.tables.decided import GOAL_TAGS
from phb_audit.warehouse import Warehouse, sql

TAGS = ("proposed_1", "proposed_2", "proposed_3")
LIST = ("outcome_key", "outcome_words", *TAGS, "why")
WORDS_HEADERS = ("outcome_words", "outcome_text", "outcome", "goal")
OUTCOME = dict.fromkeys(("outcome_key", "outcome_words", "goal_type"), pl.String)
LIKE = "The likeness of its words"
NOT_TOLD = "Its words tell no domain: write up to three codes of goal_domains.csv, or leave it."


def proposed(outcomes: pl.DataFrame, confirmed: pl.DataFrame) -> pl.DataFrame:
    """The list (columns LIST) for outcomes (`outcome_key, outcome_words, goal_type`): those nobody confirmed first, then the others.

    `confirmed` are rows of decided.goal_tags.
    """
    said = outcomes.select(pl.concat_str("outcome_words", "goal_type", separator=" ", ignore_nulls=True)).to_series().to_list()
    told = read_goals(said, likeness=likeness)
    firsts = told_domains(told)
    place = {code: number for number, code in enumerate(goals().domains)}
    decided = {
        key: (list(codes), by, at[:10])
        for key, codes, by, at in confirmed.group_by("outcome_key")
        .agg(pl.col("domain_code"), pl.col("decided_by").first(), pl.col("decided_at").first())
        .iter_rows()
    }
    rows = []
    for number, (key, words) in enumerate(outcomes.select("outcome_key", "outcome_words").iter_rows()):
        if key in decided:
            codes, by, day = decided[key]
            why = f"Confirmed by {by} on {day}."
        else:
            codes = [code for code in firsts[number].split("|") if code]
            heard = [f"{told.words[number].get(place[code], LIKE)} tells of {goals().names[place[code]].lower()}" for code in codes]
            why = "; ".join(heard) + "." if codes else NOT_TOLD
        padded = [*codes[: len(TAGS)], *[""] * (len(TAGS) - len(codes))]
        rows.append((key in decided, key, words, *padded, why))
    schema = {"is_confirmed": pl.Boolean, **dict.fromkeys(LIST, pl.String)}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("is_confirmed", "outcome_key")


def outcomes_on_file(settings: Settings, commissioner_code: str) -> pl.DataFrame:
    """The outcomes of all plans in the warehouse; none where no night has been run."""
    path = settings.home / "warehouse" / commissioner_code / "night.duckdb"
    if not path.exists():
        return pl.DataFrame(schema=OUTCOME)
    warehouse = Warehouse(path, read_only=True)
    try:
        found = warehouse.frame(sql(__file__, "outcomes_of_plans"))
    finally:
        warehouse.close()
    keys = [outcome_key(words, holder) for holder, words in found.select("holder_id", "outcome_text").iter_rows()]
    keyed = found.with_columns(outcome_key=pl.Series(keys, dtype=pl.String), outcome_words="outcome_text").select(list(OUTCOME))
    return keyed.unique("outcome_key", keep="first", maintain_order=True)


def outcomes_of_file(source: Path) -> pl.DataFrame:
    """The outcomes of a CSV: a column of words (WORDS_HEADERS) and, where the tags are for one holder's outcome, `holder_id`.

    Raises UsageError where the file cannot be read or has no column of words.
    """
    frame = read_list(source)
    words = next((name for name in WORDS_HEADERS if name in frame.columns), None)
    if words is None:
        raise UsageError(f"{source.name} has no column of outcomes.", do="Name it outcome; holder_id and goal_type may stand beside it.")
    rows = [
        (outcome_key(text, holder or ANYBODY), text, goal_type)
        for text, holder, goal_type in frame.select(
            words, *(name if name in frame.columns else pl.lit(None, pl.String).alias(name) for name in ("holder_id", "goal_type"))
        ).iter_rows()
        if text
    ]
    return pl.DataFrame(rows, schema=OUTCOME, orient="row").unique("outcome_key", keep="first", maintain_order=True)


def read_list(source: Path) -> pl.DataFrame:
    """A CSV with its line numbers, every cell as trimmed text, empty ones null. Raises UsageError where it cannot be read."""
    try:
        frame = pl.read_csv(source, infer_schema=False, encoding="utf8-lossy")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"{source.name} cannot be read as a CSV file.", do="Save it as CSV with a header and try again.") from error
    frame = frame.rename({name: name.strip().lower().removeprefix("\ufeff") for name in frame.columns})
    trimmed = frame.with_columns(pl.all().str.strip_chars())
    return trimmed.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in trimmed.columns)


def confirmed_tags(settings: Settings, commissioner_code: str) -> pl.DataFrame:
    """Rows of decided.goal_tags as the casebook has them now, the ones of today too."""
    return goal_tags(casebook_events(settings, commissioner_code)).select(GOAL_TAGS.column_names)
