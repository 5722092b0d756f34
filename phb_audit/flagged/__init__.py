"""Flagged: rules run over the holders touched tonight; what they find is explained, settled, merged into cases and ranked.

Looked at: holders with a row admitted tonight; holders for whom the passing of days alone made a clock rule (E-01, G-..) find
something since the night before; and everyone when the rules or their limits changed. The cost follows those holders' payments of
the last `reading.HORIZON_DAYS`, not all history. A holder held back by refused rows is not put to rules that wait for that feed:
earlier flags of those rules stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from phb_audit.flagged import cases, cleared, lanes, stories, suppressed
from phb_audit.flagged.excepted import excepted
from phb_audit.flagged.findings import (
    ORGANISATION_FIRST,
    Found,
    found,
    found_rows,
    kept_apart,
    organisation_first,
    with_plan_words,
    with_restricted,
)
from phb_audit.flagged.limits_kept import keep_limits, keep_rules
from phb_audit.flagged.reading import (
    NightBefore,
    batches,
    clock_spending,
    holders_tonight,
    horizon,
    night_before,
    read_of_all,
    read_spending,
    with_everyone,
)
from phb_audit.flagged.standing import stand, untouched
from phb_audit.rules import register
from phb_audit.rules.register import Registered, rules_for
from phb_audit.rules.spending import Spending, as_text
from phb_audit.run import Run, StageTotals, Total
from phb_audit.settings import Settings
from phb_audit.tables import TABLES
from phb_audit.tables.flagged import ORDINARY
from phb_audit.warehouse import sql

OWN_LIMITS = "limits.toml"


@dataclass(frozen=True)
class Night:
    """All that tonight's rules gave. `flags` and `settled` as findings.SCHEMA and more; `looked_at`: one row per payment (payment_id,
    holder_id, amount_pence); `touched`: payment_id and rule_id of every found row behind an ordinary flag."""

    flags: pl.DataFrame
    settled: pl.DataFrame
    looked_at: pl.DataFrame
    touched: pl.DataFrame


def build(run: Run) -> StageTotals:
    """Write flagged.findings, .suppressed, .cleared, .cases and .stories for tonight's holders, and what is of another lane to the schema
    `apart`; returns and keeps the books of the stage, which know of ordinary flags only."""
    rules = rules_in_force(run.commissioner_code, run.settings)
    keep_limits(run, rules)
    keep_rules(run, rules, own_limits_path(run.settings))
    tonight = _tonight(run, rules, night_before(run))
    held_back = run.warehouse.frame(sql(__file__, "read_held_back"), {"run_id": run.run_id})
    night = look(run, rules, tonight, held_back)
    earlier = run.warehouse.frame(sql(__file__, "earlier_flags"), {"run_id": run.run_id}, tonight=tonight)
    stay = cleared.staying(earlier, _ids(night.flags, night.settled), rules, held_back, horizon(run.as_of))
    kept = run.warehouse.frame(sql(__file__, "read_findings"), staying=stay)
    fresh = _dated(run, night.flags, earlier)
    gone = cleared.rows(earlier, _ids(fresh, kept), night.settled, rules, run.run_id, run.as_of)
    merged, findings = _merged(run, rules, fresh, kept, night.looked_at)
    told = stories.told(findings, merged, run.run_id)
    with run.warehouse.transaction():
        _write(run, tonight, findings, suppressed.rows(night.settled, run.run_id), gone, merged, told)
    totals = _books(run, night, lanes.with_lane(kept).filter(pl.col("lane_code") == ORDINARY), held_back)
    run.keep_books(totals)
    return totals


def rules_in_force(commissioner_code: str, settings: Settings) -> tuple[Registered, ...]:
    """The rules with this commissioner's limits: shipped, then `limits.toml` in the installation's home, where there is one."""
    own = own_limits_path(settings)
    return rules_for(commissioner_code, [own] if own.is_file() else [])


def own_limits_path(settings: Settings) -> Path:
    """The installation's own file of limits, which need not be there."""
    return settings.home / OWN_LIMITS


def rules_version(commissioner_code: str, settings: Settings) -> str:
    """Version of all rules and limits in force, for nights.runs: when it changes, the next night looks at everyone again."""
    return register.rules_version(rules_in_force(commissioner_code, settings))


def _tonight(run: Run, rules: Sequence[Registered], before: NightBefore) -> pl.DataFrame:
    holders = holders_tonight(run, rules, before)
    clocked = [one for one in rules if one.rule.is_on_the_clock]
    every = [limits for one in clocked for limits in (one.limits, *(since.limits for since in one.later))]
    days = max((days for limits in every if isinstance(days := limits.get("days"), int)), default=0)
    nobody = pl.DataFrame(schema={"holder_id": pl.String, "feed_code": pl.String})
    due = found(clocked, [found_rows(clocked, clock_spending(run, before, days))], nobody).flags
    everyone = due.select("holder_id").unique()
    stood = run.warehouse.frame(sql(__file__, "earlier_flags"), {"run_id": run.run_id}, tonight=everyone)
    newly = due.filter(~pl.col("flag_id").is_in(stood["flag_id"].implode())).select("holder_id").unique()
    return with_everyone(pl.concat([holders, newly.filter(~pl.col("holder_id").is_in(holders["holder_id"].implode()))]))


def look(run: Run, rules: Sequence[Registered], tonight: pl.DataFrame, held_back: pl.DataFrame) -> Night:
    """Run the rules over tonight's holders, lot by lot."""
    lots, looked_at = [], []
    of_all = read_of_all(run.warehouse, run.run_id, run.as_of)
    for batch in batches(run.warehouse, tonight):
        spending = read_spending(run.warehouse, run.run_id, run.as_of, batch, of_all=of_all)
        lots.append(found_rows(rules, spending))
        looked_at.append(_ids_and_pence(spending))
    seen = found(rules, lots, held_back)
    split = suppressed.sorted_out(with_plan_words(seen.flags, _shown(run, seen.flags["payment_id"])), rules)
    split = suppressed.with_exceptions(split, excepted(run.warehouse, tonight), rules)
    flags = lanes.with_lane(with_restricted(organisation_first(split.standing, rules), rules)).sort("flag_id")
    apart = flags.filter(pl.col("lane_code") != ORDINARY)
    return Night(flags, split.settled.sort("flag_id"), pl.concat(looked_at), _standing(seen, split.settled, apart, rules))


def _ids_and_pence(spending: Spending) -> pl.DataFrame:
    """payment_id, holder_id and amount_pence of a lot, copied: a column as it was read keeps all the others in memory."""
    return kept_apart(as_text(spending.payments.select("payment_id", "holder_id", pl.col("amount_pence") + 0)).collect())


def _shown(run: Run, payment_ids: pl.Series) -> pl.DataFrame:
    """What is shown of some payments: of those with a flag, which are few."""
    asked = payment_ids.drop_nulls().unique().sort().to_frame("payment_id")
    return run.warehouse.frame(sql(__file__, "read_shown"), asked=asked)


def _standing(seen: Found, settled: pl.DataFrame, apart: pl.DataFrame, rules: Sequence[Registered]) -> pl.DataFrame:
    settling = [one.rule.id for one in rules if one.rule.settles]
    put = seen.payments.filter(~pl.col("rule_id").is_in(settling))
    return put.join(settled, on=["payment_id", "rule_id"], how="anti").join(apart, on="flag_id", how="anti")


def _ids(*frames: pl.DataFrame) -> pl.Series:
    return pl.concat([frame["flag_id"] for frame in frames])


def _dated(run: Run, flags: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    firsts = earlier.select("flag_id", "first_run_id", "first_flagged_on")
    return flags.join(firsts, on="flag_id", how="left", maintain_order="left").with_columns(
        pl.lit(run.run_id).alias("run_id"),
        pl.col("first_run_id").fill_null(run.run_id),
        pl.col("first_flagged_on").fill_null(run.as_of),
    )


def _merged(
    run: Run, rules: Sequence[Registered], fresh: pl.DataFrame, kept: pl.DataFrame, looked_at: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of flagged.cases and flagged.findings over tonight's flags and those that stay."""
    decides = {one.rule.id: one.rule.decides for one in rules}
    stays = lanes.with_lane(kept).with_columns(
        decides=pl.col("rule_id").replace_strict(decides, default="payment", return_dtype=pl.String),
        is_explained=pl.col("sentence").str.starts_with(ORGANISATION_FIRST),
    )
    tonights = cases.case_ids(fresh).drop("plan_line_id", "case_payment_id").with_columns(is_from_apart=pl.lit(False))
    flags = lanes.own_cases(pl.concat([tonights, stays], how="diagonal"))
    known = dict(run.warehouse.frame(sql(__file__, "read_case_refs")).iter_rows())
    with_a_flag = looked_at.join(flags.select("payment_id").drop_nulls(), on="payment_id", how="semi")
    payees = _shown(run, with_a_flag["payment_id"]).select("payment_id", "payee_shown", "amount_pence")
    merged = cases.with_refs(cases.rows(flags, payees, run.run_id), known)
    return merged, flags.drop("decides", "is_explained").sort("flag_id")


def _write(
    run: Run,
    tonight: pl.DataFrame,
    findings: pl.DataFrame,
    settled: pl.DataFrame,
    gone: pl.DataFrame,
    merged: pl.DataFrame,
    told: pl.DataFrame,
) -> None:
    run.warehouse.execute_with(sql(__file__, "drop_suppressed"), tonight=tonight)
    run.warehouse.write(TABLES["flagged.suppressed"], settled)
    queued = merged.with_columns(untouched()).sort("case_id")
    for name, frame in (("findings", findings), ("cases", queued), ("stories", told)):
        lanes.drop(run, name, tonight)
        lanes.write(run, name, frame)
    for table in ("flagged.cleared", "apart.cleared"):
        run.warehouse.run(f"DELETE FROM {table} WHERE run_id = $run_id", {"run_id": run.run_id})
    lanes.write(run, "cleared", gone)
    stand(run)
    run.warehouse.run(sql(__file__, "rank_apart_cases"))


def _books(run: Run, night: Night, kept: pl.DataFrame, held_back: pl.DataFrame) -> StageTotals:
    """In: payments looked at. Out: with a flag, settled by what was agreed, of a holder held back, and with nothing to ask."""
    flagged_ids = pl.concat([night.touched["payment_id"], kept["payment_id"].drop_nulls()]).unique()
    settled_ids = night.settled["payment_id"].drop_nulls().unique()
    fate = (
        pl.when(pl.col("payment_id").is_in(flagged_ids.implode()))
        .then(pl.lit("with a flag"))
        .when(pl.col("payment_id").is_in(settled_ids.implode()))
        .then(pl.lit("settled by what was agreed"))
        .when(pl.col("holder_id").is_in(held_back["holder_id"].unique().implode()))
        .then(pl.lit("no flag, holder held back"))
        .otherwise(pl.lit("nothing to ask"))
    )
    out = night.looked_at.group_by(fate.alias("item")).agg(pl.len(), pl.col("amount_pence").sum()).sort("item")
    all_rows, all_pence = night.looked_at.height, int(night.looked_at["amount_pence"].sum())
    totals = [Total("in", "payments looked at", all_rows, all_pence)]
    totals += [Total("out", item, rows, pence) for item, rows, pence in out.iter_rows()]
    return StageTotals("flagged", tuple(totals))


__all__ = ["build", "own_limits_path", "rules_in_force", "rules_version"]
