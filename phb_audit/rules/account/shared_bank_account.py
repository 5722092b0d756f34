"""Two assistants, or an assistant and the person who manages the money, have one bank account."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

FIRST: dict[str, object] = {"role_code": "pa", "person_ref": "N1", "account_ref": "B7", "relationship": "employee"}
SECOND: dict[str, object] = {**FIRST, "connection_id": "C2", "person_ref": "N2"}

RULE = Rule(
    id="A-11",
    title="One bank account for two people paid",
    family="A4",
    basis="own_account",
    severity=3,
    outcome="query",
    looks_at="bank accounts of assistants on file",
    sentence="{people_count} people connected with the budget ({roles}) have one bank account on file.",
    not_found="The bank account on file belongs to one person.",
    usual="Each assistant is paid into an account of their own.",
    innocent="Two assistants may be a couple with a joint account, or a clerk typed one number twice.",
    ask="Ask the payroll agent whose account it is. Nothing to ask the holder yet.",
    clears="The payroll agent's word that it is a joint account, or a corrected number.",
    overtaken="The accounts on file were put right.",
    same_flag=("subject_id", "holder_id"),
    decides="payroll",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("people",),
    restricted_with=("A-03", "E-05", "E-06", "W-07", "W-01"),
    examples=(
        flagged("Two assistants, one account", people=(FIRST, SECOND)),
        flagged("An assistant and the nominee, one account", people=(FIRST, {**SECOND, "role_code": "nominee"})),
        left_alone("Two assistants with an account each", people=(FIRST, {**SECOND, "account_ref": "B8"})),
        at_the_threshold("One assistant listed twice", people=(FIRST, {**SECOND, "person_ref": "N1"})),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per holder and bank account of an assistant."""
    accounts = (
        spending.people.filter(pl.col("account_ref").is_not_null() & (pl.col("account_ref") != ""))
        .group_by("holder_id", "account_ref")
        .agg(
            pl.col("person_ref").n_unique().cast(pl.Int64).alias("people_count"),
            (pl.col("role_code") == "pa").any().alias("has_assistant"),
            pl.col("role_code").replace({"pa": "assistant"}).sort().unique(maintain_order=True).str.join(" and ").alias("roles"),
            pl.col("connection_id").min(),
        )
        .filter("has_assistant")
        .with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64), day=pl.lit(spending.as_of))
    )
    return about(accounts, "account", "account_ref", "day", pl.col("people_count") > 1, "people_count", "roles")
