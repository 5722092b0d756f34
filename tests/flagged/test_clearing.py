"""What would clear a case: every offered set clears it and no smaller one does, on all worked examples of all rules."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations

import polars as pl
import pytest

from phb_audit.flagged.clearing import Case, Clearing, clearings, clears
from phb_audit.flagged.clearing_night import EARLIER, NOTHING, in_words
from phb_audit.flagged.supplied import BY_CODE, FACTS
from phb_audit.flagged.supplied.fact import EXCEPTED
from phb_audit.flagged.worlds import NUMBER, OWN_IDS, Engine, marked, unmarked
from phb_audit.rules.example import Example
from phb_audit.rules.register import Registered, shipped_rules
from phb_audit.rules.spending import FRAMES, Spending
from phb_audit.tables.flagged import EVERYONE

RULES = shipped_rules()
SETTLING = [one for one in RULES if one.rule.settles]
OF_ALL = [name for name, columns in FRAMES.items() if "holder_id" not in columns]
# What only a person's decision closes: nothing that is sent in changes what these rules see.
NOTHING_CLEARS = {"A-02", "A-10", "A-14", "A-20", "E-06", "E-09", "G-16", "G-17", "L-17", "L-18", "P-15"}
# What settles others (P-04) puts nothing before a person.
PUT = [one for one in RULES if not one.rule.settles]
every_rule = pytest.mark.parametrize("one", PUT, ids=lambda one: one.rule.id)
Answered = list[tuple[Engine, list[tuple[Case, Clearing]]]]


def flagged_examples(one: Registered) -> list[list[Example]]:
    """The rule's flagged examples, together where nothing that is everyone's differs between them; the most first."""
    lots: dict[str, list[Example]] = {}
    for example in one.rule.examples:
        if example.flags:
            lots.setdefault(repr([example.limits, [example.rows.get(name) for name in OF_ALL]]), []).append(example)
    return sorted(lots.values(), key=len, reverse=True)


def together(examples: list[Example]) -> dict[str, pl.DataFrame]:
    """The rows of some examples in one frame each, every example with holders of its own."""
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in FRAMES}
    for place, example in enumerate(examples):
        for name, frame in Engine.over((), example.spending()).frames.items():
            own = [pl.format("{}#{}", column, pl.lit(place)).alias(column) for column in frame.columns if column in OWN_IDS]
            if name != EXCEPTED and (place == 0 or name not in OF_ALL):
                parts[name].append(frame.with_columns(own))
    return {name: pl.concat(frames) for name, frames in parts.items()}


def answered(one: Registered) -> Answered:
    return answered_by_id(one.rule.id)


@cache
def answered_by_id(rule_id: str) -> Answered:
    """Of the largest lot of the rule's examples: the engine of the rule, and the cases with what clears them."""
    answers: Answered = []
    one = next(one for one in RULES if one.rule.id == rule_id)
    for examples in flagged_examples(one)[:1]:
        rules = [replace(one, limits={**one.limits, **examples[0].limits}), *SETTLING]
        frames = together(examples)
        engine = Engine.over(rules, Spending.of(examples[0].spending().as_of, frames))
        people = {holder for frame in frames.values() if "holder_id" in frame.columns for holder in frame["holder_id"]}
        holders = [*sorted(people), EVERYONE]
        worlds = pl.DataFrame({NUMBER: range(len(holders)), "holder_id": holders}, schema_overrides={NUMBER: pl.Int64})
        found = engine.tell(worlds).flags.filter(pl.col("rule_id") == one.rule.id)
        cases = [
            Case(case_id, EVERYONE if place is None else holders[place], frozenset(part["flag_id"]), frozenset(part["rule_id"]))
            for (case_id, place), part in found.sort(NUMBER, "case_id").group_by("case_id", NUMBER, maintain_order=True)
        ]
        assert cases
        answers.append((engine, list(zip(cases, clearings(engine, cases), strict=True))))
    return answers


@every_rule
def test_every_offered_set_clears_the_case_and_no_smaller_one_does(one: Registered) -> None:
    for engine, cases in answered(one):
        offered = [(case, codes) for case, found in cases for codes in found.sets]
        smaller = [(case, part) for case, codes in offered for size in range(1, len(codes)) for part in combinations(codes, size)]
        answers = clears(engine, [*offered, *smaller]) if offered else []
        assert answers == [True] * len(offered) + [False] * len(smaller)


@every_rule
def test_what_nothing_clears_is_said_so(one: Registered) -> None:
    found = [answer for _, cases in answered(one) for _, answer in cases]
    assert all(answer.is_run for answer in found)
    assert any(answer.sets for answer in found) == (one.rule.id not in NOTHING_CLEARS)
    assert all((in_words(answer) == [NOTHING]) == (not answer.sets) for answer in found)


def test_every_fact_clears_something() -> None:
    used = {code for one in PUT for _, cases in answered(one) for _, found in cases for codes in found.sets for code in codes}
    # These two need a plan beside the example's pay slips: see below.
    assert {fact.code for fact in FACTS} - used == {"live_in_agreed", "trip_agreed"}


def clearing_of(rule_id: str, frames: dict[str, pl.DataFrame]) -> Clearing:
    """What clears the one case of a rule in these rows."""
    rules = [one for one in RULES if one.rule.id == rule_id] + SETTLING
    engine = Engine.over(rules, Spending.of(Example("", "", {}, 0).spending().as_of, frames))
    flags = engine.tell(pl.DataFrame({NUMBER: [0], "holder_id": ["H1"]})).flags
    case = Case(flags["case_id"][0], "H1", frozenset(flags["flag_id"]), frozenset(flags["rule_id"]))
    return clearings(engine, [case])[0]


def example_of(rule_id: str, **rows: tuple[dict[str, object], ...]) -> dict[str, pl.DataFrame]:
    """The first flagged example of a rule, with more rows."""
    one = next(one for one in RULES if one.rule.id == rule_id)
    example = next(example for example in one.rule.examples if example.flags)
    changed = Example("", "flagged", {**example.rows, **rows}, 1)
    return {name: frame for name, frame in Engine.over((), changed.spending()).frames.items() if name != EXCEPTED}


def test_a_holiday_in_the_plan_clears_pay_while_away() -> None:
    assert ("trip_agreed",) in clearing_of("W-04", example_of("W-04", plans=({},))).sets


def test_live_in_support_in_the_plan_clears_long_hours() -> None:
    lines = ({"category_code": "C01", "description": "20 hours a week", "frequency_code": "weekly"},)
    assert ("live_in_agreed",) in clearing_of("W-06", example_of("W-06", plans=({},), plan_lines=lines)).sets


def test_two_things_are_asked_for_only_where_neither_is_enough() -> None:
    (_, ((case, found), *_)), *_ = answered(next(one for one in RULES if one.rule.id == "A-17"))
    assert ("receipt", "plan_line") in found.sets
    assert all(len(codes) == 2 for codes in found.sets)
    assert in_words(found)[0].startswith("Both of these: ")
    assert case.rule_ids == {"A-17"}


def test_a_case_of_an_earlier_night_is_not_guessed_at() -> None:
    engine, cases = answered(next(one for one in RULES if one.rule.id == "E-01"))[0]
    gone = replace(cases[0][0], flag_ids=frozenset({"F0000000000000000"}))
    (found,) = clearings(engine, [gone])
    assert not found.is_run
    assert in_words(found) == [EARLIER]


def test_marks_come_off_as_they_went_on() -> None:
    rows = pl.DataFrame({NUMBER: [3, 4], "holder_id": ["H1", EVERYONE], "payment_id": ["P1", None], "payee_shown": ["A SHOP 3", "A~1"]})
    assert unmarked(marked(rows)).equals(rows)
    assert marked(rows)["payment_id"][0] != "P1"


def test_lines_that_a_card_or_an_agent_sends_are_not_awaited_from_the_holder() -> None:
    pages = [fact for fact in FACTS if {"E-12", "E-13"} & set(fact.rules)]
    assert [fact.code for fact in pages] == ["missing_statement"]
    assert not [fact.code for fact in pages if "holder" in fact.who]


def test_each_fact_says_what_and_bears_on_rules_there_are() -> None:
    known = {one.rule.id for one in RULES}
    for fact in FACTS:
        assert set(fact.rules) <= known
        assert fact.rules
        assert fact.one
        assert "{" not in fact.words(2)
    assert len(BY_CODE) == len(FACTS)
