"""One bank account is on file for somebody paid from this budget, and under another name for another holder's budget.

Nothing of the other holder is shown. It is told to us, and nobody is asked because of it alone: a joint account explains it.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

MANY, NOBODY_PAID = "many", "nobody_paid"

RULE = Rule(
    id="A-23",
    title="One bank account for people of two budgets",
    family="A4",
    basis="own_account",
    severity=2,
    outcome="information",
    looks_at="bank accounts on file that stand under another name for another holder too",
    sentence="We hold a bank account for an assistant of this budget. It is on file for {holders_count} holders, under "
    "{names_count} names.",
    not_found="A bank account of this budget is on file for {holders_count} holders, under {names_count} names.",
    usual="Each assistant is paid into an account of their own. An assistant who works for two holders has one name.",
    innocent="Two people may have a joint account, a name may have changed, or a clerk typed one number twice.",
    ask="Ask the payroll agent whose account it is. Nothing to ask any holder, and nothing to say of one to another.",
    clears="The payroll agent's word that it is a joint account or one person, or a corrected number.",
    overtaken="The accounts on file were put right.",
    same_flag=("subject_id", "holder_id"),
    decides="payroll",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("people",),
    restricted_with=("A-03", "A-11", "E-05", "E-06", "W-01", "W-07"),
    variants={
        MANY: Variant(not_found="The account is on file for {names_count} people, as that of an agency or a payroll agent is."),
        NOBODY_PAID: Variant(not_found="The account is nobody's who is paid as an assistant here."),
    },
    examples=(
        flagged("An assistant here and another name for another holder", shared_accounts=({},)),
        left_alone("A payroll agent's account under nine names", shared_accounts=({"names_count": 9},)),
        left_alone("Two family members who are not paid", shared_accounts=({"has_assistant": False},)),
        at_the_threshold("Exactly four names", flags=1, shared_accounts=({"names_count": 4},)),
        at_the_threshold("Five names", shared_accounts=({"names_count": 5},)),
    ),
)


def find(spending: Spending, *, most_names: int = 4) -> pl.LazyFrame:
    """One row per account of the holder's people that is on file under another name for another holder."""
    rows = spending.shared_accounts.with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64), day=pl.lit(spending.as_of))
    is_few = pl.col("names_count") <= most_names
    variant = pl.when(~is_few).then(pl.lit(MANY)).when(~pl.col("has_assistant")).then(pl.lit(NOBODY_PAID)).otherwise(pl.lit(""))
    is_found = is_few & pl.col("has_assistant")
    return about(
        rows, "account", "account_ref", "day", is_found, "holders_count", "names_count", variant_code=variant.alias("variant_code")
    )
