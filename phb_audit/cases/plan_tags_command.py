"""`phb-audit plan tags`: goal tags proposed for the outcomes of plans, and `--confirm LIST.csv --by NAME` to record them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl

from phb_audit.cases.goal_tags import confirm_goal_tags, goal_tags
from phb_audit.cases.plan_tags import LIST, TAGS, confirmed_tags, outcomes_of_file, outcomes_on_file, proposed, read_list
from phb_audit.errors import CLEAN, REFUSED, WARNINGS, UsageError
from phb_audit.matched.goal_tables import goals
from phb_audit.matched.outcome_keys import ANYBODY
from phb_audit.settings import Settings

Say = Callable[[str], None]
LIMIT = f"An outcome has {len(TAGS)} tags at most."


def propose_file(source: Path | None, *, out: Path, settings: Settings, commissioner_code: str | None, as_json: bool, say: Say) -> int:
    """Write the list of proposals to `out`, for the outcomes of `source` or, without it, of every plan in the warehouse.

    Raises UsageError where there are no outcomes, or `out` cannot be written.
    """
    outcomes = outcomes_of_file(source) if source else outcomes_on_file(settings, commissioner_code or "")
    if outcomes.is_empty():
        where = source.name if source else "the plans of this commissioner"
        raise UsageError(f"There are no outcomes in {where}.", do="Run a night with plans, or give a CSV with a column outcome.")
    rows = proposed(outcomes, confirmed_tags(settings, commissioner_code) if commissioner_code else goal_tags([]))
    os.umask(0o077)  # outcomes are a person's own words
    try:
        rows.select(LIST).write_csv(out)
    except OSError as error:
        raise UsageError(
            f"{out.name} cannot be written.", do="Check the folder and its permissions, or name another with --out."
        ) from error
    already = int(rows["is_confirmed"].sum())
    untold = rows.filter(~pl.col("is_confirmed") & (pl.col(TAGS[0]) == "")).height
    counts = {
        "outcomes": rows.height,
        "confirmed": already,
        "proposed": rows.height - already - untold,
        "not_told": untold,
        "list": str(out),
    }
    words = (
        f"{rows.height} outcomes in {out}: {counts['proposed']} with tags proposed, {untold} whose words tell none, "
        f"{already} confirmed before. Edit it, then: phb-audit plan tags --confirm {out} --by NAME"
    )
    say(json.dumps(counts) if as_json else words)
    return CLEAN


def confirm_list(source: Path, *, settings: Settings, commissioner_code: str, by: str, as_json: bool, say: Say, note: Say) -> int:
    """Record the tags of a list; good rows are taken though others are refused. Returns 0, 1 when some were refused, 3 when all.

    Rows without tags are left undecided; tags confirmed before and unchanged are not recorded again. Raises UsageError where the file
    cannot be read or lacks a column, or nobody is named.
    """
    asked = read_list(source)
    if "outcome_key" not in asked.columns or TAGS[0] not in asked.columns:
        what = f"{source.name} lacks the columns outcome_key and {TAGS[0]}."
        raise UsageError(what, do="Take the list that `phb-audit plan tags` writes, edit it, and keep its header.")
    tags, refused, left = rows_decided(asked, known_keys(settings, commissioner_code))
    for line, reason in refused:
        note(f"{source.name}, line {line}: {reason}")
    before = {
        key: set(codes) for key, codes in confirmed_tags(settings, commissioner_code).group_by("outcome_key").agg("domain_code").iter_rows()
    }
    new = {key: codes for key, codes in tags.items() if before.get(key) != set(codes)}
    rows = [(key, code) for key, codes in new.items() for code in codes]
    frame = pl.DataFrame(rows, schema={"outcome_key": pl.String, "domain_code": pl.String}, orient="row")
    recorded = confirm_goal_tags(settings, commissioner_code, frame, by=by) if rows else named(by)
    counts = {"recorded": recorded, "unchanged": len(tags) - len(new), "undecided": left, "refused": len(refused)}
    words = (
        f"{recorded} outcomes recorded for {commissioner_code}, {counts['unchanged']} confirmed before, {left} left undecided, "
        f"{len(refused)} rows refused. The next night reads them."
    )
    say(json.dumps(counts) if as_json else words)
    return CLEAN if not refused else WARNINGS if tags else REFUSED


def named(by: str) -> int:
    """Nothing recorded; raises UsageError where `by` names nobody, as recording would."""
    if not by.strip():
        raise UsageError("A decision needs the name of the person who made it.", do="Give it with --by.")
    return 0


def known_keys(settings: Settings, commissioner_code: str) -> set[str]:
    """The keys of all outcomes on file."""
    return set(outcomes_on_file(settings, commissioner_code)["outcome_key"])


def rows_decided(asked: pl.DataFrame, known: set[str]) -> tuple[dict[str, list[str]], list[tuple[int, str]], int]:
    """The tags of each outcome that can be taken, rows that cannot (line, why), and how many rows were left without tags."""
    codes, tags, left = set(goals().domains), dict[str, list[str]](), 0
    refused: list[tuple[int, str]] = []
    names = [name for name in asked.columns if name.startswith("proposed_")]
    for line, row in enumerate(asked.select("outcome_key", *names).iter_rows(), start=2):
        key, given = row[0], list(dict.fromkeys(code.lower() for code in row[1:] if code))
        unknown = [code for code in given if code not in codes]
        if not given:
            left += 1
        elif key is None:
            refused.append((line, "it has no outcome_key."))
        elif key not in known and not key.startswith(f"{ANYBODY}/"):
            refused.append((line, "no plan on file has an outcome of that key."))
        elif unknown:
            refused.append((line, f"{', '.join(unknown)}: not a code of goal_domains.csv."))
        elif len(given) > len(TAGS):
            refused.append((line, LIMIT))
        elif tags.get(key, given) != given:
            refused.append((line, "the same outcome has other tags on an earlier line."))
        else:
            tags[key] = given
    return tags, refused, left
