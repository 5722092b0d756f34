"""The random arm: about a tenth of review time goes to purchases nobody flagged, drawn by chance, for only they tell what is missed.

Pounds are drawn, not lines: each pound of the unflagged money is as likely as any other, with replacement, within strata by match with
the plan and by who was paid; each stratum gets its share of the money. The seed stands in the books and beside every draw. A night whose
share of review time is less than one item draws nothing, and its purchases wait among those of the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from phb_audit.assurance import to_be_read
from phb_audit.rules.review_time import TO_BE_READ, ReviewTime, review_time
from phb_audit.run import Run, StageTotals, Total
from phb_audit.tables.drawn import DRAWS, HELD_BACK_REASONS
from phb_audit.warehouse import sql

FIRST_NIGHT_DAYS = 28  # of review time that the first night, with its history, may ask for
LONGEST_WAIT_DAYS = 7  # after so many days without a draw one purchase is drawn, however little there is to review
STAGE = "drawn"


def build(run: Run) -> StageTotals:
    """Write tonight's rows of drawn.draws and drawn.reasons_kept_back, and drawn.cases and drawn.findings anew; returns the books."""
    night = {"run_id": run.run_id}
    time = review_time(run.settings)
    lines = strata(run.warehouse.frame(sql(__file__, "unflagged_lines"), night))
    queue = run.warehouse.frame(sql(__file__, "queue_since"))
    last_on = run.warehouse.frame(sql(__file__, "night_drawn_last"), night).item()
    seed = seed_of(run)
    found = draws(lines, how_many(time, queue, last_on, run.as_of), seed)
    tonight = found.with_columns(pl.lit(run.run_id).alias("run_id"), pl.lit(run.as_of).alias("drawn_on"), pl.lit(seed).alias("seed"))
    blind = reasons_kept_back(queue, round(found["payment_id"].n_unique() * time.kept_back_share), run.as_of, seed)
    with run.warehouse.transaction():
        run.warehouse.replace_run(DRAWS, run.run_id, tonight.select(DRAWS.column_names))
        run.warehouse.replace_run(HELD_BACK_REASONS, run.run_id, blind.with_columns(pl.lit(run.run_id).alias("run_id")))
        to_be_read.write(run, queue)
    totals = books(lines, found, seed)
    run.keep_books(totals)
    return totals


def seed_of(run: Run) -> int:
    """The night's seed: made of the night and of the commissioner's key, so that the draw can be repeated and not foreseen."""
    known = run.warehouse.frame("SELECT key_fingerprint FROM nights.keys").to_series().to_list()
    return int(hashlib.sha256("|".join(["drawn by chance", run.run_id, *known]).encode()).hexdigest()[:12], 16)


def how_many(time: ReviewTime, queue: pl.DataFrame, last_on: date | None, as_of: date) -> int:
    """How many pounds to draw: the arm's share of the review time that tonight's new items take, at most of what the team has."""
    days = FIRST_NIGHT_DAYS if last_on is None else (as_of - last_on).days
    new = queue if last_on is None else queue.filter(pl.col("first_flagged_on") > last_on)
    asked = sum(time.minutes[code] for code in new["outcome_code"])
    at_most = time.minutes_a_week * days / 7
    # The share is of all the time: 10% of it is a ninth of what the flagged items take.
    minutes = min(asked * time.random_share / (1 - time.random_share), at_most * time.random_share)
    wanted = int(minutes / time.minutes[TO_BE_READ])
    return max(wanted, 1) if time.random_share > 0 and days >= LONGEST_WAIT_DAYS else wanted


def strata(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with stratum_code."""
    fit = pl.when(pl.col("match_code") == "fits").then(pl.lit("fits")).otherwise(pl.lit("other"))
    paid = pl.when("is_person_paid").then(pl.lit("person")).otherwise(pl.lit("business"))
    return lines.with_columns(pl.concat_str(fit, paid, separator="_").alias("stratum_code"))


def draws(lines: pl.DataFrame, size: int, seed: int) -> pl.DataFrame:
    """`size` pounds of the lines' money, drawn by chance and with replacement, each with its purchase and its stratum's sums.

    Fewer draws than strata are drawn from all the money together, so that no money is left without a chance.
    """
    if size < 1 or lines.is_empty():
        return pl.DataFrame(schema=DRAWS.polars_schema).drop("run_id", "drawn_on", "seed")
    if size < lines["stratum_code"].n_unique():
        lines = lines.with_columns(stratum_code=pl.lit("all"))
    generator = np.random.Generator(np.random.PCG64(seed))
    parts = []
    pounds = dict(lines.group_by("stratum_code").agg(pl.col("amount_pence").sum()).sort("stratum_code").iter_rows())
    for code, number in allotted(pounds, size).items():
        within = lines.filter(pl.col("stratum_code") == code).sort("payment_id")
        edges = within["amount_pence"].cum_sum()
        places = edges.search_sorted(pl.Series(generator.integers(0, pounds[code], number)), side="right")
        parts.append(
            within[places].with_columns(
                pl.lit(pounds[code], pl.Int64).alias("stratum_pence"),
                pl.lit(within.height, pl.Int64).alias("stratum_lines"),
                pl.lit(number, pl.Int64).alias("stratum_draws"),
            )
        )
    numbered = pl.concat(parts).with_columns(pl.int_range(1, pl.len() + 1).cast(pl.Int64).alias("draw_number"))
    return numbered.select(name for name in DRAWS.column_names if name in numbered.columns)


def allotted(pounds: Mapping[str, int], size: int) -> dict[str, int]:
    """How many draws each stratum gets: one, and of the rest its share of the money; largest remainders first."""
    rest, total = size - len(pounds), sum(pounds.values())
    exact = {code: rest * money / total for code, money in pounds.items()}
    given = {code: 1 + int(share) for code, share in exact.items()}
    left = size - sum(given.values())
    for code in sorted(exact, key=lambda one: (int(exact[one]) - exact[one], one))[:left]:
        given[code] += 1
    return given


def reasons_kept_back(queue: pl.DataFrame, size: int, as_of: date, seed: int) -> pl.DataFrame:
    """Cases to read once without their reasons (case_id, payment_id, rule_ids): about one purchase, not grave, drawn by chance.

    Only of those that are new tonight, for an earlier night showed its reasons; and whose payment no other case or story tells of.
    """
    can_be = (
        pl.col("payment_id").is_not_null()
        & (pl.col("severity") <= 2)
        & pl.col("outcome_code").is_in(["query", "clinician", "information"])
        & ~pl.col("is_commissioners")
        & pl.col("is_told_once")
        & (pl.col("first_flagged_on") == as_of)
    )
    candidates = queue.filter(can_be).sort("case_id").select("case_id", "payment_id", "rule_ids")
    generator = np.random.Generator(np.random.PCG64([seed, 1]))
    chosen = np.sort(generator.permutation(candidates.height)[:size])
    return candidates.select(pl.all().gather(chosen.tolist()))


def books(lines: pl.DataFrame, found: pl.DataFrame, seed: int) -> StageTotals:
    """In: purchases without a flag since the last draw. Out: those drawn, and the others."""
    drawn = lines.join(found.select("payment_id").unique(), on="payment_id", how="semi")
    rows, pence = lines.height, int(lines["amount_pence"].sum())
    taken = int(drawn["amount_pence"].sum())
    return StageTotals(
        STAGE,
        (
            Total("in", "purchases without a flag since the last draw", rows, pence),
            Total("out", f"drawn by chance with seed {seed}", drawn.height, taken),
            Total("out", "not drawn", rows - drawn.height, pence - taken),
        ),
    )
