"""What rules that look for a trade say alike: what a receipt lists, or what the payee's name or code tells without them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from phb_audit.rules.bought import LINE, SHOP
from phb_audit.rules.example import Example
from phb_audit.rules.rule import Rule, Variant

HEALTH_OWNERS = ("Continuing healthcare lead", "Clinical lead for personalised care")
MONEY_OWNERS = ("Personal health budgets lead", "Head of internal audit")


def trade_rule(
    *,
    id: str,
    title: str,
    read_as: str,
    shop: Variant,
    basis: str,
    severity: int,
    outcome: str,
    usual: str,
    innocent: str,
    ask: str,
    clears: str,
    owners: tuple[str, str],
    examples: tuple[Example, ...],
    more: Mapping[str, Variant] | None = None,
    restricted_with: tuple[str, ...] = (),
) -> Rule:
    """A rule of the never-list over `bought`. `read_as` completes "which we read as ..."; `shop` and `more`: how else it is said."""
    owner, reviewer = owners
    return Rule(
        id=id,
        title=title,
        family="A1",
        basis=basis,
        severity=severity,
        outcome=outcome,
        looks_at="receipt lines, and purchases for which no receipt lines have come",
        sentence="A receipt of {subject_on:day} lists '{item_shown}' ({seen_count} of {lines_count:many line}, {seen_pence:pounds}), "
        f"which we read as {read_as}.",
        not_found=f"The receipt has {{lines_count:many line}}; none of them reads as {read_as}.",
        usual=f"{usual} A line counts from {{least_share:percent}} sure.",
        innocent=innocent,
        ask=ask,
        clears=clears,
        overtaken="The receipt or its reading has changed.",
        same_flag=("thing_id",),
        decides="payment",
        owner=owner,
        reviewer=reviewer,
        next_review=date(2027, 4, 1),
        examples=examples,
        restricted_with=restricted_with,
        variants={LINE: Variant(), SHOP: shop, **(more or {})},
        waits_for=("receipts",),
    )


def at_shop(looks_like: str, *, severity: int, usual: str = "", innocent: str = "") -> Variant:
    """How it is asked where only the payee speaks. `looks_like` completes "By its name or trade code (...) it looks like ..."."""
    return Variant(
        sentence="{at_stake_pence:pounds} was paid to {payee_shown} on {subject_on:day}. By its name or trade code ({mcc_code}) it looks "
        f"like {looks_like}, and we have no list of what was bought.",
        not_found=f"{{payee_shown}} reads as {{category_code:category}}, not as {looks_like} (trade code {{mcc_code}}).",
        usual=usual,
        innocent=innocent,
        outcome="query",
        severity=severity,
    )
