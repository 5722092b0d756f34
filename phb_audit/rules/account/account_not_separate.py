"""The budget is paid into an account that is somebody's own: the commissioner agreed to it, or did not look."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

SON: dict[str, object] = {"role_code": "family", "relationship": "son", "account_ref": "B1"}

RULE = Rule(
    id="A-01",
    title="Account not kept separate",
    family="A4",
    basis="separate_account",
    severity=3,
    outcome="information",
    looks_at="open budgets held as direct payments, and the own bank accounts of the people connected with them",
    sentence="The budget is paid into an account that the register of people also gives as the own account of the {connection}.",
    not_found="The account of the budget is nobody's own account on the register of people.",
    usual="A direct payment goes into an account that is approved for it and used for nothing else.",
    innocent="The same number was written in both registers by mistake, or the account was agreed as one for the budget only.",
    ask="Ask the finance team which account was approved, and help the holder to open a separate one if need be. They did nothing wrong.",
    clears="A separate account on the register, or a note that this one is used for the budget only.",
    overtaken="The registers give two accounts now.",
    same_flag=("subject_id",),
    decides="organisation",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    duty_of="the personal health budgets team's lead",
    is_commissioners=True,
    waits_for=("budgets", "people"),
    examples=(
        flagged("The son's own account", budgets=({},), people=(SON,)),
        left_alone("The son has another account", budgets=({},), people=({**SON, "account_ref": "B2"},)),
        left_alone("The budget has ended", budgets=({"ends_on": date(2026, 6, 30)},), people=(SON,)),
        left_alone("An account the commissioner's agent manages", budgets=({"holding_code": "third_party"},), people=(SON,)),
        at_the_threshold("The last day of the budget is today", flags=1, budgets=({"ends_on": date(2026, 10, 31)},), people=(SON,)),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per open account of a direct payment."""
    shown = pl.when(pl.col("role_code") == "pa").then(pl.lit("assistant")).otherwise("role_code")
    owners = (
        spending.people.filter(pl.col("account_ref").is_not_null())
        .sort("connection_id")
        .group_by("holder_id", "account_ref", maintain_order=True)
        .agg(
            pl.when(pl.col("role_code") == "family")
            .then(pl.col("relationship").fill_null("relative"))
            .otherwise(shown)
            .first()
            .alias("connection")
        )
    )
    day = pl.lit(spending.as_of)
    accounts = (
        spending.budgets.filter((pl.col("holding_code") == "direct_payment") & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= day)))
        .group_by("holder_id", "account_id")
        .agg(pl.col("starts_on").min())
        .join(owners, left_on=["holder_id", "account_id"], right_on=["holder_id", "account_ref"], how="left")
        .with_columns(NO_PAYMENT, pl.col("starts_on").fill_null(day), at_stake_pence=pl.lit(0, dtype=pl.Int64))
    )
    return about(accounts, "account", "account_id", "starts_on", pl.col("connection").is_not_null(), "connection")
