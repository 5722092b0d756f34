"""matched.payments: one row per admitted payment beside its plan version, plan line, outcome, receipt and budget position."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from phb_audit.matched.because import because
from phb_audit.matched.best_lines import with_lines
from phb_audit.matched.budget_position import holding
from phb_audit.matched.cases import cases_of
from phb_audit.matched.goal_states import Hearing
from phb_audit.matched.holders import Holders
from phb_audit.matched.payees import payees
from phb_audit.matched.plan_in_force import version_in_force
from phb_audit.matched.receipt_readings import read_by_receipt
from phb_audit.matched.receipts import pair_up
from phb_audit.matched.standing import earlier_items, positions, preapproval
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse, sql

PAYMENTS = TABLES["matched.payments"]
AWAY = ("admission", "absence")
FAR_OFF = pl.date(2100, 1, 1)
SETTLES = ("is_line_preapproved", "is_outside_dates", "limit_pence", "frequency_code")  # of a case, beside what its rows carry


@dataclass(frozen=True)
class Matched:
    """`payments`: rows of matched.payments, by holder, day and id. `older`: the same of payments that an earlier night had matched.

    `shifted`: payments that stand, whose budget position has changed (`payment_id, spent_to_date_pence, remaining_pence`).
    `links`: rows of matched.receipt_links, without their night.
    """

    payments: pl.DataFrame
    older: pl.DataFrame
    shifted: pl.DataFrame
    links: pl.DataFrame


def match_payments(warehouse: Warehouse, holders: Holders, run_id: str, hearing: Hearing | None = None) -> Matched:
    """Match the payments looked at of these holders; `hearing` as of `phb_audit.matched.build`."""
    said = holders.said.hstack(payees(warehouse, holders.said))
    payments, links = with_receipts(warehouse, holders, said)
    stood, shifted = positions(payments, holders)
    payments = beside(
        payments,
        holding(payments, holders.budgets),
        stood,
        version_in_force(payments, holders.plans),
        open_events(payments, holders.events),
    )
    lines = warehouse.frame(sql(__file__, "receipt_lines"), receipts_beside=payments.select("receipt_id").drop_nulls())
    cases, case_idx = cases_of(payments, holders, lines)
    lines = lines.join(cases.select("receipt_id"), on="receipt_id", how="semi", maintain_order="left")
    cases = with_lines(read_by_receipt(cases, lines), holders, lines, hearing)
    cases = beside(cases, because(cases))
    told = [name for name in cases.columns if name not in payments.columns and name in (*PAYMENTS.column_names, *SETTLES)]
    payments = payments.hstack(cases.select(told)[case_idx]).hstack(said.select("payee_shown", "payee_id")[payments["said_idx"]])
    payments = beside(payments, preapproval(payments, earlier_items(payments, holders)))
    rows = payments.with_columns(run_id=pl.lit(run_id), line_frequency_code="frequency_code").select(PAYMENTS.column_names)
    is_open = payments["is_open"]
    if is_open.all():
        return Matched(rows, rows.clear(), shifted, links)
    return Matched(rows.filter(is_open), rows.filter(~is_open), shifted, links)


def with_receipts(warehouse: Warehouse, holders: Holders, said: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The payments with their receipt, numbered `pay_idx`: each later step answers one row per `pay_idx`; and every link.

    Of earlier payments only those an open receipt stands beside, or stood beside.
    """
    found = pair_up(warehouse, holders.payments, holders.said.hstack(said.select("payee_name")), holders.receipts, holders.pairs_decided)
    payments = holders.payments.join(_beside_each(found), on="id_rank", how="left", maintain_order="left")
    is_asked = pl.col("is_open") | pl.col("is_held") | pl.col("receipt_match_code").is_not_null()
    return payments.filter(is_asked).with_row_index("pay_idx"), _links(found, holders.payments)


def _beside_each(links: pl.DataFrame) -> pl.DataFrame:
    """One row per payment with links: the receipt beside it (of several the first), how well they agree, and their group."""
    is_open = pl.col("link_code") == "open"
    sides = links.with_columns(
        group_payments=pl.col("id_rank").n_unique().over("link_code", "group_idx"),
        group_receipts=pl.col("receipt_id").n_unique().over("link_code", "group_idx"),
    )
    is_sum = pl.col("receipt_match_code").is_in(["split", "combined"])
    is_short = is_open & ~is_sum & (pl.col("group_receipts") < pl.col("group_payments"))
    code = pl.when(is_short).then(pl.lit("open_short")).when(is_open).then(pl.lit("open")).otherwise("receipt_match_code")
    told = sides.with_columns(
        receipt_match_code=code,
        receipt_id=pl.when(~is_open).then("receipt_id"),
        receipt_difference_pence=pl.when(~is_open).then("receipt_difference_pence"),
        receipt_days=pl.when(~is_open).then("receipt_days"),
    )
    kept = ("id_rank", "receipt_id", "receipt_match_code", "receipt_difference_pence", "receipt_days", "receipt_group_id")
    return told.sort("id_rank", "receipt_id").unique("id_rank", keep="first", maintain_order=True).select(kept)


def _links(links: pl.DataFrame, payments: pl.DataFrame) -> pl.DataFrame:
    """The links with the ids of their payments and holders."""
    ids = payments.select("id_rank", "payment_id", "holder_id")
    return links.join(ids, on="id_rank").select(
        "payment_id", "receipt_id", "holder_id", "link_code", "receipt_group_id", "points", "because"
    )


def beside(payments: pl.DataFrame, *parts: pl.DataFrame) -> pl.DataFrame:
    """The payments with the columns of the parts; each part has one row per payment, in order of `pay_idx`."""
    return payments.hstack([column for part in parts for column in part.drop("pay_idx").get_columns()])


def open_events(payments: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """One row per payment: `is_event_open`, the holder was in hospital or away on the day."""
    away = events.filter(pl.col("event_code").is_in(AWAY)).select("holder_idx", "from_on", "to_on")
    during = (pl.col("from_on") <= pl.col("paid_on")) & (pl.col("paid_on") <= pl.col("to_on").fill_null(FAR_OFF))
    found = payments.select("pay_idx", "holder_idx", "paid_on").join(away, on="holder_idx").filter(during)
    return payments.select("pay_idx", is_event_open=pl.col("pay_idx").is_in(found["pay_idx"].unique().implode()))
