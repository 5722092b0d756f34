"""Suppliers that several holders share, and what becomes of their prices: asked for by `--prices moving`, and nothing else changes.

Three in ten creep up or jump (`price_drift`), three in ten rise steeply in April as wages do (`price_april`), the rest keep their prices;
and some holders need more hours, so that their charges grow and no price does (`price_hours`). Nothing of it is anybody's breach: the truth
calls every line fine and names the kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from phb_audit.synthetic import days
from phb_audit.synthetic.story import PlanLine, Price, Story
from phb_audit.synthetic.words import Business, between, one_of

LEVELS = ("steady", "moving")
SHARED = ("C08", "C09", "C11", "T01", "T02", "T07", "A01", "A04", "A10", "E14", "H04")  # bought in a rhythm, at a price
REGULAR = ("weekly", "fortnightly", "4-weekly", "monthly", "term")
HOLDERS_A_SUPPLIER = 75  # of all holders, for one supplier a category
MORE_HOURS_SHARE = 0.15  # of the holders with such a line


@dataclass(frozen=True)
class Supplier:
    """A business and what becomes of its price."""

    business: Business
    price: Price


class Prices:
    """The shared suppliers of a world."""

    def __init__(self, seed: int, holders: int, window: tuple[int, int]) -> None:
        self.seed, self.window = seed, window
        count = max(1, holders // HOLDERS_A_SUPPLIER)
        places = [(code, place) for code in SHARED for place in range(count)]
        fates = ["drift"] * round(len(places) * 0.3) + ["april"] * round(len(places) * 0.3)
        fates += ["steady"] * (len(places) - len(fates))
        Random(f"prices {seed}").shuffle(fates)
        self.suppliers: dict[str, list[Supplier]] = {}
        for (code, place), fate in zip(places, fates, strict=True):
            rng = Random(f"prices {seed} {code} {place}")
            self.suppliers.setdefault(code, []).append(Supplier(Business(rng, code), self._price(rng, fate)))

    def _price(self, rng: Random, fate: str) -> Price:
        first, last = self.window
        if fate == "april":
            rises = [days.april_6(year) for year in range(1990, 2100) if first <= days.april_6(year) <= last]
            return Price("price_april", rises[-1], 0.03 + 0.04 * rng.random()) if rises else Price()
        if fate == "drift":
            start = first + round((last - first) * (0.35 + 0.4 * rng.random()))
            if rng.random() < 0.5:
                return Price("price_drift", start, 0.015 + 0.015 * rng.random(), is_monthly=True)
            return Price("price_drift", start, 0.08 + 0.12 * rng.random())
        return Price()

    def share(self, story: Story, lines: list[PlanLine]) -> None:
        """Give a holder's regular lines to the shared suppliers; drawn apart, so that the rest of the story stays as it is."""
        rng = Random(f"prices {self.seed} {story.number}")
        needs_more = rng.random() < MORE_HOURS_SHARE
        for line in lines:
            if line.category not in self.suppliers or line.rhythm not in REGULAR or line.is_preapproved or line.is_unusual:
                continue
            chosen = one_of(rng, self.suppliers[line.category])
            line.business, line.price = chosen.business, chosen.price
            if line.supplier:
                line.supplier = chosen.business.name
            if needs_more and chosen.price.kind != "price_drift":
                start = between(rng, self.window[0] + 60, max(self.window[0] + 60, self.window[1] - 60))
                line.price = Price("price_hours", start, 0.12 + 0.3 * rng.random())
                needs_more = False
