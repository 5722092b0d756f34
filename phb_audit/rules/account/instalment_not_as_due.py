"""An instalment not as due: paid twice, in another amount than recorded, recorded and not come in, or late. All are the commissioner's own.

What we recorded as paid is held against what came in on the account, one line for one instalment.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.loads import instalments_with_payments, other_amounts
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

OTHER_AMOUNT, NOT_COME, LATE, ONCE = "other_amount", "not_come", "late", "once"
JULY: dict[str, object] = {
    "kind_code": "regular",
    "period_from_on": date(2026, 7, 1),
    "period_to_on": date(2026, 7, 28),
    "paid_on": date(2026, 7, 1),
}
AGAIN: dict[str, object] = {**JULY, "instalment_id": "T2", "paid_on": date(2026, 7, 8)}
AUGUST: dict[str, object] = {
    **JULY,
    "instalment_id": "T2",
    "period_from_on": date(2026, 7, 29),
    "period_to_on": date(2026, 8, 25),
    "paid_on": date(2026, 7, 29),
}
CAME: dict[str, object] = {
    "payment_id": "P1",
    "kind_code": "instalment",
    "amount_pence": -800_00,
    "paid_on": date(2026, 7, 2),
    "payee_id": "M9",
}
CAME_TOO: dict[str, object] = {**CAME, "payment_id": "P2", "paid_on": date(2026, 7, 30)}
LESS: dict[str, object] = {**CAME_TOO, "kind_code": "credit", "amount_pence": -780_00}
ENDS: tuple[dict[str, object], ...] = ({"last_line_on": date(2026, 8, 5)},)
NOTIONAL: tuple[dict[str, object], ...] = ({"holding_code": "notional"},)
ONE: tuple[dict[str, object], ...] = ({},)

RULE = Rule(
    id="A-12",
    title="Instalment not as due",
    family="A4",
    basis="instalments",
    severity=3,
    outcome="information",
    looks_at="instalments of direct payments and third-party budgets",
    sentence="The instalment of {at_stake_pence:pounds} for {period_from_on:day} to {period_to_on:day} was paid again on {subject_on:day}.",
    not_found="The instalment for {period_from_on:day} to {period_to_on:day} was paid on {subject_on:day}. Whether it came in "
    "cannot be told from the lines we hold.",
    usual="One regular instalment for a period, in the amount recorded, within {late_days} days of the period's first day.",
    innocent="The first sum may have been wrong, and the rest of it sent as a second one.",
    ask="Ask the finance team to check, and to write with reasons if they ask for it back. The holder has done nothing wrong.",
    clears="A record that the second payment was owed, or that it was returned or offset.",
    overtaken="The instalments on file have changed, or the line came.",
    same_flag=("subject_id",),
    decides="organisation",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    duty_of="the finance team's payments lead",
    is_commissioners=True,
    waits_for=("bank", "card", "managed", "instalments"),
    variants={
        OTHER_AMOUNT: Variant(
            sentence="Our ledger says {amount_pence:pounds} was paid on {subject_on:day}; {came_pence:pounds} came in on {came_on:day}, "
            "{at_stake_pence:pounds} apart.",
            innocent="Money owed to us was taken off what we sent, and not off the ledger.",
            ask="Ask the finance team which sum is right. They pay what is missing or mend the ledger. There is nothing to ask the holder.",
            clears="A corrected ledger, the rest of the payment, or the notice of an offset.",
        ),
        NOT_COME: Variant(
            sentence="Our ledger says {amount_pence:pounds} was paid on {subject_on:day}. It has not come in on the account, whose "
            "lines we hold to {reached_on:day}.",
            innocent="The bank sent it back, it went to another account, or it was written down twice and sent once.",
            ask="Ask the finance team if it was sent, and where to. A person may be short of money for care: ask soon.",
            clears="The record of the payment, a corrected ledger, or the line of the account.",
        ),
        LATE: Variant(
            sentence="The instalment for {period_from_on:day} to {period_to_on:day} was paid on {subject_on:day}, {late_count} days after "
            "the period began.",
            innocent="The budget was agreed late, or the bank details came late.",
            ask="Ask the finance team why it was late. Did care have to wait, or did the person pay for it?",
            clears="A note of why it was late. Nothing to ask the holder.",
            severity=2,
        ),
        ONCE: Variant(not_found="{amount_pence:pounds} was paid on {subject_on:day} and came in on {came_on:day}."),
    },
    examples=(
        flagged("July paid twice", instalments=(JULY, AGAIN)),
        left_alone("July and August", instalments=(JULY, AUGUST)),
        at_the_threshold(
            "The same period in another amount: an uplift, not a repeat", instalments=(JULY, {**AGAIN, "amount_pence": 30_00})
        ),
        left_alone("Both came in", instalments=(JULY, AUGUST), payments=(CAME, CAME_TOO), accounts=ONE, budgets=ONE),
        flagged(
            "800 pounds recorded, 780 came in from the same sender",
            instalments=(JULY, AUGUST),
            payments=(CAME, LESS),
            accounts=ONE,
            budgets=ONE,
        ),
        flagged("August recorded, and nothing came in", instalments=(JULY, AUGUST), payments=(CAME,), accounts=ONE, budgets=ONE),
        flagged(
            "Recorded twice, came in once",
            instalments=(JULY, AGAIN),
            payments=({**CAME, "paid_on": date(2026, 7, 3)},),
            accounts=ONE,
            budgets=ONE,
        ),
        left_alone("The lines we hold end a week after it", instalments=(JULY, AUGUST), payments=(CAME,), budgets=ONE, accounts=ENDS),
        left_alone("Instalments come in on an account of which we hold no line", instalments=(JULY, AUGUST), accounts=ONE, budgets=ONE),
        left_alone("A notional budget: nothing comes in", instalments=(JULY, AUGUST), payments=(CAME,), accounts=ONE, budgets=NOTIONAL),
        flagged("July paid on the 20th", instalments=({**JULY, "paid_on": date(2026, 7, 20)},)),
        at_the_threshold("Paid fourteen days after the period began", instalments=({**JULY, "paid_on": date(2026, 7, 15)},)),
    ),
)


def find(spending: Spending, *, late_days: int = 14, come_days: int = 28, days: int = 5) -> pl.LazyFrame:
    """One row per instalment with an amount: is it the second for its period, did another amount or nothing come in, was it late?"""
    is_regular = (pl.col("kind_code").fill_null("regular") == "regular") & pl.col("period_from_on").is_not_null()
    is_whole = (pl.col("paid_on") >= pl.col("from_on")) & ((pl.col("reached_on") - pl.col("paid_on")).dt.total_days() > come_days)
    has_come, is_kept = pl.col("payment_id").is_not_null(), ~pl.col("is_returned").fill_null(False)
    is_missing = ~has_come & is_whole.fill_null(False) & is_kept
    is_twice = is_regular & (pl.col("place") > 1) & is_kept & ~is_missing
    is_other = is_missing & pl.col("came_line_id").is_not_null()
    is_late = is_regular & (pl.col("place") == 1) & (pl.col("late_count") > late_days).fill_null(False)
    ways = ((is_twice, ""), (is_other, OTHER_AMOUNT), (is_missing, NOT_COME), (is_late, LATE), (has_come, ONCE))
    apart = (pl.col("amount_pence") - pl.col("came_pence")).abs()
    rows = _beside_lines(spending, days).with_columns(
        variant_code=pl.coalesce(*(pl.when(way).then(pl.lit(code)) for way, code in ways), pl.lit("")),
        at_stake_pence=pl.when(is_other).then(apart).when(is_late & ~is_twice & ~is_missing).then(0).otherwise("amount_pence"),
    )
    measured = (
        "period_from_on",
        "period_to_on",
        "place",
        "amount_pence",
        "came_pence",
        "came_on",
        "reached_on",
        "late_count",
        "first_line_id",
    )
    return about(rows, "instalment", "instalment_id", "paid_on", is_twice | is_missing | is_late, *measured, "variant_code")


def _beside_lines(spending: Spending, days: int) -> pl.LazyFrame:
    """One row per instalment with an amount and not of a notional budget, with what came in of it and its place in its period."""
    same = ["holder_id", "period_from_on", "period_to_on", "amount_pence"]
    returned = spending.instalments.filter(pl.col("amount_pence") < 0).select("holder_id", amount_pence=-pl.col("amount_pence")).unique()
    notional = spending.budgets.filter(pl.col("holding_code") == "notional").select("holder_id").unique()
    return (
        instalments_with_payments(spending, days)
        .filter(pl.col("amount_pence") > 0)
        .join(notional, on="holder_id", how="anti")
        .join(returned.with_columns(is_returned=pl.lit(True)), on=["holder_id", "amount_pence"], how="left")
        .join(_reach(spending), on="holder_id", how="left")
        .join(other_amounts(spending, days), on="instalment_id", how="left")
        .sort("paid_on", "instalment_id")
        .with_columns(
            place=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(same),
            late_count=(pl.col("paid_on") - pl.col("period_from_on")).dt.total_days(),
            came_pence=pl.coalesce("came_pence", pl.when(pl.col("payment_id").is_not_null()).then("amount_pence")),
            came_on=pl.coalesce("arrived_on", "came_on"),
            first_line_id=pl.coalesce("payment_id", "came_line_id"),
        )
    )


def _reach(spending: Spending) -> pl.LazyFrame:
    """One row per holder some of whose instalments came in on lines we hold: from which day on (from_on), and to which (reached_on)."""
    seen = (
        spending.payments.with_columns(is_load=pl.col("kind_code") == "instalment")
        .group_by("holder_id")
        .agg(from_on=pl.col("paid_on").min(), has_come=pl.col("is_load").any())
        .filter("has_come")
    )
    reached = spending.accounts.group_by("holder_id").agg(reached_on=pl.col("last_line_on").min())
    return seen.join(reached, on="holder_id").select("holder_id", "from_on", "reached_on")
