"""Finance tables of what came of budgets: worked out when somebody asks, like the others of `tables.finance`."""

from phb_audit.tables.beside import MEASURES
from phb_audit.tables.describe import Table, count, on, share, text, yes_no
from phb_audit.tables.finance import GROUPED, HOLDER

OUTCOME_CHANGE = Table(
    "finance.outcome_change",
    "holder and measure of what came of the budget, as known on the last day of the period",
    (
        HOLDER,
        *GROUPED,
        text("measure_code", "What was measured", nullable=False, values=MEASURES),
        yes_no("is_large", "The first budget comes to 1,000 pounds a year or more; null where none is on file"),
        on("from_on", "Day of the first review or score; first day of the stretch before the budget, for care used", nullable=False),
        on("to_on", "Day of the latest, within 400 days; last day of the stretch after, for care used", nullable=False),
        share(
            "before_value", "Share of outcomes met, or score, at the first of several; times a year before the first budget, for care used"
        ),
        share("after_value", "The same at the latest, or times a year since", nullable=False),
        share("change", "After less before"),
        count("rated_count", "Outcomes rated at the latest review; null for other measures"),
        count("met_count", "Of these, met"),
        count("partly_count", "Of these, met in part"),
    ),
    key=("holder_id", "measure_code"),
)

OUTCOME_SUMMARY = Table(
    "finance.outcome_summary",
    "measure of what came of budgets, and size of budget",
    (
        text("measure_code", "What was measured", nullable=False, values=MEASURES),
        text(
            "size_code",
            "All; a first budget of 1,000 pounds a year or more; a smaller one; the first of these two less the second",
            nullable=False,
            values=("all", "large", "small", "difference"),
        ),
        count("people_count", "People measured (of a change: on both sides; of the difference: in the smaller group)", nullable=False),
        count("rated_count", "Outcomes rated at the latest reviews; null for other measures"),
        count("met_count", "Of these, met"),
        count("partly_count", "Of these, met in part"),
        share("before_mean", "Mean of the people before"),
        share("after_mean", "Mean of the people after"),
        share("estimate", "Share of outcomes met; mean change of a score; care used after as a share of before. Association, not cause"),
        share("lower", "Lower end of its 95% interval (people are the units); null for fewer than five"),
        share("upper", "Upper end"),
    ),
    key=("measure_code", "size_code"),
)

TABLES: tuple[Table, ...] = (OUTCOME_CHANGE, OUTCOME_SUMMARY)
