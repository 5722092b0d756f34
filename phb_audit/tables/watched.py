"""Watched: rates by group, looked at after the event; no rule, detector or order of the list reads a group."""

from phb_audit.tables.describe import Table, count, share, text, yes_no

MEASURES = ("asked", "confirmed", "in_vain")

GROUP_RATES = Table(
    "watched.group_rates",
    "night, measure and care group",
    (
        text("run_id", "The night", nullable=False),
        text("measure_code", "Purchases asked about; of these, rightly as people decided; or in vain", nullable=False, values=MEASURES),
        text("group_code", "The care group", nullable=False),
        count("holders_count", "Holders in it; null where too few to be told"),
        count("lines_count", "Their purchases of the last 400 days"),
        count("observed_count", "How many of these were counted; null where between 1 and 4"),
        share("expected", "How many would be, if purchases with the same plan match and receipt were counted alike in all groups"),
        share("ratio", "Observed over expected, against the same of all others"),
        share("low", "Lower end of its 95% interval"),
        share("high", "Upper end"),
        share("chance_share", "How often chance gives some group a difference as large"),
        yes_no("is_alarm", "More often than others beyond chance, and by more than a quarter", nullable=False),
        yes_no("is_suppressed", "Too few to be told", nullable=False),
    ),
    key=("run_id", "measure_code", "group_code"),
    is_published=True,
)

STOPPED_PARTS = Table(
    "watched.stopped_parts",
    "night and learned part that starts again from its severity, until the alarm is over",
    (
        text("run_id", "The night whose alarm stopped it: from the next night on", nullable=False),
        text("part_name", "The rule, or the detector", nullable=False),
        text("group_codes", "The groups it falls on, joined by |", nullable=False),
    ),
    key=("run_id", "part_name"),
    is_published=True,
)

TABLES = (GROUP_RATES, STOPPED_PARTS)
