"""What may be done with a case of a lane, as data: by its one kind of reader, in a casebook of its own. The page of case states names them.

Nothing here reaches the holder, an ordinary casebook or a night: what a lane decided cannot be told from what everybody reads.
"""

from __future__ import annotations

from dataclasses import dataclass

from phb_audit.tables.apart import RESTRICTED, SAFEGUARDING

OPEN, TAKEN_UP, PUT_OFF, TO_CHECK, SETTLED, HANDED_ON = "open", "taken_up", "put_off", "hand_on_to_check", "settled", "handed_on"
BOTH = (RESTRICTED, SAFEGUARDING)
# Who reads and decides a lane: the role a decision is kept with, and its words.
READERS = {
    RESTRICTED: ("lcfs", "the Local Counter Fraud Specialist"),
    SAFEGUARDING: ("safeguarding_lead", "the safeguarding lead"),
}
STATES = {
    OPEN: "Open",
    TAKEN_UP: "Being looked into",
    PUT_OFF: "Put off until a day",
    TO_CHECK: "To be handed on, once a second person agrees",
    SETTLED: "Looked at, nothing more is needed",
    HANDED_ON: "Handed on",
}
OVER = (SETTLED, HANDED_ON)


@dataclass(frozen=True)
class LaneMove:
    """A move: its words, from which states to which (None: it stays), in which lanes, what it needs, and whether it checks another's."""

    words: str
    from_states: tuple[str, ...]
    to_state: str | None
    lanes: tuple[str, ...] = BOTH
    needs: tuple[str, ...] = ()
    checks: bool = False


MOVES = {
    "take_up": LaneMove("Look into it", (OPEN, PUT_OFF), TAKEN_UP),
    "settle": LaneMove("Looked at: nothing more is needed", (OPEN, TAKEN_UP, PUT_OFF), SETTLED),
    # Somebody may be in danger: nothing waits for a second person.
    "hand_on": LaneMove("Hand on", (OPEN, TAKEN_UP, PUT_OFF), HANDED_ON, lanes=(SAFEGUARDING,), needs=("handed_to",)),
    "propose_hand_on": LaneMove(
        "Hand on (a second person checks)", (OPEN, TAKEN_UP, PUT_OFF), TO_CHECK, lanes=(RESTRICTED,), needs=("handed_to",)
    ),
    "confirm_hand_on": LaneMove("Confirm: hand on", (TO_CHECK,), HANDED_ON, lanes=(RESTRICTED,), checks=True),
    "send_back": LaneMove("Send back with a reason", (TO_CHECK,), TAKEN_UP, lanes=(RESTRICTED,), checks=True),
    "put_off": LaneMove("Put off until a day", (OPEN, TAKEN_UP), PUT_OFF, needs=("wake_on",)),
    "note": LaneMove("Note", tuple(STATES), None),
    "reopen": LaneMove("Open again", OVER, OPEN),
}


def refusal(move_code: str, *, state: str, lane: str) -> str | None:
    """Why a move cannot be made on a case of that lane in that state, in a sentence; None where it can."""
    one = MOVES[move_code]
    if lane not in one.lanes:
        return f"{one.words!r} is no move of this lane."
    if state not in one.from_states:
        return f"{one.words!r} is not possible: the case is {STATES[state].lower()!r}."
    return None


def possible(state: str, lane: str) -> list[str]:
    """The moves that can be made now; whether the person is the one who proposed is asked when the move is made."""
    return [code for code in MOVES if refusal(code, state=state, lane=lane) is None]
