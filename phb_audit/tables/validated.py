"""Validated: typed rows, each true once; what was refused is kept whole in quarantine."""

from phb_audit.tables.describe import ORIGIN, Table, count, money, on, share, text, yes_no

HOLDER = text("holder_id", "Pseudonym of the holder: 'H' + 16 hex", nullable=False)

PAYMENT_KINDS = (
    "purchase",  # money to a shop, person or provider
    "cash",  # cash drawn
    "transfer",  # to another account
    "refund",  # money back from a supplier
    "fee",  # charge of the bank or card
    "interest",
    "instalment",  # the commissioner's money coming in
    "credit",  # any other money coming in (own money, gift)
    "repayment",  # money given back to the commissioner
    "authorisation",  # card hold not yet presented: not spend
    "declined",  # never happened: not spend
    "reversed",  # hold or purchase undone by the card scheme: not spend
    "nothing",  # a line of 0.00: no money moved
)

PAYMENTS = Table(
    "validated.payments",
    "movement of money on a budget's account that was admitted",
    (
        text("payment_id", "'P' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        text("feed_code", "bank, card, managed or notional", nullable=False),
        text("account_id", "Pseudonym of the account", nullable=False),
        HOLDER,
        text("reference", "The sender's own id of the line"),
        on("paid_on", "Day it was paid, in London", nullable=False),
        on("posted_on", "Value or settlement day"),
        money("amount_pence", "Money out is positive, money in is negative", nullable=False),
        text("kind_code", "What kind of movement", nullable=False, values=PAYMENT_KINDS),
        yes_no("is_spend", "True for purchase, cash, transfer, fee, and refund (which lowers spend)", nullable=False),
        text("payee_text", "Payee as the bank wrote it, persons' names replaced by PERSON", personal=True),
        text("payee_ref", "Pseudonym of the person paid; null for businesses", personal=True),
        text("description", "Further words", personal=True),
        text("type_code", "Bank's type or the return's head of spend, upper case"),
        text("mcc_code", "Merchant category code, four digits"),
        text("country_code", "Merchant country, ISO two letters; GB when not given"),
        text("currency_code", "Currency the purchase was made in"),
        money("balance_pence", "Balance after the line"),
    ),
    key=("payment_id",),
    is_published=True,
)

RECEIPTS = Table(
    "validated.receipts",
    "receipt or invoice",
    (
        text("receipt_id", "'R' + 15 hex of holder, sender's receipt id, number, date and total", nullable=False),
        *ORIGIN,
        HOLDER,
        text("receipt_ref", "The sender's id"),
        text("supplier_name", "Supplier as printed", personal=True),
        text("invoice_number", "Number as printed"),
        on("dated_on", "Date printed"),
        on("received_on", "Day it reached the commissioner"),
        money("total_pence", "Total printed"),
        money("vat_pence", "VAT printed"),
        text("image_hash", "Hash of the image"),
        text("picture_mark", "What the first page looks like: 16 hex digits for each way of holding it"),
        text("numbers_mark", "Times of day and numbers printed on it, as short hashes"),
        yes_no("is_readable", "Could it be read", nullable=False),
    ),
    key=("receipt_id",),
    is_published=True,
)

RECEIPT_LINES = Table(
    "validated.receipt_lines",
    "line of a receipt",
    (
        text("receipt_line_id", "'L' + the row_id of the landed row", nullable=False),
        text("receipt_id", "Its receipt", nullable=False),
        *ORIGIN,
        HOLDER,
        text("description", "What the line says", personal=True),
        share("quantity_count", "Quantity"),
        money("line_total_pence", "Total of the line"),
    ),
    key=("receipt_line_id",),
    is_published=True,
)

PAY_SLIPS = Table(
    "validated.pay_slips",
    "pay slip",
    (
        text("pay_slip_id", "'W' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        HOLDER,
        text("employee_id", "Pseudonym of the employee", nullable=False),
        text("person_ref", "Pseudonym of the employee's name; equals person_ref in validated.people", personal=True),
        text("payee_ref", "Pseudonym of the employee's name as banks write it; equals payee_ref of payments", personal=True),
        text("ni_ref", "Pseudonym of the National Insurance number", personal=True),
        on("started_on", "Start of employment"),
        on("left_on", "End of employment"),
        on("period_from_on", "First day the pay is for", nullable=False),
        on("period_to_on", "Last day the pay is for", nullable=False),
        share("hours_count", "Hours paid"),
        money("rate_pence", "Basic hourly rate"),
        money("gross_pence", "Gross pay"),
        money("tax_pence", "Income tax"),
        money("employee_ni_pence", "Employee's National Insurance"),
        money("employer_ni_pence", "Employer's National Insurance"),
        money("pension_pence", "Pension, both shares"),
        money("net_pence", "Net pay", nullable=False),
        on("paid_on", "Day it was paid"),
        text("hours_kind_code", "What the hours were", values=("worked", "retainer", "holiday", "sick")),
        on("hmrc_paid_on", "Day HMRC was paid"),
    ),
    key=("pay_slip_id",),
    is_published=True,
)

BUDGETS = Table(
    "validated.budgets",
    "holder, budget period and account",
    (
        text("budget_id", "'G' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        HOLDER,
        text("account_id", "Pseudonym of the account the money is in"),
        text("holding_code", "How it is held", nullable=False, values=("direct_payment", "third_party", "notional", "none_on_file")),
        text("account_kind_code", "bank, card, managed or notional"),
        text("care_group_code", "Care group as the commissioner writes it"),
        text("area_name", "Team or place"),
        text("age_band", "Age band of the holder, as the commissioner writes it"),
        money("annual_pence", "Budget for a year; null where no budget is on file"),
        on("starts_on", "First day"),
        on("ends_on", "Last day, where it has ended"),
        on("agreement_signed_on", "Agreement signed"),
        on("last_audit_on", "Last financial audit"),
    ),
    key=("budget_id",),
    is_published=True,
)

INSTALMENTS = Table(
    "validated.instalments",
    "payment by the commissioner into a budget",
    (
        text("instalment_id", "'T' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        HOLDER,
        text("reference", "Payment number"),
        money("amount_pence", "Amount", nullable=False),
        on("paid_on", "Day it was paid", nullable=False),
        on("period_from_on", "First day it covers"),
        on("period_to_on", "Last day it covers"),
        text("kind_code", "Kind", values=("regular", "start-up", "one-off", "contingency", "uplift", "recovery offset")),
        money("health_pence", "Part of it that is the health body's; null where the ledger does not split it"),
        money("council_pence", "Part of it that is the council's"),
    ),
    key=("instalment_id",),
    is_published=True,
)

PLANS = Table(
    "validated.plans",
    "version of a care plan",
    (
        text("plan_version_id", "Plan number, '/v', version", nullable=False),
        *ORIGIN,
        HOLDER,
        text("plan_ref", "Plan number", nullable=False),
        count("version", "Version", nullable=False),
        text("status_code", "Status", values=("approved", "draft", "superseded")),
        on("effective_from_on", "First day in force", nullable=False),
        on("effective_to_on", "Last day in force; null while open"),
        on("approved_on", "Signed off"),
        text("approver_role", "Role that signed it off"),
        yes_no("has_care_coordinator", "Is a care co-ordinator named"),
        on("review_due_on", "Next review due"),
    ),
    key=("plan_version_id",),
    is_published=True,
)

PLAN_OUTCOMES = Table(
    "validated.plan_outcomes",
    "outcome of a version of a plan",
    (
        text("outcome_id", "plan_version_id, '/', outcome number", nullable=False),
        text("plan_version_id", "Its plan version", nullable=False),
        *ORIGIN,
        HOLDER,
        text("outcome_ref", "Outcome number", nullable=False),
        text("outcome_text", "The plan's own words", personal=True),
        text("goal_type", "Kind of goal"),
    ),
    key=("outcome_id",),
    is_published=True,
)

PLAN_LINES = Table(
    "validated.plan_lines",
    "line of a version of a plan",
    (
        text("plan_line_id", "plan_version_id, '/', line number", nullable=False),
        text("plan_version_id", "Its plan version", nullable=False),
        *ORIGIN,
        HOLDER,
        text("line_ref", "Line number", nullable=False),
        text("outcome_id", "The outcome it serves"),
        text("category_code", "Code of taxonomy.csv"),
        text("description", "The plan's own words", personal=True),
        money("amount_pence", "Amount agreed for each period of the frequency"),
        text("frequency_code", "How often", values=("weekly", "4-weekly", "monthly", "annual", "one-off")),
        money("annual_pence", "What it comes to in a year (one-off: the amount)"),
        on("starts_on", "First day"),
        on("ends_on", "Last day"),
        yes_no("is_preapproved", "This specific item was agreed by name", nullable=False),
        money("most_at_once_pence", "Most for one payment"),
        text("supplier_name", "Supplier named", personal=True),
        text("evidence_code", "Evidence wanted", values=("receipt", "invoice", "payslip", "none")),
        text("risk_note", "Risk noted", personal=True),
        text("alternative", "Alternative considered"),
        money("alternative_annual_pence", "Cost of the alternative a year"),
    ),
    key=("plan_line_id",),
    is_published=True,
)

PEOPLE = Table(
    "validated.people",
    "person connected with a holder's budget",
    (
        text("connection_id", "'C' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        HOLDER,
        text("person_ref", "Pseudonym of the name", personal=True),
        text("surname_ref", "Pseudonym of the surname", personal=True),
        text("payee_ref", "Pseudonym as banks write the name; equals payee_ref of payments", personal=True),
        text("account_ref", "Pseudonym of the person's own bank account", personal=True),
        text("role_code", "Role", values=("holder", "nominee", "representative", "pa", "family")),
        text("relationship", "Relationship to the holder"),
        yes_no("is_same_household", "Lives with the holder"),
        on("paid_care_approved_on", "Commissioner's written agreement that this person may be paid for care"),
    ),
    key=("connection_id",),
    is_published=True,
)

HOLDER_EVENTS = Table(
    "validated.holder_events",
    "event in a holder's care",
    (
        text("event_id", "'V' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        HOLDER,
        text(
            "event_code",
            "What happened",
            nullable=False,
            values=("admission", "absence", "death", "suspension", "end_of_eligibility", "review", "financial_audit", "proposal"),
        ),
        on("from_on", "First day", nullable=False),
        on("to_on", "Last day, where it has ended; of a proposal, the day it was answered"),
        on("noted_on", "Recorded on"),
        text("detail", "Agreed retainer weeks for an admission; result of a review"),
    ),
    key=("event_id",),
    is_published=True,
)

QUARANTINE = Table(
    "validated.quarantine",
    "landed row that was refused, whole",
    (
        text("row_id", "The landed row", nullable=False),
        text("run_id", "The night that refused it", nullable=False),
        text("file_id", "File it came in", nullable=False),
        text("file_name", "Name of that file", nullable=False),
        count("line_number", "Line of that file", nullable=False),
        text("table_name", "The landed table", nullable=False),
        text("feed_code", "The feed", nullable=False),
        text("reason_codes", "Names of the expectations it failed, joined by |", nullable=False),
        text("reason", "Why, in words (may quote the cell that could not be read)", nullable=False, personal=True),
        text("rule_ids", "Rules of family A8 (Q-..) behind it, joined by |"),
        text("fix_owner", "Who must fix it", nullable=False),
        text("holder_id", "The holder it touches, where known", personal=True),
        text("account_id", "The account it touches, where known", personal=True),
        text("row", "The whole landed row as JSON (identity as pseudonyms)", nullable=False, personal=True),
        money("amount_pence", "Its amount, where it could be read (0 otherwise)", nullable=False),
        text("state_code", "Where it stands", nullable=False, values=("open", "readmitted", "replaced")),
        text("closed_run_id", "The night that admitted it or the row that replaces it"),
    ),
    key=("row_id", "run_id"),
    is_published=True,
)

CHECKS = Table(
    "validated.checks",
    "expectation of a suite, as checked tonight",
    (
        text("run_id", "The night", nullable=False),
        text("suite_name", "Suite (the table it looks at)", nullable=False),
        text("expectation_name", "Name of the expectation", nullable=False),
        text("severity_code", "What a failure does", nullable=False, values=("stop", "quarantine", "inform")),
        text("reason", "Why it is expected, in words", nullable=False),
        text("rule_ids", "Rules of family A8 behind it"),
        text("fix_owner", "Who must fix a failure", nullable=False),
        count("rows_checked", "Rows looked at", nullable=False),
        count("rows_failed", "Rows that failed", nullable=False),
        yes_no("is_met", "True when it holds", nullable=False),
    ),
    key=("run_id", "suite_name", "expectation_name"),
    is_published=True,
)

HELD_BACK = Table(
    "validated.held_back",
    "holder and feed whose refused rows hold the holder back tonight",
    (
        text("run_id", "The night", nullable=False),
        text("holder_id", "The holder", nullable=False, personal=True),
        text("feed_code", "The feed", nullable=False),
        count("rows_refused", "Open refused rows", nullable=False),
        text("reason", "Why, in words", nullable=False),
    ),
    key=("run_id", "holder_id", "feed_code"),
    is_published=True,
)

NOTICES = Table(
    "validated.notices",
    "admitted row, file or feed that fails an expectation that only informs",
    (
        text("run_id", "The night", nullable=False),
        text("table_name", "The landed table", nullable=False),
        text("row_id", "The landed row; the file or the feed for landed.files and landed.feeds", nullable=False),
        text("file_name", "File it came in"),
        count("line_number", "Line of that file"),
        text("feed_code", "The feed", nullable=False),
        text("reason_codes", "Names of the expectations it failed, joined by |", nullable=False),
        text("reason", "What to look at, in words", nullable=False),
        text("rule_ids", "Rules of family A8 behind it, joined by |"),
        text("fix_owner", "Who can mend it", nullable=False),
    ),
    key=("run_id", "table_name", "row_id"),
)

REPLACED = Table(
    "validated.replaced",
    "row of a register that a later row took the place of",
    (
        text("run_id", "The night whose row took its place", nullable=False),
        text("table_name", "The validated table it stood in", nullable=False),
        text("row_id", "The landed row it was made from", nullable=False),
        text("row", "The whole validated row as JSON, so that the night can be run again", nullable=False, personal=True),
    ),
    key=("run_id", "table_name", "row_id"),
)

TABLES = (
    PAYMENTS,
    RECEIPTS,
    RECEIPT_LINES,
    PAY_SLIPS,
    BUDGETS,
    INSTALMENTS,
    PLANS,
    PLAN_OUTCOMES,
    PLAN_LINES,
    PEOPLE,
    HOLDER_EVENTS,
    QUARANTINE,
    CHECKS,
    HELD_BACK,
    NOTICES,
    REPLACED,
)
