"""How well purchases are put in order: rules, detectors, decisions, boosting. `python -m tests.detectors.measure --work DIR`.

Three made-up worlds and their nights are made below DIR unless they are there; with `--cards DIR`, Calderdale's published card lines
get faults. Everything learned is learned on the other half of the people. PyOD's detectors stand beside ours where it is installed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import expit
from sklearn.ensemble import HistGradientBoostingClassifier

from phb_audit.assurance.intervals import wilson
from phb_audit.detectors.detector import BY_ID, DETECTORS, scored, values
from phb_audit.detectors.features import BY_NAME
from phb_audit.detectors.tails import tail_shares
from phb_audit.flagged.even_groups import evened
from phb_audit.flagged.ranking import prior_of
from phb_audit.flagged.stack import Decided, fit
from phb_audit.settings import read_toml, shipped
from tests.detectors.figures import BUDGET, average_precision, by_people, recall_at
from tests.detectors.worlds import NAMES, STARTS, Purchases, made_up, real_cards

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
CHANCES: Mapping[str, float] = read_toml(shipped("reference") / "detectors.toml")["chance"]
DECISIONS, ERRS, BY_CHANCE, WRONGLY_CONFIRMED, UNFLAGGED = 1_500, 0.10, 0.10, 42, 100


@dataclass(frozen=True)
class Parts:
    """Purchases as the order of the list sees them: `names` of the parts, `values` (a row a line), `start` and `spread` of the prior."""

    purchases: Purchases
    names: list[str]
    values: Array
    weights: Array
    usual: float

    @classmethod
    def of(cls, purchases: Purchases) -> Parts:
        """Rules and detectors, with their starting weights."""
        heard = scored(purchases.reference, purchases.lines)
        said = pl.concat([purchases.flags, heard.select("payment_id", pl.col("detector_id").alias("part_name"), "value_share")])
        prior = prior_of(STARTS, said["part_name"].unique().to_list(), CHANCES)
        names = sorted(prior.start)
        place = dict(zip(purchases.lines["payment_id"], range(purchases.lines.height), strict=True))
        table = np.zeros((len(place), len(names)))
        for payment_id, name, value in said.iter_rows():
            table[place[payment_id], names.index(name)] = max(value, table[place[payment_id], names.index(name)])
        return cls(purchases, names, table, np.array([prior.start[name] for name in names]), prior.usual)

    def order(self, wanted: Callable[[str], bool] = lambda _: True, weights: Array | None = None) -> Array:
        """Log-odds by the wanted parts."""
        used = np.array([wanted(name) for name in self.names]) * (self.weights if weights is None else weights)
        return np.asarray(np.round(self.usual + self.values @ used, 6))

    def learned(self, chosen: Ints, answers: npt.NDArray[np.bool_], *, is_evened: bool = True) -> Array:
        """Weights after these decisions, which count as in the night: evened over care groups."""
        prior = prior_of(STARTS, [name for name in self.names if name not in BY_ID], CHANCES)
        decided = [
            Decided({self.names[part]: self.values[line, part] for part in np.flatnonzero(self.values[line])}, bool(answer), 1.0)
            for line, answer in zip(chosen, answers, strict=True)
        ]
        if is_evened:
            groups = self.purchases.lines["group_code"].fill_null("").to_numpy()[chosen].tolist()
            decided = evened(decided, groups, int(STARTS["least_decided"]))
        stack = fit(prior, decided)
        return np.array([stack.weights[name] for name in self.names])


def is_detector(name: str) -> bool:
    """A part that a detector gives, and no rule."""
    return name in BY_ID


def halves(purchases: Purchases, seed: int) -> list[tuple[Ints, Ints]]:
    """Twice (lines to learn from, lines to judge by): people are in one half only."""
    names, place = np.unique(purchases.lines["holder_id"].to_numpy(), return_inverse=True)
    side = np.random.Generator(np.random.PCG64(seed)).permutation(len(names)) % 2
    one, other = np.flatnonzero(side[place] == 0), np.flatnonzero(side[place] == 1)
    return [(one, other), (other, one)]


def decisions(parts: Parts, within: Ints, seed: int, count: int = DECISIONS) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """The lines of a half that people would have read, nine in ten from the top and one by chance, and what they would have said."""
    generator = np.random.Generator(np.random.PCG64(seed))
    jitter = generator.random(len(within)) * 1e-9
    ordered = within[np.argsort(-(parts.order()[within] + jitter), kind="stable")]
    top = ordered[: round(count * (1 - BY_CHANCE))]
    rest = ordered[len(top) :]
    chosen = np.concatenate([top, generator.choice(rest, min(count - len(top), len(rest)), replace=False)])
    return chosen, parts.purchases.planted[chosen] ^ (generator.random(len(chosen)) < ERRS)


def boosted(columns: Array, taught: Ints, answers: npt.NDArray[np.bool_], judged: Ints) -> Array:
    """Gradient boosting on decisions alone."""
    model = HistGradientBoostingClassifier(max_iter=150, learning_rate=0.06, random_state=7).fit(columns[taught], answers)
    return np.asarray(model.predict_proba(columns[judged])[:, 1])


def without_labels(parts: Parts) -> dict[str, Array]:
    """Every order that needs no decision."""
    lines, reference = parts.purchases.lines, parts.purchases.reference
    told = {
        "rules alone": parts.order(lambda name: not is_detector(name)),
        "one-sided tails alone (D-01 to D-06)": parts.order(lambda name: is_detector(name) and BY_ID[name].score is None),
    }
    for one in DETECTORS:
        if one.score is not None:
            told[f"{one.id} alone: {one.title.split('(')[1].rstrip(')')}"] = one.score(
                reference.select(NAMES).to_numpy(), lines.select(NAMES).to_numpy()
            )
    others = pyod(reference.select(NAMES).to_numpy(), lines.select(NAMES).to_numpy())
    told |= {name: scores for name, (_, scores) in others.items()}
    if others:
        told["rules and detectors, PyOD's two in place of D-07 and D-08"] = in_place(parts, others)
    return told | {"**rules and detectors, as the night does**": parts.order()}


def pyod(reference: Array, rows: Array) -> dict[str, tuple[Array, Array]]:
    """Scores of the reference and of the rows by PyOD's ECOD and IForest, where it is installed; said plainly where it is not."""
    try:
        from pyod.models.ecod import ECOD  # type: ignore[import-not-found, unused-ignore]
        from pyod.models.iforest import IForest  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        sys.stderr.write("PyOD is not installed (dependency group bench of pyproject.toml): its two rows are left out.\n")
        return {}
    models = {"PyOD ECOD": ECOD(), "PyOD IForest": IForest(random_state=7)}
    fitted = {name: model.fit(reference) for name, model in models.items()}
    return {
        name: (np.asarray(model.decision_function(reference)), np.asarray(model.decision_function(rows))) for name, model in fitted.items()
    }


def in_place(parts: Parts, others: Mapping[str, tuple[Array, Array]]) -> Array:
    """The night's order with PyOD's two heard where our forest and joint tails are, with the same weights."""
    values_of_all = parts.values.copy()
    for ours, (kept, asked) in zip(("D-08", "D-07"), others.values(), strict=True):
        low = min(kept.min(), asked.min()) - 1.0  # a tail speaks only above nought
        spoken = values(tail_shares((kept - low)[:, None], (asked - low)[:, None])[:, 0])
        values_of_all[:, parts.names.index(ours)] = spoken
    return replace(parts, values=values_of_all).order()


def with_decisions(parts: Parts, seed: int) -> dict[str, Array]:
    """Orders learned from 1,500 decisions on the other half, and boosting on every label of it."""
    told = {
        name: np.zeros(len(parts.values)) for name in ("**stack, 1,500 decisions**", "boosting, 1,500 decisions", "boosting, every label")
    }
    stack, boost, ceiling = told
    columns = np.hstack([parts.purchases.lines.select(NAMES).to_numpy(), parts.values])
    for half, (taught, judged) in enumerate(halves(parts.purchases, seed)):
        chosen, answers = decisions(parts, taught, seed + half)
        told[stack][judged] = expit(parts.order(weights=parts.learned(chosen, answers))[judged])
        told[boost][judged] = boosted(columns, chosen, answers, judged)
        told[ceiling][judged] = boosted(columns, taught, parts.purchases.planted[taught], judged)
    return told


def table(parts: Sequence[tuple[str, Parts]], orders: Callable[[Parts, int], dict[str, Array]]) -> list[str]:
    """One row an order: average precision and recall at 1% in each world, with 95% intervals."""
    cells: dict[str, list[str]] = {}
    for number, (_, one) in enumerate(parts):
        planted, holders = one.purchases.planted, one.purchases.lines["holder_id"].to_numpy()
        for name, scores in orders(one, 1_000 + number).items():
            said = []
            for figure in (average_precision, recall_at):
                low, high = by_people(figure, planted, scores, holders)
                said.append(f"{figure(planted, scores):.2f} ({low:.2f}-{high:.2f})")
            cells.setdefault(name, []).append(" / ".join(said))
    return [f"| {name} | {' | '.join(told)} |" for name, told in cells.items()]


def right_reasons(parts: Parts) -> tuple[int, int]:
    """Of the planted among the first 1%: with how many a right reason stands among the first three, rules first."""
    lines, scores = parts.purchases.lines, parts.order()
    first = np.argsort(-scores, kind="stable")[: int(len(scores) * BUDGET)]
    shares = tail_shares(parts.purchases.reference.select(NAMES).to_numpy(), lines.select(NAMES).to_numpy())
    right = count = 0
    for line in first[parts.purchases.planted[first]]:
        rules = [
            part for part in np.argsort(-parts.weights * parts.values[line]) if parts.values[line, part] and parts.names[part] not in BY_ID
        ]
        flagged = {parts.names[part] for part in rules}
        tails = [NAMES[place] for place in np.argsort(shares[line], kind="stable") if shares[line, place] < 0.05]
        more = [name for name in tails if not flagged & set(BY_NAME[name].same_as)]
        reasons = [{parts.names[part]} for part in rules] + [set(BY_NAME[name].same_as) for name in more]
        wanted = set(lines["rule_ids"][int(line)])
        count += 1
        right += any(reason & wanted for reason in reasons[:3])
    return right, count


def certain(parts: Parts) -> tuple[int, int, int, int]:
    """Kinds that certain rules are for: caught and planted; and lines that certain rules find: right and all."""
    is_certain = parts.values[:, [parts.names.index(name) for name in STARTS["certain"] if name in parts.names]].any(axis=1)
    named = parts.purchases.lines["rule_ids"].list.eval(pl.element().is_in(STARTS["certain"])).list.any().fill_null(False).to_numpy()
    planted = parts.purchases.planted
    return int((is_certain & named & planted).sum()), int((named & planted).sum()), int((is_certain & planted).sum()), int(is_certain.sum())


def only_rare(parts: Parts) -> tuple[int, int]:
    """Of the 100 purchases that no rule speaks of and detectors put first: how many are planted. What asking by detectors would come to."""
    detectors = np.array([is_detector(name) for name in parts.names])
    unspoken = np.flatnonzero(~parts.values[:, ~detectors].any(axis=1))
    first = unspoken[np.argsort(-parts.order()[unspoken], kind="stable")[:UNFLAGGED]]
    return int(parts.purchases.planted[first].sum()), len(first)


def agreed_unusual(parts: Parts) -> tuple[int, int]:
    """Of the purchases that are unusual and agreed: how many stand among the first 1%."""
    unusual = (parts.purchases.lines["is_unusual"] & (parts.purchases.lines["label"] == "fine")).to_numpy()
    first = np.argsort(-parts.order(), kind="stable")[: int(len(unusual) * BUDGET)]
    return int(unusual[first].sum()), int(unusual.sum())


def false_flags(parts: Parts, seed: int) -> dict[str, Array]:
    """Fine lines among the first 1%, and all: of the largest care group and of others, before and after it was wrongly confirmed."""
    groups = parts.purchases.lines["group_code"].to_numpy()
    names, counts = np.unique(groups[groups != ""], return_counts=True)
    inside = groups == names[counts.argmax()]
    columns = np.hstack([parts.purchases.lines.select(NAMES).to_numpy(), parts.values])
    told: dict[str, Array] = {}
    for half, (taught, judged) in enumerate(halves(parts.purchases, seed)):
        chosen, answers = decisions(parts, taught, seed + half)
        fine = np.setdiff1d(taught[inside[taught] & ~parts.purchases.planted[taught]], chosen)
        wrong = fine[np.argsort(-parts.order()[fine], kind="stable")[:WRONGLY_CONFIRMED]]
        biased, said = np.concatenate([chosen, wrong]), np.concatenate([answers, np.ones(len(wrong), dtype=bool)])
        with_group = np.hstack([columns, inside[:, None]])
        orders = {
            "stack, before": parts.order(weights=parts.learned(chosen, answers))[judged],
            "stack, after": parts.order(weights=parts.learned(biased, said))[judged],
            "boosting, after": boosted(columns, biased, said, judged),
            "boosting with a group column, after": boosted(with_group, biased, said, judged),
        }
        for name, scores in orders.items():
            first = judged[np.argsort(-scores, kind="stable")[: int(len(judged) * BUDGET)]]
            is_fine = ~parts.purchases.planted
            counted = [(is_fine[where] & (inside[where] == side)).sum() for side in (True, False) for where in (first, judged)]
            told[name] = told.get(name, np.zeros(4)) + counted
    return told


def in_words(count: int, n: int) -> str:
    """A share with its interval."""
    told = wilson(count, n)
    return f"{count} of {n}" if told.value is None else f"{told.value:.1%} ({told.low:.1%} to {told.high:.1%}, n {n})"


def main() -> None:
    """Print every table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--work", type=Path, required=True)
    asked.add_argument("--cards", type=Path)
    asked.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    asked.add_argument("--holders", type=int, default=300)
    given = asked.parse_args()
    worlds = [(f"seed {seed}", Parts.of(made_up(seed, given.holders, given.work))) for seed in given.seeds]
    say = sys.stdout.write
    for name, one in worlds:
        planted = one.purchases.planted
        say(f"{name}: {len(planted):,} spend lines, {planted.sum()} planted ({planted.mean():.1%})\n")
    say("\nAverage precision / recall at 1%, each with its 95% interval by people\n\n")
    heads = " | ".join(name for name, _ in worlds)
    say(f"| order | {heads} |\n|---|{'---|' * len(worlds)}\n")
    say("\n".join(table(worlds, lambda parts, _: without_labels(parts)) + table(worlds, with_decisions)) + "\n\n")
    pooled = {"right reason among the first three": right_reasons, "agreed-unusual among the first 1%": agreed_unusual}
    pooled["planted, of the 100 unflagged that detectors put first in each world"] = only_rare
    for words, count in pooled.items():
        got, of = np.sum([count(one) for _, one in worlds], axis=0)
        say(f"{words}: {in_words(int(got), int(of))}\n")
    caught, named, right, found = np.sum([certain(one) for _, one in worlds], axis=0)
    say(f"certain kinds: recall {in_words(int(caught), int(named))}, precision {in_words(int(right), int(found))}\n\n")
    say("| fine lines among the first 1% | of the group | of others | ratio |\n|---|---:|---:|---:|\n")
    biased = [false_flags(one, 2_000 + number) for number, (_, one) in enumerate(worlds)]
    for name in biased[0]:
        first_in, all_in, first_out, all_out = np.sum([told[name] for told in biased], axis=0)
        rate_in, rate_out = first_in / all_in, first_out / all_out
        say(f"| {name} | {rate_in:.3%} ({first_in:.0f}) | {rate_out:.3%} ({first_out:.0f}) | {rate_in / max(rate_out, 1e-9):.2f} |\n")
    if given.cards:
        with tempfile.TemporaryDirectory() as scratch:
            cards = [(f"faults {seed}", Parts.of(real_cards(given.cards, Path(scratch) / str(seed), seed))) for seed in (1, 2, 3)]
        for name, one in cards:
            say(f"\n{name}: {one.purchases.lines.height:,} card lines, {one.purchases.planted.sum()} faults")
        say(f"\n\n| order | {' | '.join(name for name, _ in cards)} |\n|---|{'---|' * len(cards)}\n")
        say("\n".join(table(cards, lambda parts, _: without_labels(parts)) + table(cards, with_decisions)) + "\n")


if __name__ == "__main__":
    main()
