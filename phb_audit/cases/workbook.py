"""What workbooks of decisions have in common, whoever writes them: the words to choose from, and the hidden key of a row."""

from __future__ import annotations

import hashlib
import json

from phb_audit.cases.decisions import SeenCase

WORDS = {
    "agree": "Agreed",
    "agree_update_plan": "Agreed, update the plan at next review",
    "propose_not_agreed": "Not agreed",
    "propose_referral": "Refer to the Local Counter Fraud Specialist",
}
"""Each decision a workbook may hold, by its move. To ask needs a question and a day, and is not among them."""


BESIDE = ("run_id", "headline", "first_flagged_on", "is_commissioners")
"""What is kept of a case that was seen and tells nothing that its flags do not."""


def digest_of(seen: SeenCase) -> str:
    """What is on the screen, in short. A later night that found the same gives the same: only what is told counts, not who told it."""
    told = {name: value for name, value in vars(seen).items() if name not in BESIDE}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


def row_key(version: int, seen: SeenCase) -> str:
    """What a row was filled in about: how many moves the case had seen, and what it showed. It comes back only while both hold."""
    return f"{version}.{digest_of(seen)}"
