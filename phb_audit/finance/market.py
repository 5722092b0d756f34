"""Who the money goes to: businesses with a growing share of care and support, and services by contract that lose custom.

A service that loses a quarter of its weeks may close for those who stay: a thing for the commissioner to plan for, no fault of anyone.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from phb_audit.finance import holders, positions
from phb_audit.finance.double_running import COMMISSIONED, ONE_OFF
from phb_audit.finance.period import Period
from phb_audit.tables.market import PROVIDER_SHARE, SERVICE_CUSTOM
from phb_audit.warehouse import Warehouse, sql

CARE = ("C08", "C09", "C10", "C11")
GROWN, LOST, LEAST_PEOPLE = 0.05, 0.25, 5
NEAR = timedelta(days=92)
WEEKS = 52


def provider_shares(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """finance.provider_share, the largest first; people paid directly are no businesses and are left out."""
    before = Period(period.first - (period.last - period.first) - timedelta(days=1), period.first - timedelta(days=1))
    now, then = _care(warehouse, period), _care(warehouse, before)
    both = now.join(then.select("payee_id", "payee_shown", before_pence="spent_pence"), on="payee_id", how="full", coalesce=True)
    frame = both.with_columns(
        pl.col("spent_pence", "before_pence", "people_count").fill_null(0), payee_shown=pl.coalesce("payee_shown", "payee_shown_right")
    )
    shares = {"share": "spent_pence", "before_share": "before_pence"}
    frame = frame.with_columns(
        **{name: pl.when(pl.col(pence).sum() > 0).then(pl.col(pence) / pl.col(pence).sum()) for name, pence in shares.items()}
    ).with_columns(gained_share=pl.col("share") - pl.col("before_share"))
    is_growing = (pl.col("gained_share") >= GROWN) & (pl.col("people_count") >= LEAST_PEOPLE)
    return (
        frame.with_columns(is_growing=is_growing.fill_null(False), **period.columns)
        .sort(-pl.col("spent_pence"), "payee_id")
        .select(PROVIDER_SHARE.column_names)
    )


def care_people(warehouse: Warehouse, period: Period) -> int:
    """How many people paid any business for care and support in the period, each once."""
    return _paid(warehouse, period)["holder_id"].n_unique()


def _paid(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    return positions.spend(warehouse, period).filter(
        pl.col("category_code").is_in(CARE) & pl.col("payee_ref").is_null() & pl.col("payee_id").is_not_null()
    )


def _care(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    return (
        _paid(warehouse, period)
        .group_by("payee_id")
        .agg(
            payee_shown=pl.col("payee_shown").drop_nulls().first().fill_null(""),
            spent_pence=pl.col("amount_pence").sum(),
            people_count=pl.col("holder_id").n_unique().cast(pl.Int64),
        )
    )


def service_custom(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """finance.service_custom: recurring services by contract on the first and on the last day of the period."""
    contracts = warehouse.frame(sql(__file__, "contracts"), {"last_on": period.last})
    begun = holders.first_days(holders.budget_rows(warehouse))
    # Bills come late: only payment that stopped a quarter ago says that a service without a last day has ended.
    stopped = pl.when(pl.col("paid_to_on") < period.last - NEAR).then("paid_to_on")
    services = (
        contracts.filter((pl.col("kind_code") == COMMISSIONED) & (pl.col("frequency_code") != ONE_OFF))
        .join(begun, on="holder_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("supplier_name").fill_null("not told"),
            pl.col("category_code").fill_null("not_told"),
            over_on=pl.min_horizontal("ends_on", stopped),
        )
    )
    counted = services.with_columns(weekly=pl.col("annual_pence") // WEEKS)
    ran = {"before": period.first, "after": period.last}
    for side, day in ran.items():
        runs = (pl.col("starts_on") <= day) & (pl.col("over_on").is_null() | (pl.col("over_on") >= day))
        counted = counted.with_columns(runs.alias(f"is_{side}"))
    moved = pl.col("is_before") & ~pl.col("is_after") & ((pl.col("over_on") - pl.col("begun_on")).abs() <= NEAR)
    sums = (
        counted.filter(pl.col("is_before") | pl.col("is_after"))
        .group_by("supplier_name", "category_code")
        .agg(
            *(pl.col("holder_id").filter(f"is_{side}").n_unique().cast(pl.Int64).alias(f"{side}_count") for side in ran),
            *(pl.col("weekly").filter(f"is_{side}").sum().alias(f"{side}_weekly_pence") for side in ran),
            to_budgets_count=pl.col("holder_id").filter(moved.fill_null(False)).n_unique().cast(pl.Int64),
        )
    )
    lost = pl.when(pl.col("before_weekly_pence") > 0).then(1 - pl.col("after_weekly_pence") / pl.col("before_weekly_pence"))
    return (
        sums.with_columns(lost_share=lost, **period.columns)
        .with_columns(is_losing=((pl.col("lost_share") >= LOST) & (pl.col("before_count") >= LEAST_PEOPLE)).fill_null(False))
        .sort("supplier_name", "category_code")
        .select(SERVICE_CUSTOM.column_names)
    )
