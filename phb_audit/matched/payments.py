"""matched.payments: one row per admitted payment beside its plan version, plan line, outcome, receipt and budget position."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.because import because
from phb_audit.matched.best_lines import with_lines
from phb_audit.matched.budget_position import holding, position
from phb_audit.matched.holders import Holders
from phb_audit.matched.payees import payees
from phb_audit.matched.plan_in_force import version_in_force
from phb_audit.matched.receipt_readings import read_by_receipt
from phb_audit.matched.receipts import pair_up
from phb_audit.matched.strength import PREAPPROVED_SHARE
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse

PAYMENTS = TABLES["matched.payments"]
DEPOSIT_DAYS = 90  # a deposit and its balance to one payee within so many days are one purchase
AWAY = ("admission", "absence")
FAR_OFF = pl.date(2100, 1, 1)


def match_payments(warehouse: Warehouse, holders: Holders, run_id: str) -> pl.DataFrame:
    """matched.payments of these holders, sorted by holder, day and id."""
    payments = beside(
        holders.payments,
        holding(holders.payments, holders.budgets),
        position(holders.payments, holders.budgets),
        version_in_force(holders.payments, holders.plans),
        payees(warehouse, holders.payments),
        open_events(holders.payments, holders.events),
    )
    receipts = payments.select("payment_id").join(
        pair_up(warehouse, payments, holders.receipts), on="payment_id", how="left", maintain_order="left"
    )
    payments = read_by_receipt(payments.hstack(receipts.drop("payment_id")), holders.receipt_lines)
    payments = with_lines(payments, holders)
    payments = beside(payments, because(payments), preapproval(payments))
    return payments.with_columns(run_id=pl.lit(run_id), line_frequency_code="frequency_code").select(PAYMENTS.column_names)


def beside(payments: pl.DataFrame, *parts: pl.DataFrame) -> pl.DataFrame:
    """The payments with the columns of the parts; each part has one row per payment, in order of `pay_idx`."""
    return payments.hstack([column for part in parts for column in part.drop("pay_idx").get_columns()])


def open_events(payments: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """One row per payment: `is_event_open`, the holder was in hospital or away on the day."""
    away = events.filter(pl.col("event_code").is_in(AWAY)).select("holder_idx", "from_on", "to_on")
    during = (pl.col("from_on") <= pl.col("paid_on")) & (pl.col("paid_on") <= pl.col("to_on").fill_null(FAR_OFF))
    found = payments.select("pay_idx", "holder_idx", "paid_on").join(away, on="holder_idx").filter(during)
    return payments.select("pay_idx", is_event_open=pl.col("pay_idx").is_in(found["pay_idx"].unique().implode()))


def preapproval(payments: pl.DataFrame) -> pl.DataFrame:
    """One row per payment: `is_preapproved`: a line agreed by name, a strong match, within what it allows at once, and the first time.

    For a one-off line the first purchase settles it, and its balance: the same payee within 90 days, together within the amount agreed.
    """
    strong = (pl.col("match_code") == "fits") & (pl.col("match_share") >= PREAPPROVED_SHARE) & ~pl.col("is_outside_dates")
    within = (pl.col("amount_pence") <= pl.col("limit_pence").fill_null(2**62)) & (pl.col("amount_pence") > 0)
    named = payments.filter(pl.col("is_line_preapproved") & strong & within)
    item = ("holder_idx", "plan_line_words")  # a line carried over into the next version is the same item
    is_once = pl.col("frequency_code") == "one-off"
    balance = (pl.col("payee_id") == pl.col("payee_id").first().over(*item)) & (
        (pl.col("paid_on") - pl.col("paid_on").first().over(*item)).dt.total_days() <= DEPOSIT_DAYS
    )
    taken = pl.col("amount_pence").cum_sum().over(*item)
    is_first = pl.col("pay_idx") == pl.col("pay_idx").first().over(*item)
    settled = named.filter(~is_once.fill_null(False) | is_first | (balance & (taken <= pl.col("line_amount_pence"))))
    return payments.select("pay_idx", is_preapproved=pl.col("pay_idx").is_in(settled["pay_idx"].implode()))
