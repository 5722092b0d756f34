"""Cases of a lane: decided by the lane's reader alone, in a casebook of its own, and nothing ordinary changes."""

from __future__ import annotations

import json
import shutil
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from phb_audit.cases.casebook import StaleCase, casebook_events
from phb_audit.cases.casebook_copies import back_up, verified
from phb_audit.cases.decisions import MoveRefused, SeenCase
from phb_audit.cases.lane_cases import book_code, has_news, lane_case, lane_events, lane_listed, move_in_lane, standings
from phb_audit.cases.lane_command import list_lane, move_lane_case, show_lane_case
from phb_audit.cases.lane_moves import BOTH, MOVES, OPEN, OVER, READERS, STATES, possible, refusal
from phb_audit.cases.seen import seen_case
from phb_audit.errors import UsageError
from phb_audit.reports.lane_page import write_lane_page
from phb_audit.run import Run
from phb_audit.settings import Settings
from tests.builders import make_run
from tests.reports.test_lanes import finished, night, outputs

WHY = "The person was seen alone and is well."
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
ON = date(2026, 11, 3)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished night; nobody changes it."""
    folder = tmp_path_factory.mktemp("lanes")
    run = night(make_run(folder))
    finished(run)
    run.warehouse.close()
    return folder


@pytest.fixture
def told(made: Path, tmp_path: Path) -> Run:
    shutil.copytree(made / "home", tmp_path / "home", symlinks=True)
    return make_run(tmp_path)


@pytest.fixture
def settings(told: Run) -> Settings:
    told.warehouse.close()
    return told.settings


def first(settings: Settings, lane: str) -> SeenCase:
    return lane_case(settings, "QZZ", lane, lane_listed(settings, "QZZ", lane)["case_ref"][0])


def make(settings: Settings, lane: str, code: str, *, by: str = "Ada Reader", role: str | None = None, **more: object) -> None:
    given = {"reason": WHY, "at": AT, **more}
    move_in_lane(settings, "QZZ", lane, first(settings, lane), code, by=by, role=role or READERS[lane][0], **given)  # type: ignore[arg-type]


def state(settings: Settings, lane: str, on: date = ON) -> str:
    return standings(lane_events(settings, "QZZ", lane), on)[first(settings, lane).case_id].state_code


@pytest.mark.parametrize("lane", BOTH)
def test_a_case_of_a_lane_is_decided_there_and_shown_on_its_page(settings: Settings, lane: str) -> None:
    make(settings, lane, "take_up")
    assert state(settings, lane) == "taken_up"
    make(settings, lane, "settle")
    assert state(settings, lane) == "settled"
    page = write_lane_page(settings, "QZZ", lane).read_text(encoding="utf-8")
    assert f"Looked at, nothing more is needed. Ada Reader: {WHY}" in page
    assert [event.body["lane_code"] for event in lane_events(settings, "QZZ", lane)] == [lane, lane]


@pytest.mark.parametrize("lane", BOTH)
def test_nothing_ordinary_changes_when_a_case_of_a_lane_is_decided(told: Run, lane: str) -> None:
    before = outputs(told)
    make(told.settings, lane, "settle")
    assert outputs(told) == before
    assert casebook_events(told.settings, "QZZ") == []
    folder = told.settings.home / "casebook" / f"QZZ_{lane}"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not (told.settings.home / "casebook" / "QZZ").exists()


@pytest.mark.parametrize("lane", BOTH)
def test_a_case_of_a_lane_is_unknown_to_every_other_reader(settings: Settings, lane: str) -> None:
    ref = first(settings, lane).case_ref
    other = next(one for one in BOTH if one != lane)
    with pytest.raises(UsageError, match="holds no case"):
        seen_case(settings, "QZZ", ref)
    with pytest.raises(UsageError, match="holds no case"):
        lane_case(settings, "QZZ", other, ref)


@pytest.mark.parametrize("lane", BOTH)
@pytest.mark.parametrize("role", ["clinician", "auditor", "second_checker", "governance", "administrator", "lcfs", "safeguarding_lead"])
def test_only_the_lanes_own_reader_moves_its_cases(settings: Settings, lane: str, role: str) -> None:
    if role == READERS[lane][0]:
        make(settings, lane, "note", role=role)
        return
    with pytest.raises(MoveRefused, match="alone"):
        make(settings, lane, "note", role=role)
    assert lane_events(settings, "QZZ", lane) == []


def test_handing_on_needs_a_second_person_where_somebody_is_asked_about_and_nobody_waits_where_somebody_may_be_in_danger(
    settings: Settings,
) -> None:
    make(settings, "safeguarding", "hand_on", particulars={"handed_to": "the council"})
    assert state(settings, "safeguarding") == "handed_on"
    with pytest.raises(MoveRefused, match="no move of this lane"):
        make(settings, "restricted", "hand_on", particulars={"handed_to": "the authority"})
    with pytest.raises(MoveRefused, match="needs handed_to"):
        make(settings, "restricted", "propose_hand_on")
    make(settings, "restricted", "propose_hand_on", particulars={"handed_to": "the authority"})
    with pytest.raises(MoveRefused, match="Another person must check"):
        make(settings, "restricted", "confirm_hand_on", by="ada  READER")
    make(settings, "restricted", "confirm_hand_on", by="Bo Checker")
    assert state(settings, "restricted") == "handed_on"
    assert "Handed on, to the authority." in write_lane_page(settings, "QZZ", "restricted").read_text(encoding="utf-8")


def test_a_second_person_can_send_a_proposal_back(settings: Settings) -> None:
    make(settings, "restricted", "propose_hand_on", particulars={"handed_to": "the authority"})
    make(settings, "restricted", "send_back", by="Bo Checker")
    assert state(settings, "restricted") == "taken_up"


def test_a_case_put_off_is_open_again_on_its_day(settings: Settings) -> None:
    make(settings, "safeguarding", "put_off", particulars={"wake_on": date(2026, 11, 10)})
    assert [state(settings, "safeguarding", on) for on in (date(2026, 11, 9), date(2026, 11, 10))] == ["put_off", "open"]


def test_a_reason_a_known_move_and_the_version_that_was_looked_at_are_asked_for(settings: Settings) -> None:
    with pytest.raises(MoveRefused, match="A reason is needed"):
        make(settings, "safeguarding", "settle", reason="well")
    with pytest.raises(MoveRefused, match="no move 'agree'"):
        make(settings, "safeguarding", "agree")
    with pytest.raises(MoveRefused, match="not possible: the case is 'open'"):
        make(settings, "safeguarding", "reopen")
    make(settings, "safeguarding", "take_up", version=0)
    with pytest.raises(StaleCase):
        make(settings, "safeguarding", "settle", version=0)


def test_a_case_that_is_over_has_news_when_a_flag_or_its_money_is_new(settings: Settings) -> None:
    make(settings, "safeguarding", "settle")
    seen = first(settings, "safeguarding")
    standing = standings(lane_events(settings, "QZZ", "safeguarding"), ON)[seen.case_id]
    flag = dict(seen.flags[0])
    assert not has_news(standing, seen.flags)
    assert has_news(standing, [{**flag, "at_stake_pence": flag["at_stake_pence"] + 1}])
    assert has_news(standing, [*seen.flags, {**flag, "flag_id": "F-new"}])


def test_the_commands_list_show_and_move(settings: Settings) -> None:
    said: list[str] = []
    ref = first(settings, "safeguarding").case_ref

    def listed(of: str | None = None) -> list[str]:
        said.clear()
        list_lane(settings, "QZZ", "safeguarding", state=of, on=ON, as_json=True, say=said.append)
        return [row["case_ref"] for row in json.loads(said[0])["cases"]]

    everything = listed()
    assert ref in everything
    given = {"by": "Ada Reader", "role": "safeguarding_lead", "reason": WHY}
    move_lane_case(settings, "QZZ", "safeguarding", ref, "settle", **given, version=0, particulars={}, say=said.append)  # type: ignore[arg-type]
    assert listed() == [one for one in everything if one != ref]
    assert listed("settled") == [ref]
    said.clear()
    show_lane_case(settings, "QZZ", "safeguarding", ref.lower(), on=ON, as_json=False, say=said.append)
    assert "Looked at, nothing more is needed. Version 1. Decided by the safeguarding lead alone." in said[0]
    assert "the safeguarding lead may: note, reopen" in said[0]
    show_lane_case(settings, "QZZ", "safeguarding", ref, on=ON, as_json=True, say=said.append)
    assert json.loads(said[-1])["possible"] == ["note", "reopen"]
    list_lane(settings, "QZZ", "safeguarding", state="settled", on=ON, as_json=False, say=said.append)
    assert said[-1] == "1 cases for the safeguarding lead."
    with pytest.raises(UsageError, match="no state"):
        list_lane(settings, "QZZ", "safeguarding", state="agreed", on=ON, as_json=True, say=said.append)


def test_the_lanes_casebook_is_copied_and_checked_like_any(settings: Settings, tmp_path: Path) -> None:
    make(settings, "restricted", "note")
    code = book_code("QZZ", "restricted")
    count, last = back_up(settings, code, tmp_path / "copy.sqlite")
    assert (None, count, last) == verified(settings, code, last)
    assert count == 1


def test_an_unknown_lane_and_an_unrun_night_are_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no lane ordinary"):
        lane_listed(settings, "QZZ", "ordinary")
    with pytest.raises(UsageError, match="No night has been run"):
        lane_listed(Settings(tmp_path / "empty"), "QZZ", "restricted")


@pytest.mark.parametrize("lane", BOTH)
def test_every_state_of_a_lane_can_be_left_or_is_over(lane: str) -> None:
    reached, fresh = {OPEN}, {OPEN}
    while fresh:
        fresh = {
            move.to_state for code, move in MOVES.items() for one in reached if move.to_state and not refusal(code, state=one, lane=lane)
        } - reached
        reached |= fresh
    assert reached == set(STATES) - ({"hand_on_to_check"} if lane == "safeguarding" else set())
    assert all(set(possible(one, lane)) - {"note"} for one in reached)
    assert {code for code in possible(OVER[0], lane) if MOVES[code].to_state} == {"reopen"}
