"""The holder or family adds own money: the budget may be too small, which is a warning to the commissioner."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.loads import NEAR_DAYS, other_amounts
from phb_audit.rules.names import OTHER_INCOME, PUBLIC_BODY
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

CREDIT: dict[str, object] = {"kind_code": "credit", "amount_pence": -100_00, "is_spend": False, "payee_shown": "a named person (Y12ab)"}
MADE_GOOD, WHEELCHAIR, INCOME, PUBLIC, INSTALMENT = "made_good", "wheelchair", "income", "public", "instalment"
CAME: dict[str, object] = {
    "payment_id": "P2",
    "kind_code": "instalment",
    "amount_pence": -800_00,
    "paid_on": date(2026, 7, 2),
    "payee_id": "M9",
}
SHORT: dict[str, object] = {**CREDIT, "amount_pence": -700_00, "payee_id": "M9", "payee_shown": "DIRECT PAYMENTS TEAM"}
DUE: tuple[dict[str, object], ...] = ({"paid_on": date(2026, 7, 1)}, {"instalment_id": "T2", "paid_on": date(2026, 8, 1)})

RULE = Rule(
    id="A-20",
    title="Own money added",
    family="A4",
    basis="top_up",
    severity=3,
    outcome="information",
    looks_at="money paid into direct payments by somebody other than the commissioner",
    sentence="{added_pence:pounds} was paid in by {payee_shown} on {paid_on:day}; {year_pence:pounds} of own money came in "
    "within a year. The budget may not be enough for the care in the plan.",
    not_found="{added_pence:pounds} came in, below the {least_pence:pounds} from which it is worth a look.",
    usual="The commissioner's instalments are the only money in. Nobody may be asked to add to assessed care.",
    innocent="It may be paid for something extra outside the plan, or bridge a late instalment.",
    ask="Ask the commissioner whether the budget covers the care in the plan. The holder has done nothing wrong.",
    clears="A note that it paid for an extra outside the plan, or a budget that covers the plan.",
    overtaken="The credit was explained or returned.",
    same_flag=("payment_id",),
    waits_for=("instalments",),  # one that was refused is the commissioner's money, and no instalment agrees with it
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    duty_of="the personal health budgets team's lead",
    is_commissioners=True,
    variants={
        MADE_GOOD: Variant(
            not_found="The amount equals a payment out of the account in the {made_good_days} days before: somebody made it good."
        ),
        WHEELCHAIR: Variant(not_found="A personal wheelchair budget may be added to."),
        INCOME: Variant(not_found="It reads as wages, a benefit or a pension, which another rule looks at (A-02)."),
        PUBLIC: Variant(not_found="It came from a public body, which may pay for care into the same account."),
        INSTALMENT: Variant(not_found="It came from who sends the instalments, when one of another amount was due (A-12 looks at it)."),
    },
    examples=(
        flagged("100 pounds from a relative", payments=(CREDIT,)),
        left_alone(
            "A wrong purchase made good", payments=(CREDIT, {"payment_id": "P2", "amount_pence": 100_00, "paid_on": date(2026, 7, 20)})
        ),
        left_alone("A wheelchair budget may be added to", payments=({**CREDIT, "care_group_code": "wheelchair"},)),
        left_alone("A council's own direct payment", payments=({**CREDIT, "payee_shown": "LEEDS CITY COUNCIL"},)),
        left_alone("An ICB that sent another amount than its ledger says", payments=({**CREDIT, "payee_shown": "QZZ ICB DIRECT PAY"},)),
        left_alone("An instalment of another amount than recorded (A-12 looks at it)", payments=(CAME, SHORT), instalments=DUE),
        flagged("As much from a relative when an instalment is due", payments=(CAME, {**CREDIT, "amount_pence": -700_00}), instalments=DUE),
        left_alone("The NHS by its name", payments=({**CREDIT, "payee_shown": "NHS Personal Health Budgets"},)),
        left_alone("A pension: another rule (A-02) looks at it", payments=({**CREDIT, "payee_shown": "DWP STATE PENSION"},)),
        at_the_threshold("Exactly the least amount", flags=1, payments=({**CREDIT, "amount_pence": -20_00},)),
    ),
)


def find(spending: Spending, *, least_pence: int = 20_00, made_good_days: int = 60) -> pl.LazyFrame:
    """One row per credit that is neither an instalment nor a supplier's refund."""
    money_in = spending.payments.filter(
        (pl.col("kind_code") == "credit") & (pl.col("amount_pence") < 0) & (pl.col("holding_code") == "direct_payment")
    )
    before = spending.payments.filter(pl.col("is_spend") & (pl.col("amount_pence") > 0)).select(
        "holder_id", added_pence="amount_pence", spent_on="paid_on"
    )
    credits = money_in.with_columns(added_pence=-pl.col("amount_pence"))
    made_good = (
        credits.join(before, on=["holder_id", "added_pence"])
        .filter((pl.col("paid_on") - pl.col("spent_on")).dt.total_days().is_between(0, made_good_days))
        .select("payment_id", is_made_good=pl.lit(True))
        .unique()
    )
    sent = other_amounts(spending, NEAR_DAYS).select(payment_id="came_line_id", is_instalment=pl.lit(True))
    variant = (
        pl.when(pl.col("is_instalment").fill_null(False))
        .then(pl.lit(INSTALMENT))
        .when(pl.col("is_made_good").fill_null(False))
        .then(pl.lit(MADE_GOOD))
        .when(pl.col("care_group_code").fill_null("").str.contains("(?i)wheelchair|pwb"))
        .then(pl.lit(WHEELCHAIR))
        .when(pl.col("payee_shown").str.contains(OTHER_INCOME))
        .then(pl.lit(INCOME))
        .when(pl.col("payee_shown").str.contains(PUBLIC_BODY))
        .then(pl.lit(PUBLIC))
        .otherwise(pl.lit(""))
    )
    told = credits.join(made_good, on="payment_id", how="left").join(sent, on="payment_id", how="left")
    rows = told.with_columns(variant_code=variant).sort("paid_on", "payment_id")
    own = pl.when(pl.col("variant_code") == "").then("added_pence").otherwise(0)
    rows = rows.with_columns(year_pence=own.rolling_sum_by("paid_on", window_size="365d").over("holder_id"))
    is_found = (pl.col("variant_code") == "") & (pl.col("added_pence") >= least_pence)
    return about_payments(rows, is_found, "added_pence", "year_pence", "variant_code", at_stake="added_pence")
