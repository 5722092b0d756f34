"""The table of planted kinds as Markdown; `docs/how-to/make-a-world.md` carries it and a test holds the two together."""

from __future__ import annotations

from phb_audit.synthetic.problems import FAILINGS, MANAGED, NOTIONAL, SIMPLE, STRUCTURAL
from phb_audit.synthetic.truth import COUNTED_WHOLE, COUNTED_WHOLE_TITLE

WHOM = {
    "a direct payment, beside others": SIMPLE,
    "a direct payment, one a holder": STRUCTURAL,
    "a managed account": MANAGED,
    "a notional budget": NOTIONAL,
    "a direct payment, by the commissioner": FAILINGS,
}


def kinds_table() -> str:
    """One row per kind and to whom it is dealt."""
    rows = ["| `kind_code` | what | `label` | `rule_ids` | `party_code` | dealt to |", "|---|---|---|---|---|---|"]
    for whom, deck in WHOM.items():
        for kind in dict.fromkeys(deck):
            rules = " ".join(kind.rule_ids.split("|"))
            rows.append(f"| `{kind.code}` | {kind.title} | {kind.label} | {rules} | {kind.party} | {whom} |")
    rows.append(f"| `{COUNTED_WHOLE}` | {COUNTED_WHOLE_TITLE} | breach | E-07 | commissioner | a joint budget, drawn beside |")
    return "\n".join(rows)
