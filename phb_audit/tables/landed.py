"""Landed: rows as they came, every cell still text, identity already a pseudonym, with file and line."""

from phb_audit.tables.describe import PROVENANCE, Table, count, money, on, text, yes_no

HOLDER_REF = text(
    "holder_ref", "Pseudonym of the NHS number, 'H' + 16 hex; as '!' + pseudonym when the number failed its check digit", personal=True
)
ACCOUNT_REF = text(
    "account_ref", "Pseudonym of sort code and account number, card token, or managed-account number: 'B' + 16 hex", personal=True
)

FILES = Table(
    "landed.files",
    "file that arrived (each file once, however often it is sent)",
    (
        text("run_id", "The night that landed it", nullable=False),
        text("file_id", "SHA-256 of the bytes", nullable=False),
        text(
            "file_name",
            "Name below the commissioner's folder; digits that could be an account number are masked",
            nullable=False,
            personal=True,
        ),
        text("feed_code", "Which feed it is", nullable=False),
        text("layout_code", "Which layout was recognised; empty when refused"),
        text("state_code", "What became of it", nullable=False, values=("landed", "repeat", "refused")),
        text(
            "reason",
            "Why it was refused, with the headers it had and the nearest layout; which file it repeats; that it may be cut short, writes the month before the day, or tells lines that came before in other words",
        ),
        count("size_bytes", "Size of the file", nullable=False),
        count("rows_read", "Data rows in the file", nullable=False),
        count("rows_landed", "Rows landed from it", nullable=False),
        count("rows_repeated", "Rows recognised as sent before, and not landed again", nullable=False),
        money("pence_read", "Sum of the amounts that could be read", nullable=False),
        money("pence_landed", "Sum over the rows landed", nullable=False),
        money("pence_repeated", "Sum over the rows recognised as repeats", nullable=False),
        text("unmapped_columns", "Headers the layout does not use (their cells stay in the sealed original only)", personal=True),
    ),
    key=("run_id", "file_id", "file_name"),
    is_published=True,
)

FEEDS = Table(
    "landed.feeds",
    "night and feed that is expected",
    (
        text("run_id", "The night", nullable=False),
        text("feed_code", "The feed", nullable=False),
        text("owner", "Who sends it", nullable=False),
        on("last_data_on", "Latest day any of its rows speaks of"),
        count("usual_days", "How many days may pass between two days it speaks of", nullable=False),
        yes_no("is_late", "True when the latest day is longer ago than that", nullable=False),
    ),
    key=("run_id", "feed_code"),
    is_published=True,
)

PAYMENTS = Table(
    "landed.payments",
    "line of a statement, card export, managed-account return or notional-budget ledger",
    (
        *PROVENANCE,
        text("feed_code", "Which feed", nullable=False, values=("bank", "card", "managed", "notional")),
        ACCOUNT_REF,
        HOLDER_REF,
        text("reference_text", "The sender's own id of the line (trace id, transaction number); empty where it has none"),
        text("paid_on_text", "Day the money moved (UTC timestamp for cards)"),
        text("posted_on_text", "Value or settlement day"),
        text("amount_text", "Amount, where one column holds both directions"),
        text("amount_sign_code", "Which way a positive amount_text goes", values=("out", "in")),
        text("paid_out_text", "Amount out, where the layout has two columns"),
        text("paid_in_text", "Amount in, where the layout has two columns"),
        text("fee_text", "Fixed fee taken with the line (cards)"),
        text("currency_text", "Currency of the amount"),
        text("payee_text", "Payee or merchant as written, a person's name in it replaced by PERSON", personal=True),
        text(
            "payee_ref",
            "Pseudonym of the person paid, as a bank writes names (first initial and surname): 'Y' + 16 hex; empty for businesses",
            personal=True,
        ),
        text("description_text", "Further words: reference, note, merchant-code description", personal=True),
        text("type_text", "Bank's type (FPO, DD, CPT ...) or the return's head of spend"),
        text("entry_type_text", "Card entry type: auth approval, auth declined, auth reversal, second presentment, chargeback, load"),
        text("mcc_text", "Merchant category code"),
        text("merchant_ref_text", "The acquirer's merchant id"),
        text("city_text", "Merchant city"),
        text("country_text", "Merchant country"),
        text("balance_text", "Balance after the line"),
    ),
    key=("row_id",),
)

RECEIPTS = Table(
    "landed.receipts",
    "line of a receipt or invoice (a receipt without lines has one row)",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("receipt_ref_text", "The sender's id of the receipt"),
        text("supplier_name_text", "Supplier as printed", personal=True),
        text("invoice_number_text", "Invoice or receipt number as printed"),
        text("dated_on_text", "Date printed"),
        text("received_on_text", "Day it reached the commissioner"),
        text("total_text", "Total printed"),
        text("vat_text", "VAT printed"),
        text("method_text", "How it was paid"),
        text("image_hash_text", "Hash of the image, where there is one"),
        text("readable_text", "yes or no: could the paper be read"),
        text("picture_mark_text", "What the first page looks like, 16 hex digits for each way of holding it; papers that we read only"),
        text("numbers_mark_text", "Times of day and numbers printed on it, as short hashes; papers that we read only"),
        text("line_text", "Number of the line on the receipt"),
        text("line_description_text", "What the line says", personal=True),
        text("quantity_text", "Quantity"),
        text("unit_price_text", "Price of one"),
        text("line_total_text", "Total of the line"),
    ),
    key=("row_id",),
)

PAYROLL = Table(
    "landed.payroll",
    "pay slip",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("employee_ref", "Pseudonym of the employee: 'E' + 16 hex", personal=True),
        text("person_ref", "Pseudonym of the employee's name: 'N' + 16 hex", personal=True),
        text("payee_ref", "Pseudonym of the employee's name as banks write it: 'Y' + 16 hex", personal=True),
        text("ni_ref", "Pseudonym of the National Insurance number: 'I' + 16 hex", personal=True),
        text("started_on_text", "Start of employment"),
        text("left_on_text", "End of employment"),
        text("period_from_text", "First day the pay is for"),
        text("period_to_text", "Last day the pay is for"),
        text("hours_text", "Hours paid, all kinds"),
        text("rate_text", "Basic hourly rate"),
        text("gross_text", "Gross pay"),
        text("tax_text", "Income tax"),
        text("employee_ni_text", "Employee's National Insurance"),
        text("employer_ni_text", "Employer's National Insurance"),
        text("pension_text", "Pension, both shares"),
        text("net_text", "Net pay"),
        text("paid_on_text", "Day it was paid"),
        text("hours_kind_text", "worked, retainer, holiday or sick"),
        text("hmrc_paid_on_text", "Day HMRC was paid for the period"),
    ),
    key=("row_id",),
)

BUDGETS = Table(
    "landed.budgets",
    "holder, budget period and account",
    (
        *PROVENANCE,
        HOLDER_REF,
        ACCOUNT_REF,
        text("holding_text", "How it is held: direct payment, third party, notional"),
        text("account_kind_text", "bank, card, managed or notional"),
        text("care_group_text", "Care group"),
        text("area_text", "Team or place"),
        text("age_band_text", "Age band of the holder"),
        text("annual_amount_text", "Budget for a year"),
        text("starts_on_text", "First day"),
        text("ends_on_text", "Last day, where it has ended"),
        text("agreement_signed_on_text", "Direct payment agreement signed"),
        text("last_audit_on_text", "Last financial audit"),
    ),
    key=("row_id",),
)

INSTALMENTS = Table(
    "landed.instalments",
    "payment by the commissioner into a budget",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("reference_text", "Payment number"),
        text("amount_text", "Amount"),
        text("paid_on_text", "Day it was paid"),
        text("period_from_text", "First day it covers"),
        text("period_to_text", "Last day it covers"),
        text("type_text", "regular, start-up, one-off, contingency, uplift, recovery offset"),
        text("health_amount_text", "Part of it that is the health body's, of a joint budget"),
        text("council_amount_text", "Part of it that is the council's, of a joint budget"),
    ),
    key=("row_id",),
)

PLANS = Table(
    "landed.plans",
    "version of a care plan",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("plan_ref_text", "Plan number"),
        text("version_text", "Version"),
        text("status_text", "approved, draft, superseded"),
        text("effective_from_text", "First day in force"),
        text("effective_to_text", "Last day in force"),
        text("approved_on_text", "Day it was signed off"),
        text("approver_role_text", "Role that signed it off"),
        text("care_coordinator_text", "named or blank: is a care co-ordinator named"),
        text("review_due_on_text", "Next review due"),
    ),
    key=("row_id",),
)

PLAN_OUTCOMES = Table(
    "landed.plan_outcomes",
    "outcome of a version of a plan",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("plan_ref_text", "Plan number"),
        text("version_text", "Version"),
        text("outcome_ref_text", "Outcome number"),
        text("outcome_text", "The outcome in the plan's own words", personal=True),
        text("goal_type_text", "Kind of goal"),
    ),
    key=("row_id",),
)

PLAN_LINES = Table(
    "landed.plan_lines",
    "line of a version of a plan",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("plan_ref_text", "Plan number"),
        text("version_text", "Version"),
        text("line_ref_text", "Line number"),
        text("outcome_ref_text", "Outcome it serves"),
        text("category_text", "Category code of taxonomy.csv"),
        text("description_text", "The line in the plan's own words", personal=True),
        text("amount_text", "Amount agreed"),
        text("frequency_text", "weekly, 4-weekly, monthly, annual, one-off"),
        text("starts_on_text", "First day"),
        text("ends_on_text", "Last day"),
        text("is_preapproved_text", "yes when this specific item was agreed by name"),
        text("most_at_once_text", "Most for one payment"),
        text("supplier_text", "Supplier named", personal=True),
        text("evidence_text", "receipt, invoice, payslip, none"),
        text("risk_note_text", "Risk noted", personal=True),
        text("alternative_text", "Alternative considered"),
        text("alternative_cost_text", "Cost of the alternative a year"),
    ),
    key=("row_id",),
)

PEOPLE = Table(
    "landed.people",
    "person connected with a holder's budget: nominee, representative, PA, family",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("person_ref", "Pseudonym of the name: 'N' + 16 hex", personal=True),
        text("surname_ref", "Pseudonym of the surname: 'S' + 16 hex", personal=True),
        text("payee_ref", "Pseudonym of the name as a bank writes it (surname and first initial): 'Y' + 16 hex", personal=True),
        text("account_ref", "Pseudonym of the person's own bank account: 'B' + 16 hex", personal=True),
        text("role_text", "holder, nominee, representative, pa, family"),
        text("relationship_text", "Relationship to the holder"),
        text("same_household_text", "yes or no"),
        text("paid_care_approved_on_text", "Day the commissioner agreed in writing that this person may be paid for care"),
    ),
    key=("row_id",),
)

HOLDER_EVENTS = Table(
    "landed.holder_events",
    "event in a holder's care",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("event_text", "admission, absence, death, suspension, end of eligibility, review, financial audit"),
        text("from_on_text", "First day"),
        text("to_on_text", "Last day, where it has ended"),
        text("noted_on_text", "Day it was recorded"),
        text("detail_text", "Agreed retainer weeks for an admission; outcome for a review"),
    ),
    key=("row_id",),
)

TABLES = (FILES, FEEDS, PAYMENTS, RECEIPTS, PAYROLL, BUDGETS, INSTALMENTS, PLANS, PLAN_OUTCOMES, PLAN_LINES, PEOPLE, HOLDER_EVENTS)
