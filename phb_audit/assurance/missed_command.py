"""`phb-audit missed`: what the flags miss, what share of it they find, and how often each rule is right, from people's decisions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

import polars as pl

from phb_audit.assurance import to_be_read
from phb_audit.assurance.missed import FINE, FLAGGED_SINCE, MISSED, WAITING, Missed, Recall, missed, precision, recall
from phb_audit.cases.casebook import Event, casebook_events
from phb_audit.cases.decisions import case_states
from phb_audit.cases.judgements import closing, led_to_something
from phb_audit.cases.transitions import NOT_AGREED, REFERRED
from phb_audit.errors import CLEAN, UsageError
from phb_audit.flagged.cases import case_ids
from phb_audit.money import pounds
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

STANDS = (NOT_AGREED, REFERRED)
DECIDED = {
    "rule_id": pl.String,
    "case_id": pl.String,
    "payment_id": pl.String,
    "at_stake_pence": pl.Int64,
    "state_code": pl.String,
    "is_right": pl.Boolean,
}


def tell_missed(settings: Settings, commissioner_code: str, *, on: date, as_json: bool, say: Callable[[str], None]) -> int:
    """Say the estimates as text, or as one JSON object. Raises UsageError where no night has been run."""
    path = settings.warehouse_path(commissioner_code)
    if not path.is_file():
        raise UsageError(f"No night of {commissioner_code} has been run yet.", do="Run `phb-audit run` first.")
    warehouse = Warehouse(path, read_only=True)
    try:
        draws = warehouse.frame(sql(__file__, "drawn_draws"))
    finally:
        warehouse.close()
    events = casebook_events(settings, commissioner_code)
    states = case_states(events, on)
    decided = decided_flags(events, on)
    what = missed(with_fates(draws, states))
    share = recall(found_pence(decided), what.estimate)
    rules = precision(decided)
    if as_json:
        shown = [{"rule_id": rule_id, **estimate.as_dict} for rule_id, estimate in rules]
        say(json.dumps({"missed": asdict(what), "recall": asdict(share), "rules": shown}, indent=1))
    else:
        say("\n".join(in_words(what, share, [(rule_id, estimate.as_dict) for rule_id, estimate in rules])))
    return CLEAN


def with_fates(draws: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """The draws with fate_code. `states`: rows of decided.cases."""
    about = draws.select("payment_id").unique().sort("payment_id").with_columns(decides=pl.lit("payment"), subject_id="payment_id")
    keyed = case_ids(about.with_columns(case_payment_id=pl.lit(None, dtype=pl.String), holder_id=pl.lit("")))
    known = keyed.join(states.select("case_id", "state_code", "is_closed"), on="case_id", how="left").select(
        "payment_id", "state_code", "is_closed"
    )
    fate = (
        pl.when("is_flagged_since")
        .then(pl.lit(FLAGGED_SINCE))
        .when(pl.col("state_code").is_in(STANDS))
        .then(pl.lit(MISSED))
        .when(pl.col("is_closed"))
        .then(pl.lit(FINE))
        .otherwise(pl.lit(WAITING))
    )
    return draws.join(known, on="payment_id", how="left", maintain_order="left").with_columns(fate_code=fate)


def decided_flags(events: Iterable[Event], on: date) -> pl.DataFrame:
    """One row per flag of a case that is closed, as the person saw it when deciding; purchases to be read are not among them."""
    rows = [
        {
            "rule_id": flag["rule_id"],
            "case_id": standing.case_id,
            "payment_id": flag.get("payment_id"),
            "at_stake_pence": flag["at_stake_pence"],
            "state_code": standing.state_code,
            "is_right": led_to_something(standing),
        }
        for standing, event in closing(events, on)
        for flag in event.body["seen"]["flags"]
        if flag["rule_id"] != to_be_read.RULE_ID
    ]
    return pl.DataFrame(rows, schema=DECIDED)


def found_pence(decided: pl.DataFrame) -> int:
    """The money of purchases that a flag found and two people did not agree to, each purchase once."""
    stands = decided.filter(pl.col("state_code").is_in(STANDS) & pl.col("payment_id").is_not_null())
    return int(stands.group_by("payment_id").agg(pl.col("at_stake_pence").abs().max())["at_stake_pence"].sum())


def in_words(what: Missed, share: Recall, rules: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """The estimates as lines of text."""
    lines = [
        "What the flags miss (purchases drawn by chance among those without a flag, and decided by people):",
        f"  {what.draws} {'pound was' if what.draws == 1 else 'pounds were'} drawn, standing for "
        f"{pounds(what.represented_pence)}; {what.decided} are decided, "
        f"{what.missed} not agreed to.",
    ]
    money = what.estimate
    if money.pence is None or money.low is None or money.high is None or money.at_most is None:
        lines.append("  None is decided yet, so nothing can be said of what is missed.")
    else:
        lines.append(f"  Missed: about {_pounds(money.pence)} (95% interval {_pounds(money.low)} to {_pounds(money.high)}).")
        lines.append(f"  With 95% confidence no more than {_pounds(money.at_most)}.")
        if what.decided < what.draws and what.at_most_if_all_waiting_were_missed is not None:
            lines.append(f"  If all that wait were missed too: no more than {_pounds(what.at_most_if_all_waiting_were_missed)}.")
    if share.value is None or share.low is None or share.high is None:
        lines.append("Share of such money that flags find: not known yet.")
    else:
        lines.append(
            f"Share of such money that flags find: {share.value:.0%} (95% interval {share.low:.0%} to {share.high:.0%}); "
            f"{pounds(share.found_pence)} found and not agreed to so far."
        )
    lines.append("How often a rule's decided cases led to something (not agreed, referred, or the plan to be updated):")
    lines += [
        f"  {rule_id:<6} {told['count']} of {told['n']}: {told['value']:.0%} ({told['low']:.0%} to {told['high']:.0%})"
        for rule_id, told in rules
    ]
    return [*lines, *([] if rules else ["  Nothing is decided yet."])]


def _pounds(pence: float) -> str:
    return pounds(round(pence))
