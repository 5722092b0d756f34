"""What pages say of a night that is not last night's: that it did not finish only where one was begun."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from phb_audit.night import last_worked_on, leave_note
from phb_audit.review.page import night_banner
from phb_audit.settings import Settings
from tests.review.world import CODE, TODAY, Clock, desk_of, in_process, sign_in

AS_OF, NOW = date(2026, 10, 31), datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
OLD = "This shows the night of 31 October 2026. There is no later one yet."
SAID = {
    "nothing is known": (None, OLD),
    "the newest is the last that was worked on": ((AS_OF, "published", NOW), OLD),
    "last night failed": ((date(2026, 11, 19), "failed", NOW), "Last night's checks did not finish. You are seeing 31 October 2026."),
    "one failed a while ago": (
        (date(2026, 11, 2), "failed", NOW - timedelta(days=17)),
        "The checks of 2 November 2026 did not finish. You are seeing 31 October 2026.",
    ),
    "one is running": ((date(2026, 11, 19), "running", NOW - timedelta(hours=1)), OLD),
    "one was killed": (
        (date(2026, 11, 19), "running", NOW - timedelta(hours=5)),
        "Last night's checks did not finish. You are seeing 31 October 2026.",
    ),
}


@pytest.mark.parametrize("what", SAID)
def test_an_old_night_is_said_to_be_what_it_is(what: str) -> None:
    last, words = SAID[what]
    assert night_banner(AS_OF, NOW, last) == words


def test_last_nights_night_has_no_banner() -> None:
    assert night_banner(date(2026, 11, 19), NOW, (date(2026, 11, 19), "failed", NOW)) == ""


def test_a_note_is_left_and_one_that_cannot_be_read_is_no_harm(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert last_worked_on(settings, CODE) is None
    leave_note(settings, CODE, AS_OF, "failed")
    found = last_worked_on(settings, CODE)
    assert found is not None
    assert found[:2] == (AS_OF, "failed")
    next((tmp_path / "warehouse" / CODE).glob("last_night*")).write_text("no note", encoding="utf-8")
    assert last_worked_on(settings, CODE) is None


@pytest.mark.slow
def test_the_sample_does_not_say_that_a_night_did_not_finish(own_settings: Settings) -> None:
    with in_process(desk_of(own_settings, clock=Clock(TODAY + timedelta(days=26)))) as client:
        sign_in(client, "clinician")
        page = client.get("/purchases").text
        assert OLD in page
        assert "did not finish" not in page
        leave_note(own_settings, CODE, date(2026, 11, 26), "failed")
        assert "did not finish. You are seeing 31 October 2026." in client.get("/purchases").text
