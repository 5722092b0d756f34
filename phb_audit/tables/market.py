"""Finance tables of who is paid: assistants' on-costs, providers, services by contract, the other funder of joint budgets."""

from phb_audit.tables.describe import Table, count, money, on, share, text, yes_no
from phb_audit.tables.finance import GROUPED, HOLDER, PERIOD

PAYROLL_COSTS = Table(
    "finance.payroll_costs",
    "holder with pay slips paid in the period",
    (
        HOLDER,
        *GROUPED,
        *PERIOD,
        count("slips_count", "Pay slips", nullable=False),
        money("gross_pence", "Gross pay on them", nullable=False),
        money("employer_ni_pence", "Employer's National Insurance; null where a slip does not tell it"),
        money(
            "employer_pension_pence",
            "Employer's share of pensions: both shares less what was taken from pay; null where a slip does not tell enough",
        ),
        money("on_cost_pence", "The two together"),
        share("on_cost_share", "On-costs as a share of gross pay"),
        money("fees_pence", "Spend of the period on payroll and other agents, recruitment and checks (C04)", nullable=False),
        money("insurance_pence", "Spend on employers' liability insurance (C03)", nullable=False),
    ),
    key=("holder_id",),
)

PROVIDER_SHARE = Table(
    "finance.provider_share",
    "business paid for care and support (C08 to C11) in the period or as many days before it",
    (
        text("payee_id", "The business", nullable=False),
        text("payee_shown", "Its name as paid", nullable=False, personal=True),
        *PERIOD,
        money("spent_pence", "Spend with it in the period", nullable=False),
        money("before_pence", "Spend with it in as many days before", nullable=False),
        share("share", "Its share of all such spend in the period"),
        share("before_share", "Its share before"),
        share("gained_share", "The one less the other"),
        count("people_count", "Holders who paid it in the period", nullable=False),
        yes_no("is_growing", "Its share rose by 5 in 100 or more, with five holders or more", nullable=False),
    ),
    key=("payee_id",),
)

SERVICE_CUSTOM = Table(
    "finance.service_custom",
    "provider and category of services by contract that ran on the first or the last day of the period",
    (
        text("supplier_name", "Provider as the register writes it", nullable=False, personal=True),
        text("category_code", "Code of taxonomy.csv; not_told where none is given", nullable=False),
        *PERIOD,
        count("before_count", "People on its contracts on the first day", nullable=False),
        count("after_count", "People on the last day", nullable=False),
        money("before_weekly_pence", "What its contracts came to in a week on the first day", nullable=False),
        money("after_weekly_pence", "On the last day", nullable=False),
        share("lost_share", "Share of the weekly amount that went; below zero: it grew"),
        count("to_budgets_count", "People whose contract ended within 92 days of the first day of their budget", nullable=False),
        yes_no(
            "is_losing",
            "A quarter or more of the weekly amount went, of five people or more: whoever stays may lose the service",
            nullable=False,
        ),
    ),
    key=("supplier_name", "category_code"),
)

JOINT_BUDGET = Table(
    "finance.joint_budget",
    "holder whose payments in are split between health and council, or of whose receipts the council counts some",
    (
        HOLDER,
        *GROUPED,
        *PERIOD,
        money("health_pence", "Health's part of payments in in the period", nullable=False),
        money("council_pence", "The council's part", nullable=False),
        money("not_split_pence", "Payments in that are not split, or whose parts do not make the whole", nullable=False),
        share("council_share", "The council's part of all that was ever split; null where nothing was"),
        count("claims_count", "Receipts of the period that the council counts", nullable=False),
        money("claimed_pence", "What it counts of them", nullable=False),
        count(
            "both_count", "Receipts counted by both bodies: claimed beyond the council's share, and paid from this account", nullable=False
        ),
        money("both_pence", "What is counted by both", nullable=False),
    ),
    key=("holder_id",),
)

JOINT_CLAIM = Table(
    "finance.joint_claim",
    "receipt dated in the period that the council counts against its own money",
    (
        text("claim_id", "The row of validated.council_claims", nullable=False),
        HOLDER,
        on("dated_on", "Date of the receipt", nullable=False),
        money("total_pence", "Its total", nullable=False),
        money("claimed_pence", "What the council counts of it", nullable=False),
        share("council_share", "The council's part of what was paid into the budget; null where nothing was ever split"),
        money("over_pence", "Counted beyond that share: all of it where nothing was ever split"),
        text("receipt_id", "Our receipt of the same person, day and total, told by number or supplier where several are; null: none"),
        yes_no("is_paid_here", "A payment from the budget's account stands beside that receipt", nullable=False),
        yes_no("is_counted_by_both", "Beyond the share by more than a pound, and paid here: the same money in both books", nullable=False),
    ),
    key=("claim_id",),
)

TABLES: tuple[Table, ...] = (PAYROLL_COSTS, PROVIDER_SHARE, SERVICE_CUSTOM, JOINT_BUDGET, JOINT_CLAIM)
