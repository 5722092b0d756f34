"""Apart: what is for the Local Counter Fraud Specialist or the safeguarding lead alone.

No table here is published, counted in the books, or read by an ordinary report: what is not there cannot be told. `phb-audit report
--lane` and `phb-audit explain --lane` read them, and the stage `flagged` itself.
"""

from phb_audit.tables.describe import Table, text
from phb_audit.tables.flagged import CASES as ORDINARY_CASES
from phb_audit.tables.flagged import CLEARED as ORDINARY_CLEARED
from phb_audit.tables.flagged import FINDINGS as ORDINARY_FINDINGS
from phb_audit.tables.flagged import STORIES as ORDINARY_STORIES

RESTRICTED, SAFEGUARDING = "restricted", "safeguarding"
LANES = (RESTRICTED, SAFEGUARDING)
LANE = text("lane_code", "Who may read it: the Local Counter Fraud Specialist, or the safeguarding lead", nullable=False, values=LANES)


def _beside(ordinary: Table, name: str) -> Table:
    """The table of the same columns, and the lane, for what ordinary readers do not see."""
    return Table(name, f"{ordinary.grain}, in a lane of its own", (*ordinary.columns, LANE), key=ordinary.key)


FINDINGS = _beside(ORDINARY_FINDINGS, "apart.findings")
CASES = _beside(ORDINARY_CASES, "apart.cases")
CLEARED = _beside(ORDINARY_CLEARED, "apart.cleared")
STORIES = _beside(ORDINARY_STORIES, "apart.stories")

TABLES = (FINDINGS, CASES, CLEARED, STORIES)
