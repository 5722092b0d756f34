"""Money moved after the person died, or after the budget ended.

After a death the tone is gentle and the question goes to the personal representatives; final bills and final pay are left alone.
An instalment paid after the end is the commissioner's own, and so is a bill of a notional budget that is dated longer after the end than
this supplier's bills are apart: it must be for days after it. Nobody asks the family about either.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.ends import DEATH, ENDED, budget_ends
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.loads import instalments_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

INSTALMENT, FINAL_BILL, BILL, UNDATED = "instalment", "final_bill", "bill", "bill_undated"
# Pay, tax, insurance, payroll and care invoices come due after the last day of care.
FINAL_BILLS = ("C01", "C02", "C03", "C04", "C07", "C08", "C09", "C10", "C11", "E03", "M02", "M03")
DIED: tuple[dict[str, object], ...] = ({"event_code": "death", "from_on": date(2026, 7, 1)},)


def _bill(billed_on: date | None, paid_on: date) -> dict[str, object]:
    """A care agency's bill on a notional budget."""
    return {
        "payment_id": f"P{billed_on or paid_on}",
        "holding_code": "notional",
        "category_code": "C08",
        "billed_on": billed_on,
        "paid_on": paid_on,
    }


LEAST_GAPS = 2  # between a supplier's bills before it is said how far apart they come
WEEKLY = tuple(_bill(date(2026, 6, day), date(2026, 6, day + 9)) for day in (2, 9, 16))

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
        BILL: Variant(
            sentence="A bill of {at_stake_pence:pounds} from {payee_shown}, dated {billed_on:day}, was paid by the NHS. The care had ended "
            "on {stopped_on:day}.",
            not_found="The bill is dated {billed_on:day}: no more than {bill_days:many day} after the end on {stopped_on:day}, so it may "
            "be for days before it.",
            usual="Bills come after the days they are for. One dated up to {bill_days:many day} after the end may be for days before it.",
            innocent="It may be a late bill for days before the end, or notice that the contract allows.",
            ask="Ask the supplier which days the bill is for, and close the order. Do not ask the family.",
            clears="A bill that names days before the end, a credit note, or notice in the contract.",
            is_commissioners=True,
        ),
        UNDATED: Variant(
            sentence="{at_stake_pence:pounds} was paid by the NHS to {payee_shown} on {subject_on:day}. The care had ended on "
            "{stopped_on:day}.",
            not_found="It was paid on {subject_on:day}: no more than {bill_days:many day} after the end on {stopped_on:day}.",
            usual="A bill paid up to {bill_days:many day} after the end may be for days before it.",
            innocent="It may be a late bill for days before the end, or notice that the contract allows.",
            ask="Ask the supplier which days the bill is for, and close the order. Do not ask the family.",
            clears="A bill that names days before the end, a credit note, or notice in the contract.",
            is_commissioners=True,
        ),
        FINAL_BILL: Variant(not_found="It is a final bill (pay, tax or care) within {final_days} days of the end on {stopped_on:day}."),
    },
    examples=(
        flagged("A shop six weeks after the death", payments=({"paid_on": date(2026, 8, 12)},), events=DIED),
        flagged("An instalment after the death", instalments=({"paid_on": date(2026, 8, 1)},), events=DIED),
        flagged(
            "A notional budget: the agency's weekly bills run on",
            flags=1,
            payments=(*WEEKLY, _bill(date(2026, 7, 5), date(2026, 7, 14)), _bill(date(2026, 7, 20), date(2026, 7, 29))),
            events=DIED,
        ),
        flagged(
            "A bill of a notional budget without a date of its own, paid two months after",
            payments=(_bill(None, date(2026, 9, 1)),),
            events=DIED,
        ),
        left_alone("The agency's last bill", payments=(*WEEKLY, _bill(date(2026, 7, 5), date(2026, 8, 10))), events=DIED),
        left_alone("The last wages, two weeks after", payments=({"paid_on": date(2026, 7, 15), "category_code": "C01"},), events=DIED),
        left_alone("Nobody has died and the budget is open", payments=({},), budgets=({},)),
        at_the_threshold(
            "A weekly bill dated two weeks after the death: a week for its days, a week to write it",
            payments=(*WEEKLY, _bill(date(2026, 7, 15), date(2026, 7, 24))),
            events=DIED,
        ),
        at_the_threshold(
            "A supplier never paid before: of three weekly bills the first may be for days before the end",
            flags=2,
            payments=tuple(_bill(date(2026, 7, day), date(2026, 7, day + 1)) for day in (12, 19, 26)),
            events=DIED,
        ),
        at_the_threshold(
            "A supplier never paid before: 38 days, as for one that bills by the month",
            payments=(_bill(date(2026, 8, 8), date(2026, 8, 19)),),
            events=DIED,
        ),
        at_the_threshold("A card purchase that reached the bank three days after", payments=({"paid_on": date(2026, 7, 4)},), events=DIED),
    ),
)


def find(spending: Spending, *, posting_days: int = 3, final_days: int = 42, billing_days: int = 31, writing_days: int = 7) -> pl.LazyFrame:
    """One row per payment out, and per instalment, of holders whose budget has ended."""
    ends = budget_ends(spending)
    paid = spending.payments.filter(pl.col("kind_code").is_in(["purchase", "cash", "transfer"]) & (pl.col("amount_pence") > 0)).join(
        ends, on="holder_id"
    )
    out = (
        paid.filter(pl.col("holding_code") != "notional")
        .with_columns(after_days=(pl.col("paid_on") - pl.col("stopped_on")).dt.total_days())
        .with_columns(is_final_bill=pl.col("category_code").is_in(FINAL_BILLS) & pl.col("after_days").is_between(1, final_days))
        .with_columns(
            at_stake_pence="amount_pence",
            variant_code=pl.when("is_final_bill").then(pl.lit(FINAL_BILL)).otherwise("ended_code"),
            billed_on=pl.lit(None, dtype=pl.Date),
            bill_days=pl.lit(None, dtype=pl.Int64),
        )
    )
    is_found = (pl.col("after_days") > posting_days) & ~pl.col("is_final_bill")
    measured = ("stopped_on", "after_days", "payee_shown", "variant_code", "billed_on", "bill_days")
    paid_in = (
        instalments_with_payments(spending)
        .join(ends, on="holder_id")
        .with_columns(
            after_days=(pl.col("paid_on") - pl.col("stopped_on")).dt.total_days(),
            payee_shown=pl.lit("the budget"),
            at_stake_pence="amount_pence",
            variant_code=pl.lit(INSTALMENT),
            billed_on=pl.lit(None, dtype=pl.Date),
            bill_days=pl.lit(None, dtype=pl.Int64),
        )
        .filter(pl.col("amount_pence") > 0)
    )
    is_owed = pl.col("period_to_on").fill_null(pl.col("paid_on")) <= pl.col("stopped_on")
    bills = _bills(paid.filter(pl.col("holding_code") == "notional"), final_days, billing_days, writing_days)
    return pl.concat(
        [
            about(out, "payment", "payment_id", "paid_on", is_found, *measured),
            about(paid_in, "instalment", "instalment_id", "paid_on", (pl.col("after_days") > 0) & ~is_owed, *measured),
            about(bills, "payment", "payment_id", "paid_on", pl.col("after_days") > pl.col("bill_days"), *measured),
        ]
    )


def _bills(paid: pl.LazyFrame, final_days: int, billing_days: int, writing_days: int) -> pl.LazyFrame:
    """One row per bill of a notional budget that has ended: bill_days after the end it may still be for days before it.

    A bill is for the days since the supplier's last one, and some days pass until it is written.
    """
    bills = paid.with_columns(day=pl.coalesce("billed_on", "paid_on")).with_columns(
        after_days=(pl.col("day") - pl.col("stopped_on")).dt.total_days()
    )
    apart = (
        bills.filter(pl.col("billed_on").is_not_null())
        .group_by("holder_id", "payee_id")
        .agg(pl.col("day").unique().sort().diff().dt.total_days().drop_nulls().alias("gaps"))
        .filter(pl.col("gaps").list.len() >= LEAST_GAPS)
        .select("holder_id", "payee_id", usual_days=pl.col("gaps").list.median().ceil().cast(pl.Int64).clip(7, 92))
    )
    is_dated = pl.col("billed_on").is_not_null()
    return bills.join(apart, on=["holder_id", "payee_id"], how="left").with_columns(
        at_stake_pence="amount_pence",
        variant_code=pl.when(is_dated).then(pl.lit(BILL)).otherwise(pl.lit(UNDATED)),
        bill_days=pl.when(is_dated).then(pl.col("usual_days").fill_null(billing_days) + writing_days).otherwise(final_days),
    )
