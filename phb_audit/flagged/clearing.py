"""What would clear a case, found by running the rules again with what could still be supplied (supplied/).

For each case every fact that bears on one of its rules is supplied alone, for all that the case is about; then pairs and threes that bear
on all of its flags. A set is offered when with it no flag of the case stands and no new question arises, and when no smaller set in it
does the same. Where nothing does, a person decides, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import polars as pl

from phb_audit.flagged.supplied import BY_CODE, FACTS, OF_ALL
from phb_audit.flagged.worlds import NUMBER, Engine, Told
from phb_audit.tables.flagged import EVERYONE

MOST_FACTS = 3
Codes = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A case as it is asked about: its holder, and the flags in it that stand."""

    case_id: str
    holder_id: str
    flag_ids: frozenset[str]


@dataclass(frozen=True)
class Clearing:
    """What would clear a case: `sets` of fact codes, the smallest first; `counts` of the things each fact is to be supplied for.

    `is_run` is false where the rules, run now, do not find the case as it stands (it rests on an earlier night): nothing can be told.
    """

    case_id: str
    is_run: bool
    sets: tuple[Codes, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def clearings(engine: Engine, cases: Sequence[Case]) -> list[Clearing]:
    """What would clear each of the cases."""
    own = engine.tell(_worlds((place, case.holder_id) for place, case in enumerate(cases)))
    searches = [_Search(place, case, _of(own, place, case)) for place, case in enumerate(cases)]
    for size in range(1, MOST_FACTS + 1):
        asked = [(search, codes) for search in searches for codes in search.next_sets(size)]
        for search, codes, seen in _run(engine, asked):
            search.learn(codes, seen)
    return [search.answer() for search in searches]


def clears(engine: Engine, case: Case, codes: Iterable[str]) -> bool:
    """Would these facts, supplied together, clear the case?"""
    search = _Search(0, case, _of(engine.tell(_worlds([(0, case.holder_id)])), 0, case))
    chosen = tuple(sorted(codes, key=_place))
    ((_, _, seen),) = _run(engine, [(search, chosen)])
    return search.is_run and search.is_clear(seen)


class _Search:
    """The search for one case: what stands without anything supplied, what was tried, and the sets that clear it."""

    def __init__(self, place: int, case: Case, before: Told) -> None:
        self.case = case
        self.place = place
        self.before = frozenset(before.flags["flag_id"])
        self.is_run = bool(case.flag_ids) and case.flag_ids <= self.before
        rows = before.rows.filter(pl.col("flag_id").is_in(list(case.flag_ids)))
        self.rows = rows.unique(maintain_order=True)
        self.tried: set[Codes] = set()
        self.sets: list[Codes] = []

    def next_sets(self, size: int) -> list[Codes]:
        """The sets of this size worth trying: of facts that each take a flag away, and together may take them all."""
        if not self.is_run:
            return []
        if size == 1:
            rules = set(self.rows["rule_id"])
            return [(fact.code,) for fact in FACTS if rules & set(fact.rules)]
        alone = [fact.code for fact in FACTS if (fact.code,) in self.tried and (fact.code,) not in self.sets]
        chosen = [codes for codes in combinations(alone, size) if self._may_clear(codes)]
        # All smaller sets of what may be offered are tried too: none of them may clear the case by itself.
        smaller = [part for codes in chosen for less in range(2, size) for part in combinations(codes, less)]
        return [codes for codes in dict.fromkeys([*smaller, *chosen]) if codes not in self.tried]

    def _may_clear(self, codes: Codes) -> bool:
        rules = {rule_id for code in codes for rule_id in BY_CODE[code].rules}
        return set(self.rows["rule_id"]) <= rules and not any(set(found) <= set(codes) for found in self.sets)

    def given(self, code: str) -> pl.DataFrame:
        """What a fact is to be supplied for: what the case's rules it bears on have found."""
        return self.rows.filter(pl.col("rule_id").is_in(BY_CODE[code].rules))

    def learn(self, codes: Codes, seen: Told) -> None:
        """Take down what came of a set."""
        self.tried.add(codes)
        if self.is_clear(seen) and not any(set(found) < set(codes) for found in self.sets):
            self.sets.append(codes)

    def is_clear(self, seen: Told) -> bool:
        """No flag of the case stands, nothing else has come into it, and nothing new is asked of the holder's side."""
        new = seen.flags.filter(~pl.col("flag_id").is_in(list(self.before)))
        is_joined = (new["case_id"] == self.case.case_id).any()
        return not self.case.flag_ids & frozenset(seen.flags["flag_id"]) and not is_joined and not new["is_asking"].any()

    def answer(self) -> Clearing:
        """What was found."""
        sets = [codes for codes in self.sets if not any(set(found) < set(codes) for found in self.sets)]
        counts = {code: self.count(code) for codes in sets for code in codes}
        return Clearing(self.case.case_id, self.is_run, tuple(sorted(sets, key=lambda codes: (len(codes), *map(_place, codes)))), counts)

    def count(self, code: str) -> int:
        """For how many things the fact is to be supplied."""
        return self.given(code).select(pl.coalesce("payment_id", "subject_id")).n_unique()


def _run(engine: Engine, asked: Sequence[tuple[_Search, Codes]]) -> list[tuple[_Search, Codes, Told]]:
    """What comes of each set, all of those that change the same of everybody's rows at once."""
    answers: list[tuple[_Search, Codes, Told]] = []
    lots: dict[object, list[tuple[_Search, Codes]]] = {}
    for search, codes in asked:
        # What is everyone's is in all copies alike: each such question is put alone.
        alike = (search.place, codes) if search.case.holder_id == EVERYONE else frozenset(codes) & OF_ALL
        lots.setdefault(alike, []).append((search, codes))
    for lot in lots.values():
        parts: dict[str, list[pl.DataFrame]] = {}
        for world, (search, codes) in enumerate(lot):
            for code in codes:
                parts.setdefault(code, []).append(search.given(code).with_columns(pl.lit(world, dtype=pl.Int64).alias(NUMBER)))
        supplied = [(fact, pl.concat(parts[fact.code])) for fact in FACTS if fact.code in parts]
        found = engine.tell(_worlds((world, search.case.holder_id) for world, (search, _) in enumerate(lot)), supplied)
        answers += [(search, codes, _of(found, world, search.case)) for world, (search, codes) in enumerate(lot)]
    return answers


def _worlds(numbered: Iterable[tuple[int, str]]) -> pl.DataFrame:
    return pl.DataFrame(list(numbered), schema={NUMBER: pl.Int64, "holder_id": pl.String}, orient="row")


def _of(found: Told, world: int, case: Case) -> Told:
    its_own = pl.col(NUMBER).is_null() if case.holder_id == EVERYONE else pl.col(NUMBER) == world
    return Told(found.flags.filter(its_own), found.rows.filter(its_own))


def _place(code: str) -> int:
    return list(BY_CODE).index(code)
