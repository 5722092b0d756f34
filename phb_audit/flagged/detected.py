"""The stage `detected`: how unlike the year before the spend lines of tonight's cases are, and the reasons, beside what the flags say.

Detectors make no case. They give the order of the list parts of its own (`signals`), and a case reasons that its flags do not say already.
What stood before each line is kept up for the holders whom tonight touched; only lines of cases, and those that say what is usual, are
measured.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from phb_audit.detectors.detector import BEGINS, DETECTORS, scored
from phb_audit.detectors.drifts import keep_up_drifts
from phb_audit.detectors.features import BY_NAME, DIGITS, FEATURES, measured
from phb_audit.detectors.histories import REFERENCE_DAYS, keep_up, reference_ids, seen
from phb_audit.detectors.tails import tail_shares
from phb_audit.flagged.ranking import VALUES, Signals
from phb_audit.rules.wording import categories
from phb_audit.run import Run, StageTotals, Total
from phb_audit.sentences import filled_in
from phb_audit.settings import read_toml, shipped
from phb_audit.tables.detected import REASONS, SCORES
from phb_audit.warehouse import Warehouse, sql

STAGE = "detected"
MOST_REASONS = 3
NOT_CLEAR = "something the words do not settle"


def build(run: Run) -> StageTotals:
    """Keep up detected.histories, .peers and .drifts, and write .scores and .reasons anew.

    The books count the spend lines of cases in the queue.
    """
    keep_up(run)
    keep_up_drifts(run, categories())
    lines = run.warehouse.frame(sql(__file__, "case_lines"))
    usual = reference_ids(run.warehouse, run.as_of - timedelta(days=REFERENCE_DAYS - 1), run.as_of)
    told = seen_tonight(run, pl.concat([lines.select("payment_id"), usual]).unique())
    values = measured(told)
    reference, rows = values.join(usual, on="payment_id", how="semi"), values.join(lines, on="payment_id", how="semi")
    scores = of_cases(scored(reference, rows), lines)
    queued = lines.filter("is_queued")
    flagged = run.warehouse.frame(sql(__file__, "case_rules"))
    reasons = reasons_of(reference, rows, told, queued, flagged)
    with run.warehouse.transaction():
        for table, frame in ((SCORES, scores), (REASONS, reasons)):
            run.warehouse.run(f"DELETE FROM {table.name}")
            run.warehouse.write(table, frame)
    totals = _books(told, queued, reasons)
    run.keep_books(totals)
    return totals


def signals(warehouse: Warehouse) -> Signals:
    """What the order of the list takes in, as the night wrote it down."""
    values = warehouse.frame(sql(__file__, "read_scores")).select(pl.col(name).cast(kind) for name, kind in VALUES.items())
    chances = read_toml(shipped("reference") / "detectors.toml")["chance"]
    return Signals(values, {one.id: float(chances[one.id]) for one in DETECTORS})


def seen_tonight(run: Run, asked: pl.DataFrame) -> pl.DataFrame:
    """What features and their words are made of, as of tonight."""
    age = (pl.lit(run.as_of) - pl.col("paid_on")).dt.total_days()
    kind = pl.col("category_code").replace_strict(categories(), default=None, return_dtype=pl.String).fill_null(NOT_CLEAR)
    return seen(run.warehouse, asked).with_columns(age_days=age, category_words=kind)


def of_cases(scores: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Rows of detected.scores: of a case's lines the most unlike speaks for it."""
    by_case = lines.select("case_id", "payment_id").join(scores, on="payment_id")
    rarest = by_case.sort("case_id", "detector_id", "tail_share", "payment_id").unique(["case_id", "detector_id"], keep="first")
    return rarest.select(SCORES.column_names).sort("case_id", "detector_id")


def reasons_of(reference: pl.DataFrame, rows: pl.DataFrame, told: pl.DataFrame, lines: pl.DataFrame, flagged: pl.DataFrame) -> pl.DataFrame:
    """Rows of detected.reasons: the rarest things about each line of a case, but for what a flag of the case says already."""
    names = [one.name for one in FEATURES]
    shares = pl.DataFrame(tail_shares(reference.select(names).to_numpy(), rows.select(names).to_numpy()), schema=names)
    by_feature = rows.select("payment_id").hstack(shares).unpivot(index="payment_id", variable_name="feature_name", value_name="tail_share")
    said = pl.DataFrame(
        [(one.name, rule_id) for one in FEATURES for rule_id in one.same_as], schema=["feature_name", "rule_id"], orient="row"
    )
    ours = {name: one.id for one in reversed(DETECTORS) if one.score is None for name in one.features}
    rare = (
        by_feature.filter(pl.col("tail_share") < BEGINS)
        .join(lines.select("payment_id", "case_id"), on="payment_id")
        .join(flagged.join(said, on="rule_id").select("case_id", "feature_name"), on=["case_id", "feature_name"], how="anti")
        .with_columns(detector_id=pl.col("feature_name").replace_strict(ours, return_dtype=pl.String))
        .sort("payment_id", "tail_share", "feature_name")
    )
    # Of what one detector hears the rarest thing stands for it: three reasons are three things.
    rare = rare.unique(["payment_id", "detector_id"], keep="first", maintain_order=True)
    placed = rare.with_columns(place=pl.int_range(1, pl.len() + 1).over("payment_id")).filter(pl.col("place") <= MOST_REASONS)
    return worded(placed, rows, told, reference.height).select(REASONS.column_names).sort("payment_id", "place")


def worded(reasons: pl.DataFrame, rows: pl.DataFrame, told: pl.DataFrame, count: int) -> pl.DataFrame:
    """The reasons (payment_id, feature_name) with their value and their words; `count`: of how many lines `tail_share` tells."""
    as_much = (pl.col("tail_share") * (count + 1)).round(0).cast(pl.Int64) - 1
    many = filled_in(" Of {} payments of the year before {} had as much.", pl.lit(f"{count:,}"), as_much)
    parts = [reasons.clear().with_columns(measured=pl.lit(0.0), sentence=pl.lit(""), usual=pl.lit(""))]
    for (name,), part in reasons.partition_by("feature_name", as_dict=True, maintain_order=True).items():
        feature = BY_NAME[str(name)]
        beside = part.join(told, on="payment_id").join(rows.select("payment_id", measured=pl.col(feature.name)), on="payment_id")
        parts.append(
            beside.with_columns(
                sentence=pl.concat_str(feature.sentence.str.slice(0, 1).str.to_uppercase(), feature.sentence.str.slice(1)),
                usual=pl.concat_str(feature.usual, many),
            ).select(parts[0].columns)
        )
    return pl.concat(parts).with_columns(pl.col("tail_share").round(DIGITS))


def _books(told: pl.DataFrame, lines: pl.DataFrame, reasons: pl.DataFrame) -> StageTotals:
    """In: spend lines of cases in the queue. Out: those with a reason beyond their flags, and those without."""
    own = told.join(lines, on="payment_id", how="semi").with_columns(has_reason=pl.col("payment_id").is_in(reasons["payment_id"].implode()))
    with_one = own.filter("has_reason")
    counts = [(frame.height, int(frame["amount_pence"].sum())) for frame in (own, with_one)]
    (rows, pence), (rows_with, pence_with) = counts
    return StageTotals(
        STAGE,
        (
            Total("in", "spend lines of cases in the queue", rows, pence),
            Total("out", "with a reason beyond their flags", rows_with, pence_with),
            Total("out", "with none", rows - rows_with, pence - pence_with),
        ),
    )
