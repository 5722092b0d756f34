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
from phb_audit.rules.register import Registered
from phb_audit.tables.flagged import EVERYONE

MOST_FACTS = 3
Codes = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A case as it is asked about: its holder, and the flags in it that stand."""

    case_id: str
    holder_id: str
    flag_ids: frozenset[str]
    rule_ids: frozenset[str]


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
    """What would clear each of the cases.

    The rules of the cases tell which sets take their flags away; all rules tell of these sets alone whether anything new is asked.
    """
    own = _own_rules(engine.rules, cases)
    before = engine.tell(_worlds((place, case.holder_id) for place, case in enumerate(cases)), rules=own)
    searches = [_Search(place, case, _of(before, place, case)) for place, case in enumerate(cases)]
    for size in range(1, MOST_FACTS + 1):
        asked = [(search, codes) for search in searches for codes in search.next_sets(size)]
        may_clear = [(search, codes) for search, codes, seen in _run(engine, asked, own) if search.is_settled(codes, seen)]
        _confirm(engine, may_clear)
    return [search.answer() for search in searches]


def clears(engine: Engine, asked: Sequence[tuple[Case, Iterable[str]]]) -> list[bool]:
    """Would these facts, supplied together, clear the case? One answer for each that is asked."""
    before = engine.tell(_worlds((place, case.holder_id) for place, (case, _) in enumerate(asked)))
    chosen = []
    for place, (case, codes) in enumerate(asked):
        search = _Search(place, case, _of(before, place, case))
        chosen.append((search, tuple(sorted(codes, key=_place))))
    found = {search.place: search.is_run and search.is_clear(seen) for search, _, seen in _run(engine, chosen, engine.rules)}
    return [found[place] for place in range(len(asked))]


class _Search:
    """The search for one case: what stands without anything supplied, what was tried, and the sets that clear it."""

    def __init__(self, place: int, case: Case, before: Told) -> None:
        self.case = case
        self.place = place
        self.before = frozenset(before.flags["flag_id"])
        self.is_run = bool(case.flag_ids) and case.flag_ids <= self.before
        self.rows = before.rows.filter(pl.col("flag_id").is_in(list(case.flag_ids))).unique(maintain_order=True)
        self.tried: set[Codes] = set()
        self.sets: list[Codes] = []

    def next_sets(self, size: int) -> list[Codes]:
        """The sets of this size worth trying: of facts that together bear on all of the flags."""
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

    def is_settled(self, codes: Codes, seen: Told) -> bool:
        """Take down that a set was tried; with it no flag of the case stands."""
        self.tried.add(codes)
        return not self.case.flag_ids & frozenset(seen.flags["flag_id"])

    def is_clear(self, seen: Told, before: frozenset[str] | None = None) -> bool:
        """No flag of the case stands, nothing else has come into it, and nothing new is asked of the holder's side."""
        new = seen.flags.filter(~pl.col("flag_id").is_in(list(self.before if before is None else before)))
        is_joined = (new["case_id"] == self.case.case_id).any()
        return not self.case.flag_ids & frozenset(seen.flags["flag_id"]) and not is_joined and not new["is_asking"].any()

    def learn(self, codes: Codes) -> None:
        """A set clears the case."""
        if not any(set(found) < set(codes) for found in self.sets):
            self.sets.append(codes)

    def answer(self) -> Clearing:
        """What was found."""
        sets = [codes for codes in self.sets if not any(set(found) < set(codes) for found in self.sets)]
        counts = {code: self.count(code) for codes in sets for code in codes}
        return Clearing(self.case.case_id, self.is_run, tuple(sorted(sets, key=lambda codes: (len(codes), *map(_place, codes)))), counts)

    def count(self, code: str) -> int:
        """For how many things the fact is to be supplied."""
        return self.given(code).select(pl.coalesce("payment_id", "subject_id")).n_unique()


Asked = Sequence[tuple[_Search, Codes]]


def _confirm(engine: Engine, asked: Asked) -> None:
    """Of sets that take the flags of their cases away, those that clear them: run with all rules, beside the same world without them."""
    holders = [(search, codes) for search, codes in asked if search.case.holder_id != EVERYONE]
    feeds = [(search, codes) for search, codes in asked if search.case.holder_id == EVERYONE]
    without: list[tuple[_Search, Codes]] = [(search, ()) for search in dict.fromkeys(search for search, _ in holders)]
    told = _run(engine, [*without, *holders], engine.rules)
    stood = {search.place: frozenset(seen.flags["flag_id"]) for search, codes, seen in told if not codes}
    for search, codes, seen in told:
        if codes and search.is_clear(seen, stood[search.place]):
            search.learn(codes)
    # Of a feed there is nobody whom anything new could be asked.
    for search, codes in feeds:
        search.learn(codes)


def _own_rules(rules: Sequence[Registered], cases: Sequence[Case]) -> list[Registered]:
    """The rules of the cases, and those that settle what others find."""
    named = frozenset().union(*(case.rule_ids for case in cases))
    return [one for one in rules if one.rule.id in named or one.rule.settles]


def _run(engine: Engine, asked: Asked, rules: Sequence[Registered]) -> list[tuple[_Search, Codes, Told]]:
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
        worlds = _worlds((world, search.case.holder_id) for world, (search, _) in enumerate(lot))
        of_feeds = [search.case for search, _ in lot if search.case.holder_id == EVERYONE]
        found = engine.tell(worlds, supplied, rules=_own_rules(rules, of_feeds) if of_feeds else rules)
        answers += [(search, codes, _of(found, world, search.case)) for world, (search, codes) in enumerate(lot)]
    return answers


def _worlds(numbered: Iterable[tuple[int, str]]) -> pl.DataFrame:
    return pl.DataFrame(list(numbered), schema={NUMBER: pl.Int64, "holder_id": pl.String}, orient="row")


def _of(found: Told, world: int, case: Case) -> Told:
    its_own = pl.col(NUMBER).is_null() if case.holder_id == EVERYONE else pl.col(NUMBER) == world
    return Told(found.flags.filter(its_own), found.rows.filter(its_own))


def _place(code: str) -> int:
    return list(BY_CODE).index(code)
