"""What employing assistants costs beyond their pay: the employer's National Insurance and pension, payroll fees, insurance."""

from __future__ import annotations

import polars as pl

from phb_audit.finance import holders, positions
from phb_audit.finance.period import Period
from phb_audit.tables.market import PAYROLL_COSTS
from phb_audit.warehouse import Warehouse, sql

FEES, INSURANCE = "C04", "C03"


def payroll_costs(warehouse: Warehouse, period: Period) -> pl.DataFrame:
    """finance.payroll_costs. One slip that does not tell a part leaves the whole of that part unknown for its holder."""
    slips = warehouse.frame(sql(__file__, "pay_slips"), period.days)
    taken = pl.col("gross_pence") - pl.col("tax_pence") - pl.col("employee_ni_pence") - pl.col("net_pence")
    is_told = taken.is_between(0, pl.col("pension_pence"))
    told = slips.with_columns(employer_pension_pence=pl.when(is_told).then(pl.col("pension_pence") - taken))
    sums = told.group_by("holder_id").agg(
        slips_count=pl.len().cast(pl.Int64),
        gross_pence=pl.col("gross_pence").sum(),
        **{name: _whole(name) for name in ("employer_ni_pence", "employer_pension_pence")},
    )
    spent = positions.spend(warehouse, period).filter(pl.col("category_code").is_in([FEES, INSURANCE]))
    for name, code in (("fees_pence", FEES), ("insurance_pence", INSURANCE)):
        part = spent.filter(pl.col("category_code") == code).group_by("holder_id").agg(pl.col("amount_pence").sum().alias(name))
        sums = sums.join(part, on="holder_id", how="left", maintain_order="left")
    on_cost = pl.col("employer_ni_pence") + pl.col("employer_pension_pence")
    return (
        holders.with_groups(sums, holders.budget_rows(warehouse), period.last)
        .with_columns(pl.col("fees_pence", "insurance_pence").fill_null(0), on_cost_pence=on_cost, **period.columns)
        .with_columns(on_cost_share=pl.when(pl.col("gross_pence") > 0).then(pl.col("on_cost_pence") / pl.col("gross_pence")))
        .sort("holder_id")
        .select(PAYROLL_COSTS.column_names)
    )


def _whole(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum())
