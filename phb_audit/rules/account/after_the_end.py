"""Money moved after the person died, or after the budget ended.

After a death the tone is gentle and the question goes to the personal representatives; final bills and final pay are left alone.
An instalment paid after the end is the commissioner's own.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.ends import DEATH, ENDED, budget_ends
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.loads import instalments_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

INSTALMENT, FINAL_BILL = "instalment", "final_bill"
# Pay, tax, insurance, payroll and care invoices come due after the last day of care.
FINAL_BILLS = ("C01", "C02", "C03", "C04", "C07", "C08", "C09", "C10", "C11", "E03", "M02", "M03")
DIED: tuple[dict[str, object], ...] = ({"event_code": "death", "from_on": date(2026, 7, 1)},)

RULE = Rule(
    id="A-13",
    title="Money moved after the end",
    family="A4",
    basis="after_the_end",
    severity=4,
    outcome="query",
    looks_at="payments and instalments of people who have died or whose budget has ended",
    sentence="{at_stake_pence:pounds} was paid to {payee_shown} on {subject_on:day}. The budget ended on {stopped_on:day}.",
    not_found="It was paid on {subject_on:day}, not after the end on {stopped_on:day}.",
    usual="After the end only final bills are paid: pay, tax and care invoices, within {final_days} days.",
    innocent="A direct debit nobody had stopped yet, or a bill from before the end.",
    ask="Ask who manages the account what it was for, and stop what still runs.",
    clears="A bill for a day before the end, or the amount paid back.",
    overtaken="The day of the end was put right, or the money came back.",
    same_flag=("subject_id",),
    decides="after_the_end",
    owner="Continuing healthcare lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    duty_of="the finance team's payments lead",
    waits_for=("holder_events", "budgets"),
    restricted_with=("A-03", "E-05", "E-06"),
    variants={
        DEATH: Variant(
            sentence="The person has died ({stopped_on:day}). {at_stake_pence:pounds} was paid to {payee_shown} after that, on "
            "{subject_on:day}.",
            innocent="A direct debit nobody had stopped yet, a bill from before, or a family that did not know what to do with "
            "the account.",
            ask="Write gently to the personal representatives, with condolences first: what was it for, and is there help "
            "they need to close the account?",
        ),
        ENDED: Variant(),
        INSTALMENT: Variant(
            sentence="The commissioner paid an instalment of {at_stake_pence:pounds} on {subject_on:day}, after the budget had "
            "ended on {stopped_on:day}.",
            usual="No instalment is paid after the end.",
            innocent="The payment run was already on its way when the news came.",
            ask="Ask the finance team to stop the payments and to ask the amount back by notice with reasons. Nothing to "
            "reproach the family with.",
            clears="The amount returned, or an instalment that covers days before the end.",
            outcome="information",
            is_commissioners=True,
        ),
        FINAL_BILL: Variant(not_found="It is a final bill (pay, tax or care) within {final_days} days of the end on {stopped_on:day}."),
    },
    examples=(
        flagged("A shop six weeks after the death", payments=({"paid_on": date(2026, 8, 12)},), events=DIED),
        flagged("An instalment after the death", instalments=({"paid_on": date(2026, 8, 1)},), events=DIED),
        left_alone("The last wages, two weeks after", payments=({"paid_on": date(2026, 7, 15), "category_code": "C01"},), events=DIED),
        left_alone("Nobody has died and the budget is open", payments=({},), budgets=({},)),
        at_the_threshold("A card purchase that reached the bank three days after", payments=({"paid_on": date(2026, 7, 4)},), events=DIED),
    ),
)


def find(spending: Spending, *, posting_days: int = 3, final_days: int = 42) -> pl.LazyFrame:
    """One row per payment out, and per instalment, of holders whose budget has ended."""
    ends = budget_ends(spending)
    out = (
        spending.payments.filter(
            pl.col("kind_code").is_in(["purchase", "cash", "transfer"])
            & (pl.col("amount_pence") > 0)
            & (pl.col("holding_code") != "notional")
        )
        .join(ends, on="holder_id")
        .with_columns(after_days=(pl.col("paid_on") - pl.col("stopped_on")).dt.total_days())
        .with_columns(is_final_bill=pl.col("category_code").is_in(FINAL_BILLS) & pl.col("after_days").is_between(1, final_days))
        .with_columns(at_stake_pence="amount_pence", variant_code=pl.when("is_final_bill").then(pl.lit(FINAL_BILL)).otherwise("ended_code"))
    )
    is_found = (pl.col("after_days") > posting_days) & ~pl.col("is_final_bill")
    measured = ("stopped_on", "after_days", "payee_shown", "variant_code")
    paid_in = (
        instalments_with_payments(spending)
        .join(ends, on="holder_id")
        .with_columns(
            after_days=(pl.col("paid_on") - pl.col("stopped_on")).dt.total_days(),
            payee_shown=pl.lit("the budget"),
            at_stake_pence="amount_pence",
            variant_code=pl.lit(INSTALMENT),
        )
        .filter(pl.col("amount_pence") > 0)
    )
    is_owed = pl.col("period_to_on").fill_null(pl.col("paid_on")) <= pl.col("stopped_on")
    return pl.concat(
        [
            about(out, "payment", "payment_id", "paid_on", is_found, *measured),
            about(paid_in, "instalment", "instalment_id", "paid_on", (pl.col("after_days") > 0) & ~is_owed, *measured),
        ]
    )
