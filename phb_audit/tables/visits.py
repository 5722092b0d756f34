"""Visits: shifts of assistants and visits of agencies, by their timesheets and visit logs, as they came and as they were admitted."""

from phb_audit.tables.describe import ORIGIN, PROVENANCE, Table, count, on, share, text
from phb_audit.tables.landed import HOLDER_REF
from phb_audit.tables.validated import HOLDER

SOURCES = ("timesheet", "visit_log")
SIGNED_BY = ("holder", "nominee", "representative", "assistant", "agency", "nobody")

LANDED_VISITS = Table(
    "landed.visits",
    "shift of an assistant or visit of an agency, on a timesheet or in a visit log",
    (
        *PROVENANCE,
        HOLDER_REF,
        text("source_text", "timesheet, visit log"),
        text("employee_ref", "Pseudonym of the payroll's number of the assistant: 'E' + 16 hex", personal=True),
        text("person_ref", "Pseudonym of the assistant's name: 'N' + 16 hex", personal=True),
        text("payee_ref", "Pseudonym of the name of the assistant or supplier as a bank writes it: 'Y' + 16 hex", personal=True),
        text("supplier_name_text", "Agency", personal=True),
        text("visited_on_text", "Day it began"),
        text("starts_text", "Hour and minute it began"),
        text("ends_text", "Hour and minute it ended"),
        text("hours_text", "Hours, where no times are given"),
        text("signed_by_text", "holder, nominee, representative, assistant, agency, nobody"),
    ),
    key=("row_id",),
)

VALIDATED_VISITS = Table(
    "validated.visits",
    "shift of an assistant or visit of an agency",
    (
        text("visit_id", "'U' + the row_id of the landed row", nullable=False),
        *ORIGIN,
        HOLDER,
        text("source_code", "Where it is written", nullable=False, values=SOURCES),
        text("employee_id", "Pseudonym of the assistant; equals employee_id of validated.pay_slips", personal=True),
        text("person_ref", "Pseudonym of the assistant's name", personal=True),
        text("payee_ref", "Pseudonym as banks write the name; equals payee_ref of payments", personal=True),
        text("supplier_name", "Agency", personal=True),
        on("visited_on", "Day it began", nullable=False),
        count("starts_minute", "Minute of the day it began; null where no time is given"),
        count("ends_minute", "Minute it ended, counted from the same midnight: more than 1,440 where it went past the next"),
        share("hours_count", "Hours", nullable=False),
        text("signed_code", "Who signed it; null where the list does not say", values=SIGNED_BY),
    ),
    key=("visit_id",),
    is_published=True,
)

TABLES = (LANDED_VISITS, VALIDATED_VISITS)
