"""Unmet need: people for whom money lies still and care may be missing. A list for a welfare call; it asks nobody about money."""

from phb_audit.tables.describe import Table, count, money, on, share, text, yes_no
from phb_audit.tables.finance import GROUPED, HOLDER

UNMET_NEED = Table(
    "finance.unmet_need",
    "holder with an open budget and at least one sign that a need may not be met: for a welfare call, not for audit",
    (
        HOLDER,
        *GROUPED,
        on("since_on", "First day of the weeks looked at", nullable=False),
        on("until_on", "Last day of them: where the lines of the accounts end, so that a late statement is no sign", nullable=False),
        count("signs_count", "How many of the three signs", nullable=False),
        yes_no("has_outcome_without_spend", "An outcome with a recurring line of the plan, and nothing was bought for it", nullable=False),
        yes_no(
            "has_care_not_delivered",
            "Less than half of the hours agreed were worked, or of the paid care agreed was bought",
            nullable=False,
        ),
        yes_no(
            "has_surplus_building",
            "More weeks of budget held than the limit, and less spent than the budget of those weeks",
            nullable=False,
        ),
        count("outcomes_count", "Outcomes without spend", nullable=False),
        text("goal_types", "Their kinds, as plans name them, with | between"),
        money("outcomes_planned_pence", "What the plan agrees for them in those weeks", nullable=False),
        share("hours_agreed", "Hours of paid assistants the plan agrees for those weeks; null where its words do not say"),
        share("hours_worked", "Hours on pay slips and in visit logs of those weeks; null where nobody tells hours"),
        money("care_planned_pence", "Paid care the plan agrees for those weeks; null where it agrees none"),
        money("care_bought_pence", "What was paid for it, and what may have been"),
        share("weeks_held", "Unspent money in weeks of budget"),
        money("unspent_pence", "Unspent money"),
        on("reviewed_on", "Newest review of the plan"),
    ),
    key=("holder_id",),
)

TABLES: tuple[Table, ...] = (UNMET_NEED,)
