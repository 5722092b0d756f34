"""What the commissioner's payments into budgets must be before they are admitted."""

from expectations.shared import (
    EVERY_PERSONS_ROW,
    amount_read,
    amount_within,
    code_known,
    complete,
    condition,
    day_read,
    given,
    in_order,
    not_ahead,
)
from phb_audit.validated.suite import Suite

SUITE = Suite(
    "landed.instalments",
    (
        *EVERY_PERSONS_ROW,
        given("amount_text", "an amount", rule_id="Q-03"),
        amount_read("amount_pence", "amount_text", "The amount"),
        condition(
            "amount_not_zero",
            ("amount_pence",),
            "amount_pence <> 0",
            "quarantine",
            reason="An instalment of nothing is none.",
            problem="The amount is zero.",
            rule_ids=("Q-03",),
        ),
        amount_within("amount_pence", "The amount"),
        amount_read("health_pence", "health_amount_text", "The health body's part", severity_code="inform"),
        amount_read("council_pence", "council_amount_text", "The council's part", severity_code="inform"),
        condition(
            "parts_make_the_whole",
            ("amount_pence", "health_pence", "council_pence"),
            "coalesce(health_pence + council_pence = amount_pence, true)",
            "inform",
            reason="Of a joint budget each pound is the health body's or the council's.",
            problem="The health body's and the council's parts do not come to the amount.",
            rule_ids=("Q-03",),
        ),
        given("paid_on_text", "a day", rule_id="Q-04"),
        day_read("paid_on", "The day it was paid"),
        not_ahead("paid_on", "The day it was paid"),
        day_read("period_from_on", "The first day it covers", severity_code="inform"),
        day_read("period_to_on", "The last day it covers", severity_code="inform"),
        in_order("period_from_on", "period_to_on", "The period it covers", severity_code="inform"),
        code_known("kind_code", "type_text", "The kind of instalment", severity_code="inform"),
        complete("validated.instalments"),
    ),
)
