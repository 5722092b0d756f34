"""What lines of the budgets register must be before they are admitted."""

from expectations.shared import (
    EVERY_LANDED_ROW,
    NHS_NUMBER_PASSES,
    PERSON_GIVEN,
    amount_read,
    amount_within,
    code_known,
    complete,
    day_read,
    given,
    in_order,
)
from phb_audit.validated.suite import Expectation, Suite

SUITE = Suite(
    "landed.budgets",
    (
        *EVERY_LANDED_ROW,
        NHS_NUMBER_PASSES,
        PERSON_GIVEN,
        given("holding_text", "a way of holding the budget"),
        code_known("holding_code", "holding_text", "The way the budget is held", severity_code="quarantine"),
        Expectation(
            "account_kind_known",
            "one_of",
            ("account_kind_code",),
            "inform",
            reason="The kind of account says which feed its lines come in.",
            problem='The kind of account is "{account_kind_text}", which is not on our list.',
            rule_ids=("Q-07",),
            parameters={"values": ("bank", "card", "managed", "notional")},
        ),
        given("account_id", "an account", severity_code="inform"),
        amount_read("annual_pence", "annual_amount_text", "The annual budget"),
        amount_within("annual_pence", "The annual budget", least=0, most=1_000_000_00, words="£1,000,000 or below zero"),
        given("annual_amount_text", "an annual budget", rule_id="Q-03", severity_code="inform"),
        day_read("starts_on", "The first day"),
        day_read("ends_on", "The last day"),
        in_order("starts_on", "ends_on", "The budget"),
        day_read("agreement_signed_on", "The day the agreement was signed", severity_code="inform"),
        day_read("last_audit_on", "The day of the last financial audit", severity_code="inform"),
        complete("validated.budgets"),
    ),
)
