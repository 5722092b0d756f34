"""A purchase that another public body may have to supply, and that the plan in force does not name.

Community equipment, continence supplies, wheelchairs and adaptations often come from the NHS or the council. We hold no list of what
was supplied to whom, so this only asks, and asks the organisation before the person.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import agreed_exception, at_the_threshold, flagged, left_alone
from phb_audit.rules.own_kinds import LEFT_ALONE, outside_plan
from phb_audit.rules.plan_match import OTHER_BODIES
from phb_audit.rules.rule import WHOLE_LINE_FEEDS, Rule
from phb_audit.rules.spending import Spending

CLASSES: tuple[dict[str, object], ...] = ({"category_code": "A05"},)
PADS: dict[str, object] = {"category_code": "E03", "match_code": "no_match", "amount_pence": 48_00, "payee_shown": "PADS DIRECT"}

RULE = Rule(
    id="L-12",
    title="Another body may supply it",
    family="A1",
    basis="other_bodies",
    severity=2,
    outcome="query",
    looks_at="purchases read as mobility aids, beds and hoists, consumables or adaptations from direct payments and third-party budgets on "
    "a day with a plan in force",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. We read it as {category_code:category} "
    "({probability_share:percent} sure). The plan in force on that day does not name it, and the NHS or the council may have to supply it.",
    not_found="The plan in force names {category_code:category}.",
    usual="Such things are named in the plan ({lines_count} lines in this plan), or come from the NHS or the council without charge.",
    innocent="What was supplied may have run out, not fitted, or been promised and not come. The person may have bridged a gap.",
    ask="Ask the care co-ordinator first whether the person is supplied with it, and whether that is enough. Only then ask the holder.",
    clears="A plan line or a note that agrees it, or the other body's word that it does not supply it.",
    overtaken="The plan on file or our reading of the purchase has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=WHOLE_LINE_FEEDS,
    explained_by=("P-14", "G-02", "G-01", "G-13", "P-09", "G-08", "G-09", "G-03", "G-05"),
    variants=LEFT_ALONE,
    examples=(
        flagged("Continence pads, and a plan for art classes", payments=(PADS,), plan_lines=CLASSES),
        left_alone("Pads that the plan names", payments=(PADS,), plan_lines=({"category_code": "E03"},)),
        left_alone("A line of the plan nearly fits", payments=({**PADS, "match_code": "unclear"},), plan_lines=CLASSES),
        at_the_threshold("Exactly 15 pounds", flags=1, payments=({**PADS, "amount_pence": 15_00},), plan_lines=CLASSES),
        at_the_threshold("Just less sure than asked for", payments=({**PADS, "probability_share": 0.79},), plan_lines=CLASSES),
        agreed_exception(
            "A wheelchair cushion agreed by name",
            payments=({**PADS, "match_code": "fits", "is_preapproved": True, "plan_line_id": "PL1/v1/1", "line_amount_pence": 50_00},),
            plan_lines=CLASSES,
        ),
    ),
)


def find(
    spending: Spending,
    *,
    codes: tuple[str, ...] = OTHER_BODIES,
    least_share: float = 0.8,
    sure_share: float = 0.99,
    least_pence: int = 15_00,
) -> pl.LazyFrame:
    """One row per purchase of these kinds made while a plan was in force."""
    return outside_plan(spending, codes, least_share, sure_share, least_pence)
