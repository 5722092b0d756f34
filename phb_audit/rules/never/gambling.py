"""Gambling paid from the budget.

Repeated payments may mean that somebody takes advantage of the person: then the safeguarding lead hears of it as well.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.bought import SHOP, Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Variant
from phb_audit.rules.spending import Spending, at_once
from phb_audit.rules.trade_rule import trade_rule

REPEATED = "repeated"
SOUNDS_ALIKE = r"(?i)raffle|tombola|bingo (night|club|hall) (entry|ticket|tea)|prize draw|better\b|tote bag|time slots"
NAMES = (
    r"(?i)\bbookmakers?\b|\bcasino\b|\bbetting\b|national lottery|turf accountant|\bw(illia)?m hill\b|\bslots\b|\btote\b|"
    r"bingo ?\.(com|co)\b|\bpaddy ?power\b|\bbetfred\b|\bsky ?bet\b|\bbet ?(365|way|victor)\b|\bbetfair\b"
)
BET365: dict[str, object] = {"mcc_code": "7995", "category_code": "X03", "payee_shown": "BETTING SHOP"}

RULE = trade_rule(
    id="L-03",
    title="Gambling",
    basis="exclusions",
    severity=4,
    outcome="refuse",
    read_as="gambling",
    shop=Variant(
        sentence="{at_stake_pence:pounds} was paid to {payee_shown} on {subject_on:day}, whose trade is betting or "
        "lotteries (trade code {mcc_code}).",
        not_found="{payee_shown} reads as {category_code:category}, not as a betting or lottery business (trade code {mcc_code}).",
        usual="Direct payments show no payments to betting or lottery businesses.",
        innocent="A wrong card was used, a club's bingo evening was an agreed outing, or the trade code of the shop is wrong.",
        ask="Ask the holder what the payment was for, and whether the person is all right.",
        clears="A receipt or the business's word that it was something else, or the amount paid back.",
        outcome="query",
    ),
    more={
        REPEATED: Variant(
            sentence="{at_stake_pence:pounds} was paid to {payee_shown} on {subject_on:day}, whose trade is betting or "
            "lotteries (trade code {mcc_code}). "
            "It is one of {recent_count} such payments within {repeated_days} days.",
            usual="Direct payments show no payments to betting or lottery businesses. From {repeated_count} in "
            "{repeated_days} days on, the safeguarding lead is told.",
            innocent="Somebody else may have the card. The person may need help rather than a letter.",
            ask="Speak with the care co-ordinator and the safeguarding lead first: is somebody taking advantage of the person?",
            clears="An explanation the care co-ordinator accepts, or the amounts paid back.",
            outcome="query",
            is_safeguarding=True,
        )
    },
    usual="Direct payments show no gambling.",
    innocent="A raffle at a day centre, a family's shared shop, or a misread line.",
    ask="Ask the holder whether that line was paid from the budget.",
    clears="A note that the line was paid from own money, the amount paid back, or a receipt that shows another item.",
    owners=("Personal health budgets lead", "Safeguarding lead"),
    examples=(
        flagged(
            "A lottery line on a receipt",
            receipt_lines=({"category_code": "X03", "description": "LOTTO 2 LINES", "line_total_pence": 4_00},),
        ),
        flagged("A betting business by its trade code", payments=(BET365,)),
        flagged(
            "A bookmaker whose name is not read as one",
            payments=({"payee_shown": "Wm Hill Online", "category_code": "R03", "is_abstained": True, "probability_share": 0.08},),
        ),
        left_alone(
            "A bag shop",
            payments=({"payee_shown": "Tote Bags", "category_code": "A05", "is_abstained": True, "probability_share": 0.08},),
        ),
        left_alone(
            "A raffle at the day centre",
            receipt_lines=({"category_code": "X03", "description": "RAFFLE TICKET", "line_total_pence": 2_00},),
        ),
        at_the_threshold(
            "Three payments in a season: also a safeguarding matter",
            flags=3,
            payments=(
                BET365,
                {**BET365, "payment_id": "P2", "paid_on": date(2026, 8, 20)},
                {**BET365, "payment_id": "P3", "paid_on": date(2026, 9, 3)},
            ),
        ),
    ),
)


def find(
    spending: Spending,
    *,
    merchant_codes: tuple[str, ...] = ("7995", "7800", "7801", "7802", "9406"),
    least_share: float = 0.5,
    repeated_count: int = 3,
    repeated_days: int = 90,
) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    rows = at_once(bought(spending, Trade(("X03",), merchant_codes, least_share, is_not=SOUNDS_ALIKE, by_name=NAMES)))
    # What was left alone adds nothing to any window, so only what was found is counted.
    latest = (
        rows.filter("is_found")
        .select("holder_id", "subject_on", recent_count=pl.lit(1, dtype=pl.Int64))
        .sort("holder_id", "subject_on")
        .with_columns(pl.col("recent_count").rolling_sum_by("subject_on", window_size=f"{repeated_days}d").over("holder_id"))
        .group_by("holder_id")
        .agg(pl.col("recent_count").max())
    )
    is_repeated = (pl.col("variant_code") == SHOP) & pl.col("is_found") & (pl.col("recent_count") >= repeated_count)
    return rows.join(latest, on="holder_id", how="left").with_columns(
        pl.col("recent_count").fill_null(0), variant_code=pl.when(is_repeated).then(pl.lit(REPEATED)).otherwise("variant_code")
    )
