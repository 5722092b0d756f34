"""What services by contract, and costs beside a budget, must be before they are admitted."""

from expectations.shared import (
    EVERY_PERSONS_ROW,
    FINANCE,
    amount_read,
    amount_within,
    code_known,
    complete,
    condition,
    day_read,
    given,
    in_order,
)
from phb_audit.validated.suite import Only, Suite

SUITE = Suite(
    "landed.contracts",
    (
        *EVERY_PERSONS_ROW,
        given("kind_text", "a kind of contract"),
        code_known("kind_code", "kind_text", "The kind of contract", severity_code="quarantine"),
        condition(
            "category_known",
            ("category_given", "category_code"),
            "category_code IS NOT NULL",
            "inform",
            reason="Which need a service meets tells whether the budget meets it too.",
            problem='The category is "{category_text}", which is not on our list.',
            rule_ids=("Q-07",),
            owner=FINANCE,
            where=(Only("category_text"),),
        ),
        given("category_text", "a category", severity_code="inform", owner=FINANCE),
        given("amount_text", "an amount", rule_id="Q-03"),
        amount_read("amount_pence", "amount_text", "The amount"),
        amount_within("amount_pence", "The amount", least=0, most=1_000_000_00, words="£1,000,000 or below zero"),
        given("frequency_text", "a frequency", rule_id="Q-03"),
        code_known("frequency_code", "frequency_text", "The frequency", severity_code="quarantine"),
        given("starts_on_text", "a first day", rule_id="Q-04"),
        day_read("starts_on", "The first day"),
        day_read("ends_on", "The last day"),
        in_order("starts_on", "ends_on", "The service"),
        day_read("paid_to_on", "The last day paid for", severity_code="inform"),
        complete("validated.contracts"),
    ),
)
