"""Finance: tables worked out from the warehouse when somebody asks. No night stores them, so they stand apart from `TABLES`."""

from phb_audit.tables.describe import Table, count, money, on, share, text, yes_no

HOLDER = text("holder_id", "Pseudonym of the holder", nullable=False, personal=True)
HOLDING = text("holding_code", "How the budget is held: direct_payment, third_party, notional, none_on_file", nullable=False)
GROUPED = (
    HOLDING,
    text("care_group_code", "Care group as the commissioner writes it; null where not told"),
    text("area_name", "Team or place; null where not told"),
)
PERIOD = (on("first_on", "First day of the period", nullable=False), on("last_on", "Last day of the period", nullable=False))

PERSON_POSITION = Table(
    "finance.person_position",
    "holder with a budget, a payment in or a payment out in the period",
    (
        HOLDER,
        *GROUPED,
        *PERIOD,
        money("budget_pence", "Budget of the period, pro rata by day; null where no budget is on file"),
        money("received_pence", "Paid in by the commissioner in the period", nullable=False),
        money("spent_pence", "Spend in the period: purchases, cash, transfers, fees, less refunds", nullable=False),
        money("returned_pence", "Given back to the commissioner in the period", nullable=False),
        money("left_pence", "Budget less spend; below zero: more was spent"),
        share("spent_share", "Spend as a share of the budget"),
    ),
    key=("holder_id",),
)

POSITION = (
    *PERIOD,
    money("planned_pence", "Cost of the plans' lines that ran in the period, pro rata by day (one-off items whole)", nullable=False),
    money("spent_pence", "Spend in the period", nullable=False),
    money("left_pence", "Planned less spent", nullable=False),
    money("per_thousand_pence", "Of each 1,000 pounds spent, how much; the rows come to 1,000 pounds exactly", nullable=False),
    count("payments_count", "Lines of spend", nullable=False),
    count("people_count", "Holders with such spend", nullable=False),
)

CATEGORY_POSITION = Table(
    "finance.category_position",
    "category of the taxonomy, spent on or not",
    (
        text("category_code", "Code of taxonomy.csv; 'not_told' for lines no night has classified", nullable=False),
        text("category_name", "Its name", nullable=False),
        *POSITION,
        money("unsure_pence", "Part of the spend whose words do not settle the category", nullable=False),
    ),
    key=("category_code",),
)

OUTCOME_POSITION = Table(
    "finance.outcome_position",
    "kind of outcome that plans name",
    (text("goal_type", "Kind of goal as plans name it; 'no_outcome' for spend that serves none", nullable=False), *POSITION),
    key=("goal_type",),
)

UNSPENT = Table(
    "finance.unspent",
    "holder with an account on file",
    (
        HOLDER,
        *GROUPED,
        money("balance_pence", "Balance of all accounts; null where one of them is not known"),
        money("due_pence", "Wages and invoices known but unpaid, and contingency agreed", nullable=False),
        money("planned_pence", "What plans have the holder save for and is not bought yet", nullable=False),
        money("unspent_pence", "Balance less what is due and saved for, never below zero"),
        money("weekly_pence", "Budget for a week"),
        share("weeks_held", "Unspent money in weeks of budget"),
        yes_no("is_above_limit", "More weeks than the limit that was asked for", nullable=False),
        money("up_to_4_weeks_pence", "Part of it that came in within the last 4 weeks (the newest money is taken as unspent)"),
        money("up_to_8_weeks_pence", "More than 4 and up to 8 weeks ago"),
        money("up_to_13_weeks_pence", "More than 8 and up to 13 weeks ago"),
        money("up_to_26_weeks_pence", "More than 13 and up to 26 weeks ago"),
        money("older_pence", "Earlier, or from money nobody told of"),
        money("recovered_pence", "Given back or set off in the period", nullable=False),
    ),
    key=("holder_id",),
)

SUFFICIENCY = Table(
    "finance.sufficiency",
    "holder with an open budget and a plan in force with costs",
    (
        HOLDER,
        *GROUPED,
        money("plan_pence", "Cost for a year of the plan's recurring lines that run on the day", nullable=False),
        money("annual_pence", "Budget for a year", nullable=False),
        money("short_pence", "Plan less budget; below zero: the budget is larger", nullable=False),
        yes_no("is_short", "Short by more than the allowance: regulation 13(1) asks for the full cost of each service", nullable=False),
        money("paid_in_pence", "Regular payments and uplifts of the last 365 days; null where the budget is younger, or not paid in"),
        yes_no("is_underpaid", "Paid in less than the budget by more than the allowance; null where not told"),
    ),
    key=("holder_id",),
)

DOUBLE_RUNNING = Table(
    "finance.double_running",
    "service by contract that was paid for, in the period, beside a direct payment or a third party's budget",
    (
        text("contract_id", "The row of validated.contracts", nullable=False),
        HOLDER,
        *GROUPED,
        *PERIOD,
        text("contract_ref", "Contract or order number"),
        text("category_code", "Code of taxonomy.csv: the need the contract meets"),
        text(
            "standing_code",
            "Whether a recurring line of the plan in force met the same need on any of the days; not_known: no category, or no plan on file",
            nullable=False,
            values=("same_need", "other_need", "not_known"),
        ),
        on("from_on", "First day paid for twice; null where there is none"),
        on("to_on", "Last such day of the period"),
        count("days_count", "Days paid for twice", nullable=False),
        share("weeks", "The same in weeks of seven days", nullable=False),
        money("twice_pence", "What the contract cost on those days", nullable=False),
        money("change_over_pence", "Part of it in the first 28 days of the first budget: the weeks of change", nullable=False),
        yes_no("has_end", "The register tells a last day", nullable=False),
        yes_no("has_paid_to", "The register tells the last day paid for; where not, it is taken as paid while it runs", nullable=False),
    ),
    key=("contract_id",),
)

COST_NEUTRALITY = Table(
    "finance.cost_neutrality",
    "holder whose budget ran in the period",
    (
        HOLDER,
        *GROUPED,
        *PERIOD,
        on("starts_on", "First day of its first budget on file", nullable=False),
        money("annual_pence", "That budget for a year", nullable=False),
        money("support_pence", "Support paid beside it, for a year", nullable=False),
        money("set_up_pence", "Setting it up", nullable=False),
        money("full_pence", "The three together", nullable=False),
        money("alternative_pence", "What was quoted for a commissioned service within 92 days of the first day, for a year; null: nothing"),
        money("difference_pence", "Full cost less the alternative; above zero: the budget is dearer"),
    ),
    key=("holder_id",),
)

NEUTRALITY_BY_TYPE = Table(
    "finance.neutrality_by_type",
    "way of holding or care group, and everyone together",
    (
        text("group_code", "What people are told apart by", nullable=False, values=("all", "holding", "care_group")),
        text("group_key", "The way of holding or the care group; empty for everyone", nullable=False),
        count("people_count", "People with an alternative on file", nullable=False),
        count("not_quoted_count", "People without one: nothing can be said of them", nullable=False),
        count("dearer_count", "People whose full cost is above the alternative", nullable=False),
        money("full_pence", "Full cost of those with an alternative", nullable=False),
        money("alternative_pence", "Their alternatives", nullable=False),
        share("cost_ratio", "Full cost as a share of the alternatives; below 1: budgets cost less"),
        share("lower", "Lower end of its 95% interval (people are the units); null for fewer than five"),
        share("upper", "Upper end"),
    ),
    key=("group_code", "group_key"),
)

TABLES: tuple[Table, ...] = (
    PERSON_POSITION,
    CATEGORY_POSITION,
    OUTCOME_POSITION,
    UNSPENT,
    SUFFICIENCY,
    DOUBLE_RUNNING,
    COST_NEUTRALITY,
    NEUTRALITY_BY_TYPE,
)
