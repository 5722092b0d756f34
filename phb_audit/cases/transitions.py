"""What may be done with a case: its states and the moves between them, as data. `docs/reference/case-states.md` is made from it.

The first state is `open`. A case whose flags are no longer found leaves the queue by itself; that is no move.
"""

from __future__ import annotations

from dataclasses import dataclass

OPEN, ASKED, SNOOZED = "open", "asked", "snoozed"
NOT_AGREED_TO_CHECK, REFERRAL_TO_CHECK = "not_agreed_to_check", "referral_to_check"
AGREED, NOT_AGREED, REFERRED = "agreed", "not_agreed", "referred"
CLOSED_OVERTAKEN = "overtaken"

ROLES = {
    "clinician": "Clinician",
    "auditor": "Auditor",
    "second_checker": "Second checker",
    "lcfs": "Local Counter Fraud Specialist",
    "safeguarding_lead": "Safeguarding lead",
    "governance": "Governance committee",
    "administrator": "Administrator",
}
KINDS = {"plan_fit": "whether it fits the plan", "money_and_evidence": "the money and its papers"}
DECIDES = {"plan_fit": "clinician", "money_and_evidence": "auditor"}


@dataclass(frozen=True)
class State:
    """A state in words, who acts next, and whether it is in the queue and on the clock."""

    words: str
    acts_next: str
    is_queued: bool
    is_on_the_clock: bool = True


STATES = {
    OPEN: State("Open", "the person it is assigned to, or anyone who decides such cases", True),
    ASKED: State("Waiting for an answer", "the holder's side; whoever asked reads the answer", False, False),
    SNOOZED: State("Put off until a day", "nobody until that day; then it is open again by itself", False, False),
    NOT_AGREED_TO_CHECK: State("Not agreed, to be checked", "a second person", False),
    REFERRAL_TO_CHECK: State("Referral, to be checked", "a second person", False),
    AGREED: State("Agreed", "nobody", False),
    NOT_AGREED: State("Not agreed", "whoever prepares what follows", False),
    REFERRED: State("Referred to the Local Counter Fraud Specialist", "the Local Counter Fraud Specialist", False),
    CLOSED_OVERTAKEN: State("Closed: overtaken by later evidence", "nobody; where it is found again it is in the queue again", False),
}


@dataclass(frozen=True)
class Move:
    """A move: what its button says, from which states to which (None: it stays), and what it needs.

    `decides`: only the role that decides such cases (`DECIDES`) may; else any of `roles`. `checks`: only somebody other than the
    person whose proposal stands. `needs`: particulars that must be given. `of_overtaken`: only of an item of which no night finds a flag
    any more; every other move only of one that is found.
    """

    words: str
    from_states: tuple[str, ...]
    to_state: str | None
    roles: tuple[str, ...] = ("clinician", "auditor")
    decides: bool = False
    checks: bool = False
    needs_reason: bool = True
    needs: tuple[str, ...] = ()
    of_overtaken: bool = False


# What is said beside the state of a case somebody moved, when no flag of it is left.
OVERTAKEN = "since overtaken: no longer found"
IN_HAND = (OPEN, ASKED, SNOOZED)
TO_CHECK = (NOT_AGREED_TO_CHECK, REFERRAL_TO_CHECK)
WAITS_FOR_CHECK = "waits for a second check"
"""What everybody is told of a case that does: what was proposed is told to nobody who may still check it."""
CLOSED = (AGREED, NOT_AGREED, REFERRED)
CHECKERS = ("clinician", "auditor", "second_checker")

MOVES = {
    "agree": Move("Agreed", IN_HAND, AGREED, decides=True),
    "agree_update_plan": Move("Agreed, update the plan at next review", IN_HAND, AGREED, decides=True),
    "ask": Move("Ask for more information", (OPEN, SNOOZED), ASKED, needs=("question", "due_on")),
    "answer_received": Move("Answer received", (ASKED,), OPEN, roles=("clinician", "auditor", "administrator")),
    "propose_not_agreed": Move("Not agreed (second person checks)", IN_HAND, NOT_AGREED_TO_CHECK, decides=True),
    "propose_referral": Move("Refer to the Local Counter Fraud Specialist", IN_HAND, REFERRAL_TO_CHECK),
    "confirm_not_agreed": Move("Confirm: not agreed", (NOT_AGREED_TO_CHECK,), NOT_AGREED, roles=CHECKERS, checks=True),
    "confirm_referral": Move("Confirm: refer", (REFERRAL_TO_CHECK,), REFERRED, roles=CHECKERS, checks=True),
    "send_back": Move("Send back with a reason", TO_CHECK, OPEN, roles=CHECKERS, checks=True),
    "close_overtaken": Move(
        "Close: overtaken by later evidence", TO_CHECK, CLOSED_OVERTAKEN, roles=CHECKERS, checks=True, of_overtaken=True
    ),
    "snooze": Move("Put off until a day", (OPEN,), SNOOZED, needs=("wake_on",)),
    "wake": Move("Take up again now", (SNOOZED,), OPEN, needs_reason=False),
    "assign": Move("Assign", IN_HAND, None, roles=("clinician", "auditor", "administrator"), needs_reason=False, needs=("owner",)),
    "escalate": Move("Escalate", IN_HAND, None, needs=("escalated_to",)),
    "tag": Move("Tag", (*IN_HAND, *TO_CHECK, *CLOSED), None, roles=(*CHECKERS, "lcfs"), needs_reason=False, needs=("tag",)),
    "reopen": Move("Open again", (*CLOSED, CLOSED_OVERTAKEN), OPEN),
}
PROPOSALS = ("propose_not_agreed", "propose_referral")
DECISIONS = ("agree", "agree_update_plan", *PROPOSALS)


def kind_of(families: frozenset[str]) -> str:
    """Who decides a case, by the families of its rules: any of never, plan or statistics is about the plan; else money and papers."""
    return "plan_fit" if families & {"A1", "A2", "A7"} else "money_and_evidence"


def refusal(move_code: str, *, state: str, kind: str, role: str) -> str | None:
    """Why a role may not make a move from a state, in a sentence; None where it may. Who the person is, is asked elsewhere."""
    move = MOVES[move_code]
    if state not in move.from_states:
        return f"{move.words!r} is not possible: the case {stands(state)}."
    if move.decides and role != DECIDES[kind]:
        return f"This case is about {KINDS[kind]}: {a_role(DECIDES[kind])} decides it, not {a_role(role)}."
    if not move.decides and role not in move.roles:
        return f"{a_role(role).capitalize()} cannot do this; {' or '.join(a_role(one) for one in move.roles)} can."
    return None


def refusal_now(move_code: str, *, is_overtaken: bool) -> str | None:
    """Why a move cannot be made on an item that is, or is not, found any more, in a sentence; None where it can."""
    move = MOVES[move_code]
    if move.of_overtaken == is_overtaken:
        return None
    return f"{move.words!r} is not possible: {'no night finds it any more' if is_overtaken else 'it is still found'}."


def stands(state: str) -> str:
    """Where a case stands, to follow 'the case': the same words for every proposal that a second person has still to look at."""
    return WAITS_FOR_CHECK if state in TO_CHECK else f"is {STATES[state].words.lower()!r}"


def a_role(role: str) -> str:
    """'a clinician', 'an auditor', with the special name kept."""
    words = ROLES[role] if role == "lcfs" else ROLES[role].lower()
    return f"{'an' if words[0].lower() in 'aeiou' else 'a'} {words}"
