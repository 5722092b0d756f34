"""Cash drawn or money spent abroad. A holiday in the plan explains it; an online shop that bills from abroad is no journey."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import PLAN_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

CASH, PLANNED_CASH, PLANNED, ONLINE, SMALL = "cash", "planned_cash", "planned", "online", "small"
TRAVEL = ("R01", "R02")
TILL: dict[str, object] = {"feed_code": "card", "country_code": "ES", "mcc_code": "5812", "payee_shown": "CAFE DEL MAR"}
MACHINE: dict[str, object] = {"feed_code": "card", "country_code": "ES", "kind_code": "cash", "category_code": "Z01", "amount_pence": 90_00}

RULE = Rule(
    id="A-05",
    title="Spent abroad",
    family="A4",
    basis="abroad",
    severity=2,
    outcome="query",
    looks_at="cash and purchases by card outside the home countries {home_countries}, as the card processor gives the country",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. The card was used in country {country_code}, in a "
    "trade where the buyer is there in person. The plan in force has no line for travel.",
    not_found="The plan in force has a line for travel.",
    usual="Money is spent at home, unless the plan agrees a journey.",
    innocent="A short visit to family, a break somebody else paid for, or a shop at home that is billed from abroad.",
    ask="Ask the holder where they were and what it was for. Ask the care co-ordinator whether a journey was agreed by word of mouth.",
    clears="A journey agreed in the plan or in a note, or a receipt from a shop at home.",
    overtaken="The plan now has a line for travel, or the country was put right.",
    same_flag=("payment_id",),
    decides="abroad",
    owner="Personal health budgets lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=PLAN_FEEDS,
    variants={
        CASH: Variant(
            sentence="{amount_pence:pounds} was drawn in cash on {paid_on:day}. The card was used in country {country_code}. The "
            "plan in force has no line for travel.",
        ),
        PLANNED_CASH: Variant(
            sentence="{amount_pence:pounds} was drawn in cash on {paid_on:day}. The card was used in country {country_code}. The "
            "plan in force has a line for travel, which does not speak of cash.",
            usual="A journey in the plan is paid by card or in advance, with receipts.",
            innocent="Small places abroad often take only cash.",
            ask="Ask the care co-ordinator whether cash on the journey was part of what was agreed.",
            outcome="clinician",
            severity=1,
        ),
        PLANNED: Variant(),
        ONLINE: Variant(
            not_found="Shops of this trade (code {mcc_code}) also sell at a distance, so the country says nothing of a journey."
        ),
        SMALL: Variant(not_found="{amount_pence:pounds} is less than the {least_pence:pounds} from which it is asked about."),
    },
    examples=(
        flagged("90 pounds from a machine in Spain", payments=(MACHINE,), plan_lines=({},)),
        flagged("A meal in Spain, no travel in the plan", payments=({**TILL, "amount_pence": 40_00},), plan_lines=({},)),
        flagged(
            "Cash in Spain, with a holiday in the plan: the care co-ordinator is asked",
            payments=(MACHINE,),
            plan_lines=({"category_code": "R01"},),
        ),
        left_alone("A meal in Spain, with a holiday in the plan", payments=(TILL,), plan_lines=({"category_code": "R01"},)),
        left_alone("A film service that bills from the Netherlands", payments=({**TILL, "country_code": "NL", "mcc_code": "5815"},)),
        left_alone("A meal on the Isle of Man", payments=({**TILL, "country_code": "IM"},)),
        at_the_threshold("Exactly the least amount asked about", flags=1, payments=({**TILL, "amount_pence": 10_00},)),
    ),
)
# Trades at which the buyer stands at the till: food and drink, beds, taxis, trains and buses, fuel, hire, sights, groceries, chemists.
IN_PERSON = ("5812", "5813", "5814", "7011", "7033", "4121", "4111", "4131", "5541", "5542", "7512", "7996", "7991", "5411", "5499", "5912")


def find(
    spending: Spending,
    *,
    home_countries: tuple[str, ...] = ("GB", "IM", "JE", "GG"),
    in_person_codes: tuple[str, ...] = IN_PERSON,
    least_pence: int = 10_00,
) -> pl.LazyFrame:
    """One row per purchase or withdrawal abroad out of a direct payment or third-party budget."""
    travel = spending.plan_lines.filter(pl.col("category_code").is_in(TRAVEL)).select("plan_version_id", has_travel=pl.lit(True)).unique()
    abroad = (
        spending.payments.filter(
            pl.col("country_code").is_not_null()
            & ~pl.col("country_code").is_in(home_countries)
            & pl.col("kind_code").is_in(["purchase", "cash"])
            & (pl.col("amount_pence") > 0)
            & (pl.col("holding_code") != "notional")
        )
        .join(travel, on="plan_version_id", how="left")
        .with_columns(pl.col("has_travel").fill_null(False))
    )
    is_cash = pl.col("kind_code") == "cash"
    variant = (
        pl.when(pl.col("amount_pence") < least_pence)
        .then(pl.lit(SMALL))
        .when(is_cash & pl.col("has_travel"))
        .then(pl.lit(PLANNED_CASH))
        .when(is_cash)
        .then(pl.lit(CASH))
        .when(~pl.col("mcc_code").is_in(in_person_codes).fill_null(False))
        .then(pl.lit(ONLINE))
        .when("has_travel")
        .then(pl.lit(PLANNED))
        .otherwise(pl.lit(""))
    )
    rows = abroad.with_columns(variant_code=variant)
    return about_payments(rows, pl.col("variant_code").is_in(["", CASH, PLANNED_CASH]), "country_code", "mcc_code", "variant_code")
