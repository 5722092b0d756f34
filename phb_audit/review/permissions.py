"""Who may open what, as data: pages by name, and the roles that may. What is not named here nobody may.

A role says what kind of page a person may open; `cases_shown` says whose cases stand on it.
"""

from __future__ import annotations

from phb_audit.cases.lane_moves import READERS
from phb_audit.cases.transitions import ROLES

EVERYONE = frozenset(ROLES)
REVIEWERS = frozenset({"clinician", "second_checker", "auditor"})
LANE_READERS = frozenset(role for role, _ in READERS.values())
ANYONE = "anyone"  # signed in or not

MAY: dict[str, frozenset[str]] = {
    "queue": REVIEWERS,
    "case": REVIEWERS | {"lcfs"},
    "paper": REVIEWERS | {"lcfs"},
    "decide": frozenset({"clinician", "auditor"}),
    "step": REVIEWERS | {"lcfs"},
    "assign": frozenset({"clinician", "auditor"}),
    "question": REVIEWERS,
    "checks": REVIEWERS,
    "own_view": REVIEWERS,
    "check": REVIEWERS,
    "close_overtaken": REVIEWERS,
    "referred": frozenset({"lcfs"}),
    "lane": LANE_READERS,
    "lane_case": LANE_READERS,
    "lane_step": LANE_READERS,
    "people": REVIEWERS,
    "person": REVIEWERS,
    "reveal_case": REVIEWERS | {"lcfs"},
    "reveal_person": REVIEWERS,
    "reports": REVIEWERS | {"governance"},
    "download": REVIEWERS | {"governance"},  # packs only
    "workbook": frozenset({"clinician", "auditor"}),
    "upload": frozenset({"clinician", "auditor"}),
    "record_upload": frozenset({"clinician", "auditor"}),
    "flags": EVERYONE,
    "flag": EVERYONE,
    "auditor": frozenset({"auditor"}),
    "log": frozenset({"auditor"}),
    "log_export": frozenset({"auditor"}),
    "sample": frozenset({"auditor"}),
    "sample_export": frozenset({"auditor"}),
    "accounts": frozenset({"administrator"}),
    "end_sessions": frozenset({"administrator"}),
    "start": EVERYONE,
    "stay": EVERYONE,
    "sign_out": EVERYONE,
}
OPEN_TO_ANYONE = frozenset({"sign_in", "go_to_provider", "come_back", "signed_out_there", "accessibility", "data", "help", "static"})
# To everyone else these are not there: the answer is that of a page that is none.
APART = frozenset({"lane", "lane_case", "lane_step"})

# The menu, in order: page, words.
MENU = (
    ("lane", "For you alone"),
    ("queue", "Purchases to review"),
    ("people", "People"),
    ("checks", "Second checks"),
    ("referred", "Referred"),
    ("reports", "Reports"),
    ("flags", "How flags work"),
    ("auditor", "Auditor"),
    ("accounts", "Accounts"),
)


def may(role: str, page: str) -> bool:
    """Whether a role may open a page; False for a page nobody named."""
    return role in MAY.get(page, frozenset())
