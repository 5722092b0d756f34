"""How flags work: each rule in plain words, with its version, its limits, what it may look like innocently, what helps to decide, how often
people agreed, and whom to tell where it is wrong."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from phb_audit.assurance import to_be_read
from phb_audit.assurance.intervals import wilson
from phb_audit.flagged import rules_in_force
from phb_audit.periods import plain_day
from phb_audit.reports.page import percent, words_of
from phb_audit.reports.small_numbers import LEAST, is_small
from phb_audit.review.desk import Visit, not_found
from phb_audit.rules.pages import OUTCOMES, WHY, in_words
from phb_audit.rules.register import Registered, bases, purpose
from phb_audit.rules.rule import FAMILY_TITLES
from phb_audit.rules.wording import limit_in_words

DATA = "A8"  # about files and no purchase: it comes last


def show(visit: Visit) -> Response:
    """All rules, by family."""
    rules = rules_in_force(visit.desk.commissioner_code, visit.desk.settings)
    codes = sorted({one.rule.family for one in rules}, key=lambda code: (code == DATA, code))
    families = [(code, FAMILY_TITLES[code], WHY[code]) for code in codes]
    groups = [
        (title, why, [(one.rule.id, one.rule.title, purpose(one)) for one in rules if one.rule.family == code])
        for code, title, why in families
    ]
    return visit.shown("flags.jinja", groups=groups, count=len(rules))


def one(visit: Visit) -> Response:
    """One rule."""
    wanted = visit.request.path_params["rule_id"].upper()
    rules = rules_in_force(visit.desk.commissioner_code, visit.desk.settings)
    found = next((rule for rule in rules if rule.rule.id == wanted), None)
    if wanted == to_be_read.RULE_ID:
        return visit.shown("to_be_read.jinja", title=to_be_read.TITLE, rule_id=wanted, facts=list(to_be_read.WORDS.items()))
    if found is None:
        raise not_found()
    return visit.shown("flag.jinja", often=how_often(*visit.known.by_rule.get(wanted, (0, 0))), **told(found))


def how_often(decided: int, agreed: int) -> str:
    """How often people agreed to what a rule found, in a sentence; numbers from 1 to 4 are held back, and what would tell them."""
    if not decided:
        return "Nobody here has decided on anything it found yet."
    if is_small(decided):
        return f"Fewer than {LEAST} items it found are decided. That is too few to say."
    if is_small(agreed) or is_small(decided - agreed):
        return f"{decided:,} items it found are decided. How many were agreed is held back: one side is fewer than {LEAST}."
    share = wilson(agreed, decided)
    return (
        f"{agreed:,} of {decided:,} decided items that it found were agreed: {percent(share.value)}. "
        f"The true share is most likely from {percent(share.low)} to {percent(share.high)}."
    )


def told(one: Registered) -> dict[str, Any]:
    """A rule in words, for its page."""
    rule = one.rule
    limits = [
        (
            name.replace("_pence", "").replace("_", " ").capitalize(),
            limit_in_words(value, "pounds" if name.endswith("_pence") else "") or "none",
        )
        for name, value in one.limits.items()
    ]
    return {
        "rule": rule,
        "version_of_rule": one.version,
        "purpose": purpose(one),
        "facts": [
            ("Family", FAMILY_TITLES[rule.family]),
            ("What it proposes", words_of(OUTCOMES[rule.outcome])),
            ("Whose cause", "The commissioner's own" if rule.is_commissioners else "To be asked"),
            ("It looks only at", words_of(in_words(rule.looks_at, one))),
            ("Where it finds something, it says", in_words(rule.sentence, one)),
            ("What is usual", in_words(rule.usual, one)),
            ("It may be right because", rule.innocent),
            ("What to ask", in_words(rule.ask, one)),
            ("What helps to decide", rule.clears),
            ("Based on", bases()[rule.basis]),
            ("Owner and reviewer", f"{rule.owner}; {rule.reviewer}. Next review {plain_day(rule.next_review)}"),
        ],
        "limits": limits,
    }
