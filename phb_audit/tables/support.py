"""Support records: the papers behind paid help (insurance, contracts, checks, training, registrations), as they came and as they were admitted."""

from phb_audit.tables.describe import ORIGIN, PROVENANCE, Table, on, text
from phb_audit.tables.landed import HOLDER_REF
from phb_audit.tables.validated import HOLDER

RECORDS = ("employers_liability", "contract", "dbs", "training", "cqc_registration", "professional_registration")
ABOUT = ("holder", "assistant", "agency", "supplier")

LANDED_SUPPORT_RECORDS = Table(
    "landed.support_records",
    "paper behind paid help that somebody has seen: insurance, contract, check, training or registration",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("record_kind_text", "employers liability, contract, dbs, training, cqc registration, professional registration"),
        text("about_text", "Whom it is about: holder, assistant, agency, supplier"),
        text("employee_ref", "Pseudonym of the payroll's number of the assistant: 'E' + 16 hex", personal=True),
        text("person_ref", "Pseudonym of the assistant's name: 'N' + 16 hex", personal=True),
        text("payee_ref", "Pseudonym of the name of the assistant or supplier as a bank writes it: 'Y' + 16 hex", personal=True),
        text("supplier_name_text", "Agency or supplier", personal=True),
        text("valid_from_on_text", "First day it holds"),
        text("valid_until_on_text", "Last day it holds, where it ends"),
        text("seen_on_text", "Day somebody saw it"),
    ),
    key=("row_id",),
)

VALIDATED_SUPPORT_RECORDS = Table(
    "validated.support_records",
    "paper behind paid help that somebody has seen",
    (
        text("record_id", "'D' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        HOLDER,
        text("record_code", "What kind of paper", nullable=False, values=RECORDS),
        text("about_code", "Whom it is about", values=ABOUT),
        text("employee_id", "Pseudonym of the assistant; equals employee_id of validated.pay_slips", personal=True),
        text("person_ref", "Pseudonym of the assistant's name", personal=True),
        text("payee_ref", "Pseudonym as banks write the name; equals payee_ref of payments", personal=True),
        text("supplier_name", "Agency or supplier", personal=True),
        on("valid_from_on", "First day it holds"),
        on("valid_until_on", "Last day it holds; null where it does not end"),
        on("seen_on", "Day somebody saw it"),
    ),
    key=("record_id",),
    is_published=True,
)

TABLES = (LANDED_SUPPORT_RECORDS, VALIDATED_SUPPORT_RECORDS)
