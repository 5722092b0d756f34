"""Drawn: purchases read by chance, so that what no flag finds can be counted. No report of flags reads these tables.

A purchase drawn is no flag: nothing was found about it. It looks like any item on the review app's list, and in `case list`, so that
who decides does not know which it is.
"""

from phb_audit.tables.describe import Table, count, money, on, text
from phb_audit.tables.flagged import CASES as FLAGGED_CASES
from phb_audit.tables.flagged import FINDINGS as FLAGGED_FINDINGS

STRATA = ("all", "fits_business", "fits_person", "other_business", "other_person")

DRAWS = Table(
    "drawn.draws",
    "draw of one pound of the purchases without a flag, and the purchase it fell on",
    (
        text("run_id", "The night that drew", nullable=False),
        count("draw_number", "Its number in that night, from 1", nullable=False),
        on("drawn_on", "as_of of that night", nullable=False),
        text("payment_id", "The purchase; one of many pounds may be drawn more than once", nullable=False),
        text("holder_id", "The holder", nullable=False),
        text("stratum_code", "What it was drawn among: by match with the plan, and by who was paid", nullable=False, values=STRATA),
        money("amount_pence", "Its amount", nullable=False),
        money("stratum_pence", "All the money it was drawn among", nullable=False),
        count("stratum_lines", "How many purchases it was drawn among", nullable=False),
        count("stratum_draws", "How many pounds were drawn there that night", nullable=False),
        count("seed", "What the draw was made with: the same seed draws the same", nullable=False),
    ),
    key=("run_id", "draw_number"),
)

HELD_BACK_REASONS = Table(
    "drawn.reasons_kept_back",
    "flagged case that is read once without its reasons, and then with them",
    (
        text("run_id", "The night that drew it", nullable=False),
        text("case_id", "The case", nullable=False),
        text("payment_id", "The payment", nullable=False),
        text("rule_ids", "The rules behind it, joined by |", nullable=False),
    ),
    key=("run_id", "case_id"),
)

CASES = Table(
    "drawn.cases",
    "purchase to be read, as a case like any other",
    FLAGGED_CASES.columns,
    key=FLAGGED_CASES.key,
    is_published=True,
)

FINDINGS = Table(
    "drawn.findings",
    "purchase to be read, in the words the reader meets",
    FLAGGED_FINDINGS.columns,
    key=FLAGGED_FINDINGS.key,
    is_published=True,
)

TABLES = (DRAWS, HELD_BACK_REASONS, CASES, FINDINGS)
