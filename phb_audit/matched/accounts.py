"""matched.accounts: what each account holds tonight, what is owed from it, and for how many weeks the rest lasts."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.matched.budget_position import NO_BUDGET, tidy_budgets
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse, sql

ACCOUNTS = TABLES["matched.accounts"]
DUE_DAYS = 92  # wages, tax and invoices older than a quarter and still not marked paid are taken as settled elsewhere
CONTINGENCY_DAYS = 365  # contingency is agreed for a year


def stand(warehouse: Warehouse, holders: pl.DataFrame, as_of: date, run_id: str) -> pl.DataFrame:
    """matched.accounts of these holders: every account with a line or a budget, sorted by account and holder.

    Payments must have been matched before: an invoice beside a payment is paid, and an item bought is no longer saved for.
    """
    names = holders.select("holder_id").with_row_index("holder_idx")
    lines = warehouse.frame(sql(__file__, "accounts"), holders_now=names)
    budgets = current_budgets(tidy_budgets(warehouse.frame(sql(__file__, "budgets"), holders_now=names)), as_of)
    accounts = lines.join(budgets, on=["holder_id", "account_id"], how="full", coalesce=True)
    is_given = pl.col("given_pence").is_not_null()
    is_notional = pl.col("holding_code") == "notional"
    accounts = accounts.with_columns(
        pl.col("holding_code").fill_null(NO_BUDGET),
        balance_pence=pl.when(is_given).then("given_pence").when(~is_notional.fill_null(False)).then("moved_pence"),
        is_balance_given=is_given,
    )
    return (
        with_weeks(with_due(accounts, due(warehouse, names, as_of), planned(warehouse, names, as_of)))
        .with_columns(run_id=pl.lit(run_id))
        .sort("account_id", "holder_id")
        .select(ACCOUNTS.column_names)
    )


def current_budgets(budgets: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per holder and account: how it is held and `weekly_pence`, by the budget that began last up to `as_of` (else the first)."""
    began = pl.col("starts_on") <= as_of
    ended = (pl.col("ends_on") < as_of).fill_null(False)
    return (
        budgets.drop_nulls("account_id")
        .sort("holder_id", "account_id", began, "starts_on")
        .unique(["holder_id", "account_id"], keep="last", maintain_order=True)
        .select("holder_id", "account_id", "holding_code", weekly_pence=pl.when(~ended).then(pl.col("annual_pence") * 7 // 365))
    )


def due(warehouse: Warehouse, names: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per holder: `due_pence`, what is known to be owed on `as_of` and not yet paid."""
    return owed(warehouse, names, as_of).group_by("holder_id").agg(pl.col("due_pence").sum())


def owed(warehouse: Warehouse, names: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per amount a holder's account owes on `as_of`: `holder_id, what_code, to_whom, since_on, due_pence`.

    Net wages of pay slips not paid by then; tax and National Insurance HMRC has not had by then; invoices of the last quarter beside no
    payment; contingency the commissioner has paid in within the year, which is meant to lie there.
    """
    since = as_of - timedelta(days=DUE_DAYS)
    unpaid = pl.col("paid_on").is_null() | (pl.col("paid_on") > as_of)
    unsent = pl.col("hmrc_paid_on").is_null() | (pl.col("hmrc_paid_on") > as_of)
    slips = warehouse.frame(sql(__file__, "pay_slips"), holders_now=names).filter(pl.col("period_to_on").is_between(since, as_of))
    taxes = pl.sum_horizontal("tax_pence", "employee_ni_pence", "employer_ni_pence")
    invoices = warehouse.frame(sql(__file__, "unpaid_invoices"), {"since": since, "as_of": as_of}, holders_now=names)
    kept_from = as_of - timedelta(days=CONTINGENCY_DAYS)
    instalments = warehouse.frame(sql(__file__, "instalments"), holders_now=names)
    contingency = instalments.filter((pl.col("kind_code") == "contingency") & pl.col("paid_on").is_between(kept_from, as_of))
    nobody = pl.lit(None, dtype=pl.String)

    def of_kind(rows: pl.DataFrame, code: str, day: str, pence: pl.Expr, to_whom: pl.Expr = nobody) -> pl.DataFrame:
        given = rows.select(
            "holder_id", pl.lit(code).alias("what_code"), to_whom.alias("to_whom"), since_on=day, due_pence=pence.fill_null(0)
        )
        return given.filter(pl.col("due_pence") != 0)

    return pl.concat(
        [
            of_kind(slips.filter(unpaid), "wages", "period_to_on", pl.col("net_pence")),
            of_kind(slips.filter(unsent), "tax", "period_to_on", taxes),
            of_kind(invoices, "invoice", "dated_on", pl.col("total_pence"), pl.col("supplier_name")),
            of_kind(contingency, "contingency", "paid_on", pl.col("amount_pence")),
        ]
    ).sort("holder_id", "since_on", "what_code", "due_pence", "to_whom")


def planned(warehouse: Warehouse, names: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per holder: `planned_pence`, what the plan in force has them save for and is not bought yet."""
    return warehouse.frame(sql(__file__, "planned_savings"), {"as_of": as_of}, holders_now=names)


def with_due(accounts: pl.DataFrame, owed: pl.DataFrame, saved: pl.DataFrame) -> pl.DataFrame:
    """The accounts with `due_pence` and `planned_pence`: both stand on the account used last (then the busiest), nothing on the others."""
    main = (
        accounts.sort("holder_id", "last_line_on", "lines_count", "account_id", nulls_last=False)
        .unique("holder_id", keep="last", maintain_order=True)
        .select("holder_id", "account_id")
        .join(owed, on="holder_id", how="left")
        .join(saved, on="holder_id", how="left")
    )
    return accounts.join(main, on=["holder_id", "account_id"], how="left").with_columns(pl.col("due_pence", "planned_pence").fill_null(0))


def with_weeks(accounts: pl.DataFrame) -> pl.DataFrame:
    """The accounts with `weeks_held`: the balance less what is due and saved for, in weeks of budget; null where one is not known."""
    weeks = (pl.col("balance_pence") - pl.col("due_pence") - pl.col("planned_pence")) / pl.col("weekly_pence")
    return accounts.with_columns(weeks_held=pl.when(pl.col("weekly_pence") > 0).then(weeks.round(6)))
