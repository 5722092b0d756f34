"""What receipts counted by the council must be before they are admitted."""

from expectations.shared import EVERY_PERSONS_ROW, amount_read, amount_within, complete, condition, day_read, given, not_ahead
from phb_audit.validated.suite import Suite

SUITE = Suite(
    "landed.council_claims",
    (
        *EVERY_PERSONS_ROW,
        given("dated_on_text", "a day", rule_id="Q-04"),
        day_read("dated_on", "The day of the receipt"),
        not_ahead("dated_on", "The day of the receipt"),
        day_read("claimed_on", "The day it was claimed", severity_code="inform"),
        given("total_text", "a total", rule_id="Q-03"),
        amount_read("total_pence", "total_text", "The total"),
        amount_within("total_pence", "The total", least=0, words="£50,000 or below zero"),
        given("claimed_text", "an amount claimed", rule_id="Q-03"),
        amount_read("claimed_pence", "claimed_text", "The amount claimed"),
        amount_within("claimed_pence", "The amount claimed", least=0, words="£50,000 or below zero"),
        condition(
            "claimed_within_total",
            ("claimed_pence", "total_pence"),
            "coalesce(claimed_pence <= total_pence, true)",
            "inform",
            reason="No more of a receipt can be claimed than there is.",
            problem="More is claimed than the receipt comes to.",
            rule_ids=("Q-03",),
        ),
        complete("validated.council_claims"),
    ),
)
