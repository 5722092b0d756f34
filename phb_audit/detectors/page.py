"""docs/reference/detectors.md, made from the detectors' and features' own descriptions: `python -m phb_audit.detectors.page` writes it."""

from __future__ import annotations

import sys

from phb_audit.detectors.detector import BEGINS, DETECTORS, IN_FULL
from phb_audit.detectors.drifts import APRIL_RISE, LEAST_BEYOND, LEAST_HOLDERS, LEAST_OTHERS
from phb_audit.detectors.features import FEATURES
from phb_audit.detectors.histories import REFERENCE_DAYS, REFERENCE_LINES
from phb_audit.settings import read_toml, shipped

HEAD = f"""# Detectors: what is unlike the year before

Made from `phb_audit/detectors/` by `python -m phb_audit.detectors.page`; do not edit it by hand.

Rules know what to ask. Detectors know what is rare: they measure each purchase of a case against what the same person had spent in the
year before, what others had paid for the same in the three months before, and the plan, budget and receipt beside it. **They make no
case and ask nobody.** They move a case up or down the list ([ranking](../explanation/ranking.md)), and give it reasons that its flags do
not say already: what we saw, what is usual, for whom, and of how many. Unusual is not wrong.

* Every feature is nought where a purchase is usual and grows in one direction only. All look back, and nothing of a person, a diagnosis or
  a care group is among them; the care group chooses whose prices a purchase is compared with, and no more. A test inspects them.
* A short history and a small group are drawn towards what is usual elsewhere; of fewer than 20 people it is not said what they pay.
* What is usual is told by up to {REFERENCE_LINES:,} purchases of the last {REFERENCE_DAYS} days, taken by chance. A detector begins to
  speak of a purchase that fewer than {BEGINS:.0%} are as far out as, and speaks in full at 1 in {round(1 / IN_FULL):,} (`detected.scores`).
* Of several features the rarest speaks for its detector, as rare as the rarest of so many is by chance.
* What decisions say moves a detector's weight as it moves a rule's, from `data/reference/detectors.toml` on, never below nought.
* What stood before a purchase is kept (`detected.histories`, `detected.peers`) and worked out again only for holders with a payment matched
  tonight. Many nights and one night over the same files leave the same rows.

```sh
phb-audit ranking --case FT47HX4ZK   # what each rule and detector adds to the place of a case
phb-audit explain FT47HX4ZK          # the reasons, under "Beside the flags"
```
"""


DRIFT = f"""## Suppliers that became dearer

Beside single purchases, suppliers by month (`detected.drifts`, `phb-audit price-drift`). Each holder is compared with the same holder's own
months before, at the same supplier and for the same service, so a dearer package is no dearer price. Of {LEAST_HOLDERS} holders or more
it is told what all but a few of them pay more ("8 of 10 people at least 9%"), less what the spread of their months leaves: more hours
of one person move one person only. Taken off are the middle change of others' holders, where {LEAST_OTHERS} or more pay others for it,
and {APRIL_RISE:.0%} where April lies between. What is left is told from {LEAST_BEYOND:.0%} on. It asks nobody, makes no case and moves
no place in the list.

* It does not see a supplier whom one or two people pay, nor baskets, fares and whatever else has no usual charge: where amounts vary
  it says nothing. It hears charges, not hours: quantities stand on too few papers.
* Pay, its taxes, cash, transfers and gifts are left out: amounts, and no prices.

## Split purchases

Payments just under the receipt limit are asked about by A-15, more often than agreed by P-08, copies by N-09. What detectors add is in
D-04: `often` and `soon` measure how many payments to one payee come in a week, and how much sooner than usual, whatever the limit; they
are told beside a case where no flag of A-15 or P-08 says it already. No detector of splits stands beside these: it would say the same.

## The network of payees

One bank account under several names is looked at within a budget (A-11) and across budgets (A-23, `detectors/network.py`).
Telephones and addresses are not kept in the warehouse, on purpose: nothing is told of shared ones
([rules that are not built](rules-not-built.md), W-17)."""


def page() -> str:
    """The whole page."""
    chances = read_toml(shipped("reference") / "detectors.toml")["chance"]
    usual = read_toml(shipped("reference") / "ranking.toml")["usual_chance"]
    lines = [HEAD, "## Detectors", ""]
    lines += [
        f"The chance of a case that a detector alone speaks for in full, before anybody has decided anything; {usual} is silence.",
        "",
    ]
    lines += ["| detector | what it says | chance | hears | innocent explanation |", "|---|---|---:|---|---|"]
    for one in DETECTORS:
        heard = "all features" if len(one.features) == len(FEATURES) else ", ".join(f"`{name}`" for name in one.features)
        lines.append(f"| {one.id} | {one.title} | {chances[one.id]} | {heard} | {one.innocent} |")
    lines += ["", DRIFT, "", "## Features", "", "| feature | unit | what it looks back at | rules that say the same |", "|---|---|---|---|"]
    lines += [f"| `{one.name}` | {one.unit} | {one.looks_at} | {', '.join(one.same_as)} |" for one in FEATURES]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
