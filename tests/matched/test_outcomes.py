"""The night: which outcome of the plan a purchase without a line serves, confirmed tags first, and what is missing in words."""

from __future__ import annotations

from datetime import date

from phb_audit.matched import build
from phb_audit.matched.outcome_keys import outcome_key
from phb_audit.run import Run
from tests.builders import fill
from tests.matched.worlds import HOLDER, VERSION, line, matched, outcome, paid, plan, rows_of

DAY = date(2026, 6, 10)
WAGES = line(1, "C01", "Two personal assistants, 30 hours a week", amount_pence=480_00)
PLANS = [plan(approved_on=date(2026, 5, 3))]
QUIET, FRIENDS = outcome(1, "Somewhere quiet of my own"), outcome(2, "See my friends and not be lonely")
CALM = outcome(2, "To be calmer")
SHED = paid("P1", DAY, 4753_80, "GARDEN BUILDINGS D", "E10")


def tagged(run: Run, key: str, *codes: str) -> None:
    """Tags as the casebook carries them into the warehouse."""
    told = {"outcome_key": key, "event_number": 1, "decided_by": "Ada Reviewer", "decided_at": "2026-06-01T10:00:00Z"}
    fill(run, {"decided.goal_tags": [{**told, "domain_code": code} for code in codes]})


def test_the_outcome_it_serves_is_named_with_its_day_strength_and_runner_up(run: Run) -> None:
    found = matched(run, SHED, plans=PLANS, plan_lines=[WAGES], plan_outcomes=[QUIET, CALM])["P1"]
    assert (found["goal_state_code"], found["outcome_id"]) == ("fits", f"{VERSION}/O1")
    assert found["goal_share"] > 0.8  # type: ignore[operator]
    assert found["goal_runner_up_id"] == f"{VERSION}/O2"
    because = str(found["goal_because"])
    assert because.startswith("The outcome 'Somewhere quiet of my own', agreed 3 May 2026 could be what it serves.")
    assert "What was bought reads as a garden building, which serves A quiet place of one's own: a room outdoors." in because


def test_where_no_outcome_speaks_of_it_the_nearest_is_named_and_none_is_linked(run: Run) -> None:
    eating = outcome(1, "To eat and drink safely")
    found = matched(run, SHED, plans=PLANS, plan_lines=[WAGES], plan_outcomes=[eating])["P1"]
    assert (found["goal_state_code"], found["outcome_id"], found["outcome_words"]) == ("no_goal", None, None)
    because = str(found["goal_because"])
    assert because.startswith("No outcome of the plan speaks of a garden building; nearest: 'To eat and drink safely', agreed 3 May 2026.")


def test_a_confirmed_tag_takes_precedence_over_the_words(run: Run) -> None:
    vague = outcome(1, "As discussed with my coordinator")
    unread = matched(run, SHED, plans=PLANS, plan_lines=[WAGES], plan_outcomes=[vague])["P1"]
    assert unread["goal_state_code"] == "unclear" and "confirm its goal tags" in str(unread["goal_because"])


def test_tags_of_the_holders_outcome_count_and_outweigh_those_of_its_words(run: Run) -> None:
    vague = outcome(1, "As discussed with my coordinator")
    tagged(run, outcome_key("as discussed  with my Coordinator", HOLDER), "own_space")
    tagged(run, outcome_key("As discussed with my coordinator"), "eat")
    found = matched(run, SHED, plans=PLANS, plan_lines=[WAGES], plan_outcomes=[vague])["P1"]
    assert (found["goal_state_code"], found["outcome_id"]) == ("fits", f"{VERSION}/O1")
    assert "as a person confirmed" in str(found["goal_because"])


def test_tags_of_the_words_count_whoever_says_them(run: Run) -> None:
    tagged(run, outcome_key("As discussed with my coordinator"), "own_space")
    vague = outcome(1, "As discussed with my coordinator")
    assert matched(run, SHED, plans=PLANS, plan_lines=[WAGES], plan_outcomes=[vague])["P1"]["goal_state_code"] == "fits"


def test_a_plan_without_outcomes_says_so(run: Run) -> None:
    found = matched(run, SHED, plans=PLANS, plan_lines=[WAGES])["P1"]
    assert (found["goal_state_code"], found["goal_share"]) == ("no_goal", 0.0)
    assert found["goal_because"] == "The plan in force states no outcome."


def test_where_a_line_names_the_purchase_its_outcome_stands_and_goals_are_not_asked(run: Run) -> None:
    shed = line(2, "E10", "A summer house", outcome_id=f"{VERSION}/O2", amount_pence=4753_80)
    found = matched(run, SHED, plans=PLANS, plan_lines=[WAGES, shed], plan_outcomes=[QUIET, FRIENDS])["P1"]
    assert (found["outcome_id"], found["goal_state_code"], found["goal_because"]) == (f"{VERSION}/O2", None, None)


def test_what_may_never_be_bought_and_what_is_not_told_serve_no_outcome(run: Run) -> None:
    wine, basket = paid("P1", DAY, 9_00, "WINE SHOP", "X01"), paid("P2", DAY, 30_00, "A MARKET PLACE", "M04")
    found = matched(run, wine, basket, plans=PLANS, plan_lines=[WAGES], plan_outcomes=[FRIENDS])
    assert (found["P1"]["goal_state_code"], found["P1"]["goal_share"], found["P1"]["outcome_id"]) == ("no_goal", 0.0, None)
    assert (found["P2"]["goal_state_code"], found["P2"]["outcome_id"]) == ("unclear", None)
    assert "A receipt would tell" in str(found["P2"]["goal_because"])


def test_a_tag_confirmed_later_looks_at_the_holder_again(run: Run) -> None:
    vague = outcome(1, "As discussed with my coordinator")
    assert matched(run, SHED, plans=PLANS, plan_lines=[WAGES], plan_outcomes=[vague])["P1"]["goal_state_code"] == "unclear"
    fill(run, {"nights.carried": [{"event_number": 0}]})
    tagged(run, outcome_key("As discussed with my coordinator", HOLDER), "own_space")
    build(Run(run.commissioner_code, date(2026, 11, 30), run.inbox, run.settings, run.warehouse))
    assert rows_of(run)["P1"]["goal_state_code"] == "fits"
