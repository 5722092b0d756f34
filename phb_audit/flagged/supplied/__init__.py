"""Everything a person could still supply, in the order in which it is offered: what is easiest to find first."""

from phb_audit.flagged.supplied import ours, pay, plan_parts, plans, receipts

FACTS = (*receipts.FACTS, *plans.FACTS, *plan_parts.FACTS, *pay.FACTS, *ours.FACTS)
BY_CODE = {fact.code: fact for fact in FACTS}
OF_ALL = frozenset(ours.OF_ALL)

__all__ = ["BY_CODE", "FACTS", "OF_ALL"]
