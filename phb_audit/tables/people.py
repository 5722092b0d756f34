"""People: who has a budget, how many, and how many there may be. Worked out when somebody asks, like the other finance tables."""

from phb_audit.tables.describe import Table, count, on, share, text, yes_no
from phb_audit.tables.finance import GROUPED, HOLDER

KINDS = ("ongoing", "wheelchair", "one_off")

PEOPLE = Table(
    "finance.people",
    "holder whose budget ran on a day of the financial year up to the day looked at",
    (
        HOLDER,
        *GROUPED,
        text("age_band", "Age band as the register told it last; null where not told"),
        on("first_on", "First day of the financial year", nullable=False),
        on("last_on", "The day looked at", nullable=False),
        text("kind_code", "By care group and plan: ongoing, wheelchair, or one_off", nullable=False, values=KINDS),
        on("starts_on", "First day of the budget as it runs without a gap", nullable=False),
        on("ends_on", "Its last day; null while it runs"),
        on("reviewed_on", "Newest review of the plan up to the day"),
        yes_no("is_new", "Had no budget on the last day of the year before", nullable=False),
        yes_no("is_open", "The budget runs on the day looked at", nullable=False),
        yes_no("is_year_to_date", "Counts among the people of the year to date", nullable=False),
        yes_no("is_active", "Counts among the people active on the day: open, and ongoing or reviewed within a year", nullable=False),
    ),
    key=("holder_id",),
)

TAKE_UP = Table(
    "finance.take_up",
    "day looked at and group of people: every quarter's end, and the last day asked for",
    (
        text("quarter", "Quarter of the NHS year, '2026/27 Q2'", nullable=False),
        on("last_on", "The day looked at", nullable=False),
        text("group_code", "all, holding, care_group, area or age_band", nullable=False),
        text("group_key", "Which group; empty for all", nullable=False),
        count("year_to_date_count", "People with a budget on any day since 1 April; begins again each April", nullable=False),
        count("active_count", "People with a budget on the day that counts as ongoing", nullable=False),
        count("new_count", "Of the year to date: people without one on 31 March", nullable=False),
        count(
            "left_out_count",
            "Open in the register but in neither count: wheelchair without a yearly review, one-off of an earlier year",
            nullable=False,
        ),
    ),
    key=("last_on", "group_code", "group_key"),
)

GROWTH = Table(
    "finance.growth",
    "quarter's end that was counted, or that is forecast",
    (
        text("quarter", "Quarter of the NHS year", nullable=False),
        on("last_on", "Its last day (of the quarter that runs: the last day asked for)", nullable=False),
        yes_no("is_forecast", "Forecast, not counted", nullable=False),
        yes_no(
            "is_before_first_night", "Told by the register as it stood later: people who had left before may be missing", nullable=False
        ),
        share("active", "People active on the day: counted, or the middle of the forecast"),
        share("lower", "Lower end of the forecast's 95% interval"),
        share("upper", "Upper end of it"),
        share("quarter_growth", "Growth of the active on the quarter before, as a share"),
        share("year_growth", "Growth of the active on the same quarter of the year before"),
        count("year_to_date_count", "People of the year to date; never set against the quarter before"),
        share("year_to_date_growth", "Growth of the year to date on the same quarter of the year before"),
        share("stress", "Where the active would be on the line of stress, from the last day counted"),
    ),
    key=("last_on",),
)

FORECAST_CHECK = Table(
    "finance.forecast_check",
    "how many quarters ahead a forecast looked",
    (
        count("steps", "Quarters ahead", nullable=False),
        count("forecasts_count", "Forecasts that could be made in the past and have come due", nullable=False),
        count("inside_count", "Those whose interval held what came", nullable=False),
        share("error_share", "Median distance of the forecast from what came, as a share of it"),
        share("no_change_share", "The same for a forecast of no change"),
    ),
    key=("steps",),
)

NATIONAL_RETURN = Table(
    "finance.national_return",
    "line of the quarterly national return",
    (
        text("organisation_code", "Code of the commissioner", nullable=False),
        text("quarter", "Quarter of the NHS year, '2026/27 Q2'", nullable=False),
        on("last_on", "Last day of the quarter", nullable=False),
        text("part_code", "total, age, holding or group; the lines of each part come to the total", nullable=False),
        text("line_code", "Which line of the part", nullable=False),
        text("line", "The line in words", nullable=False),
        count("year_to_date_count", "People with a budget on any day since 1 April", nullable=False),
        count("active_count", "People active on the last day of the quarter", nullable=False),
    ),
    key=("part_code", "line_code"),
)

TABLES: tuple[Table, ...] = (PEOPLE, TAKE_UP, GROWTH, FORECAST_CHECK, NATIONAL_RETURN)
