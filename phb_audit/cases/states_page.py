"""The page of states and moves, made from `transitions`: `python -m phb_audit.cases.states_page > docs/reference/case-states.md`."""

from __future__ import annotations

import sys

from phb_audit.cases import lane_moves
from phb_audit.cases.transitions import DECIDES, KINDS, MOVES, OPEN, ROLES, STATES, Move

HEAD = """# States and moves of a case

Made from `phb_audit/cases/transitions.py` by `python -m phb_audit.cases.states_page`. Every move is an event of the casebook; where a case
stands is what its events come to. The night never moves a case: it takes out of the queue what people decided, and brings back what has
something new since (a flag nobody saw, or money that grew by more than a tenth and fifty pounds).
"""

LANES = """## In a lane

A case for the Local Counter Fraud Specialist or the safeguarding lead alone has moves of its own, made by that reader and nobody else, in a
casebook of the lane. No night and no ordinary report reads it ([how](../how-to/read-a-lane.md)). Every move needs a reason.
"""


def page() -> str:
    """The page as Markdown, with the diagram in Mermaid."""
    parts = [HEAD, "## States\n", _states(), "\n## Moves\n", _moves(), "\n## Who decides\n", _kinds(), "\n## Diagram\n", _diagram()]
    parts += [LANES, _lane_moves()]
    return "\n".join(parts)


def _states() -> str:
    rows = ["| state | in words | in the queue | on the clock | who acts next |", "|---|---|---|---|---|"]
    for code, state in STATES.items():
        rows.append(f"| `{code}` | {state.words} | {_yes(state.is_queued)} | {_yes(state.is_on_the_clock)} | {state.acts_next} |")
    return "\n".join(rows)


def _moves() -> str:
    rows = ["| move | in words | from | to | who may | needs |", "|---|---|---|---|---|---|"]
    for code, move in MOVES.items():
        to = f"`{move.to_state}`" if move.to_state else "as it was"
        start = ", ".join(f"`{one}`" for one in move.from_states)
        rows.append(f"| `{code}` | {move.words} | {start} | {to} | {_who(move)} | {_needs(move)} |")
    return "\n".join(rows)


def _who(move: Move) -> str:
    if move.decides:
        return "who decides such cases"
    who = ", ".join(ROLES[role].lower() if role != "lcfs" else ROLES[role] for role in move.roles)
    who += "; never the person who proposed it" if move.checks else ""
    return f"{who}; only where no night finds it any more" if move.of_overtaken else who


def _needs(move: Move) -> str:
    return ", ".join([*(["a reason"] if move.needs_reason else []), *move.needs]) or "nothing"


def _kinds() -> str:
    return "\n".join(f"* A case about {words}: {ROLES[DECIDES[code]].lower()}." for code, words in KINDS.items())


def _lane_moves() -> str:
    rows = ["| move | in words | lanes | from | to | needs |", "|---|---|---|---|---|---|"]
    for code, move in lane_moves.MOVES.items():
        to = lane_moves.STATES[move.to_state] if move.to_state else "as it was"
        start = "any" if set(move.from_states) == set(lane_moves.STATES) else ", ".join(lane_moves.STATES[one] for one in move.from_states)
        needs = ["a second person of the lane"] if move.checks else []
        rows.append(
            f"| `{code}` | {move.words} | {', '.join(move.lanes)} | {start} | {to} | {', '.join([*needs, *move.needs]) or 'nothing'} |"
        )
    return "\n".join([*rows, ""])


def _diagram() -> str:
    arrows = [f"  {start} --> {move.to_state}: {code}" for code, move in MOVES.items() if move.to_state for start in move.from_states]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"  [*] --> {OPEN}", *arrows, "```", ""])


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


if __name__ == "__main__":
    sys.stdout.write(page())
