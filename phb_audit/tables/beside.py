"""What stands beside a budget: services the commissioner still pays by contract, receipts counted by the council, outcomes and care used."""

from phb_audit.tables.describe import ORIGIN, PROVENANCE, Table, money, on, share, text
from phb_audit.tables.landed import HOLDER_REF
from phb_audit.tables.validated import HOLDER

CONTRACT_KINDS = (
    "commissioned",  # a service the commissioner pays by contract
    "alternative",  # what would have been commissioned, costed when the budget began
    "support",  # support of the budget paid beside it: brokerage, payroll, a support organisation
    "set_up",  # setting the budget up, paid beside it: assessment, equipment, training
)
FREQUENCIES = ("weekly", "4-weekly", "monthly", "annual", "one-off")
MEASURES = (
    "outcome_met",  # rated at a review: 1 met, 0.5 partly, 0 not
    "quality_of_life",  # a score of the instrument named
    "wellbeing",
    "admissions",  # times, in the days given
    "bed_days",
    "ae_visits",
    "gp_contacts",
)

LANDED_CONTRACTS = Table(
    "landed.contracts",
    "service, or cost beside a budget, that the commissioner pays or would have paid for a holder",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("contract_ref_text", "Contract or order number"),
        text("supplier_name_text", "Provider", personal=True),
        text("kind_text", "commissioned, alternative, support, set up"),
        text("category_text", "Code of taxonomy.csv: the need it meets"),
        text("service_text", "What it is, in words"),
        text("amount_text", "Cost for each period of the frequency"),
        text("frequency_text", "weekly, 4-weekly, monthly, annual, one-off"),
        text("starts_on_text", "First day"),
        text("ends_on_text", "Last day, where it has ended"),
        text("paid_to_on_text", "Last day it has been paid for"),
    ),
    key=("row_id",),
)

CONTRACTS = Table(
    "validated.contracts",
    "service, or cost beside a budget, that the commissioner pays or would have paid for a holder",
    (
        text("contract_id", "'K' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        HOLDER,
        text("contract_ref", "Contract or order number"),
        text("supplier_name", "Provider", personal=True),
        text("kind_code", "What it is", nullable=False, values=CONTRACT_KINDS),
        text("category_code", "Code of taxonomy.csv: the need it meets"),
        text("service", "What it is, in words"),
        money("amount_pence", "Cost for each period of the frequency", nullable=False),
        text("frequency_code", "How often", nullable=False, values=FREQUENCIES),
        money("annual_pence", "What it comes to in a year (one-off: the amount)", nullable=False),
        on("starts_on", "First day", nullable=False),
        on("ends_on", "Last day; null while it runs"),
        on("paid_to_on", "Last day it has been paid for; null where not told"),
    ),
    key=("contract_id",),
    is_published=True,
)

LANDED_CLAIMS = Table(
    "landed.council_claims",
    "receipt that the council counts against its own money for a holder",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("claim_ref_text", "The council's reference"),
        text("supplier_name_text", "Supplier", personal=True),
        text("invoice_number_text", "Number as printed"),
        text("dated_on_text", "Date printed"),
        text("total_text", "Total printed"),
        text("claimed_text", "Part of it counted against the council's money"),
        text("claimed_on_text", "Day it was claimed"),
    ),
    key=("row_id",),
)

CLAIMS = Table(
    "validated.council_claims",
    "receipt that the council counts against its own money for a holder",
    (
        text("claim_id", "'J' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        HOLDER,
        text("claim_ref", "The council's reference"),
        text("supplier_name", "Supplier", personal=True),
        text("invoice_number", "Number as printed"),
        on("dated_on", "Date printed", nullable=False),
        money("total_pence", "Total printed", nullable=False),
        money("claimed_pence", "Part of it counted against the council's money", nullable=False),
        on("claimed_on", "Day it was claimed"),
    ),
    key=("claim_id",),
    is_published=True,
)

LANDED_OUTCOME_RECORDS = Table(
    "landed.outcome_records",
    "outcome rated, score taken or care used, for a holder and some days",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("measure_text", "outcome met, quality of life, wellbeing, admissions, bed days, ae visits, gp contacts"),
        text("instrument_text", "Questionnaire the score comes from"),
        text("outcome_ref_text", "Outcome number of the plan, for an outcome that was rated"),
        text("value_text", "A number; for an outcome also met, partly, not met"),
        text("from_on_text", "First day it is about"),
        text("to_on_text", "Last day it is about; the day of the review"),
    ),
    key=("row_id",),
)

OUTCOME_RECORDS = Table(
    "validated.outcome_records",
    "outcome rated, score taken or care used, for a holder and some days",
    (
        text("outcome_record_id", "'Z' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        HOLDER,
        text("measure_code", "What was measured", nullable=False, values=MEASURES),
        text("instrument", "Questionnaire the score comes from"),
        text("outcome_ref", "Outcome number of the plan"),
        share("value_count", "The number: times, days, a score, or 1, 0.5 and 0 for an outcome met, partly or not", nullable=False),
        on("from_on", "First day it is about"),
        on("to_on", "Last day it is about; the day of the review", nullable=False),
    ),
    key=("outcome_record_id",),
    is_published=True,
)

TABLES = (LANDED_CONTRACTS, CONTRACTS, LANDED_CLAIMS, CLAIMS, LANDED_OUTCOME_RECORDS, OUTCOME_RECORDS)
