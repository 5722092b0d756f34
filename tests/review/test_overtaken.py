"""Reasons that later evidence overtook stand struck beside the others, with the day and the cause; none of what is read blind."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

import duckdb
import pytest

from phb_audit.cases.decisions import TO_BE_READ_RULE
from phb_audit.review.night import ShownNight
from phb_audit.review.overtaken import with_resolved
from phb_audit.settings import Settings
from tests.review.test_read_blind import words_of
from tests.review.world import CODE, desk_of, in_process, night_path, sign_in

pytestmark = pytest.mark.slow
CLEARED_ON, BECAUSE = date(2026, 10, 19), "A receipt was added."


@dataclass(frozen=True)
class Gone:
    """A flag as a night cleared it."""

    rule_id: str
    holder_id: str
    payment_id: str | None
    sentence: str
    flag_id: str = "F00000000000000aa"
    cleared_on: date = CLEARED_ON
    is_restricted: bool = False


def cleared(settings: Settings, *gone: Gone) -> None:
    """The newest night with these flags among those that nights cleared."""
    path = night_path(settings)
    path.parent.chmod(0o755)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as night:
        for one in gone:
            row = [
                one.flag_id,
                f"{CODE}-{one.cleared_on}",
                one.cleared_on,
                one.rule_id,
                one.holder_id,
                one.payment_id,
                one.sentence,
                BECAUSE,
            ]
            night.execute("INSERT INTO flagged.cleared VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)", [*row, one.is_restricted])


def found(settings: Settings, asked: str) -> tuple[Any, ...]:
    with duckdb.connect(str(night_path(settings)), read_only=True) as night:
        row = night.execute(asked).fetchone()
    assert row is not None
    return row


@pytest.fixture
def of_payment(own_settings: Settings) -> tuple[Any, ...]:
    """case_ref, case_id, holder_id and payment_id of a case about one payment."""
    return found(
        own_settings,
        "SELECT case_ref, case_id, holder_id, payment_id FROM flagged.cases WHERE case_id = left(sha256('payment|' || payment_id), 16)"
        " AND payment_id NOT IN (SELECT payment_id FROM drawn.cases WHERE payment_id IS NOT NULL) ORDER BY case_ref",
    )


def night_of(settings: Settings) -> ShownNight:
    return desk_of(settings).nights.newest()


def struck_on(settings: Settings) -> dict[str, list[str]]:
    """The sentences that every item of the night shows struck, by reference; items without one are left out."""
    night = night_of(settings)
    told = {case["case_ref"]: night.items.of(case["case_id"]).overtaken for case in night.cases}
    return {ref: [row["sentence"] for row in rows] for ref, rows in told.items() if rows}


def test_a_reason_that_was_overtaken_is_struck_with_day_and_cause_and_stands_in_the_history(
    own_settings: Settings, of_payment: tuple[Any, ...]
) -> None:
    ref, _, holder_id, payment_id = of_payment
    cleared(own_settings, Gone("E-01", holder_id, payment_id, "No receipt lies beside it."))
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "auditor")
        page = client.get(f"/purchases/{ref}").text
    struck = re.findall(r"<s>(.*?)</s>(.*?)</span>", page.split("Why this was flagged")[1].split("<h2")[0])
    assert [words_of(words) for words, _ in struck][-1] == " No longer so: No receipt lies beside it."
    assert words_of(struck[-1][1]) == " Resolved 19 October 2026: A receipt was added."
    history = words_of(page[page.index("app-timeline") :])
    assert re.search(r"Resolved 19 October 2026 [^.]+\. A receipt was added\.", history)


def test_it_is_of_the_case_about_its_payment_and_of_the_case_its_rule_decides(own_settings: Settings, of_payment: tuple[Any, ...]) -> None:
    ref, _, holder_id, payment_id = of_payment
    papers_ref, papers_holder = next(
        (case["case_ref"], case["holder_id"])
        for case in night_of(own_settings).cases
        if case["case_id"] == sha256(f"papers|{case['holder_id']}".encode()).hexdigest()[:16] and case["rule_ids"] != TO_BE_READ_RULE
    )
    cleared(
        own_settings,
        Gone("P-02", holder_id, payment_id, "Not in the plan."),
        Gone("E-01", papers_holder, "Pgone", "A paper that came.", "F00000000000000ab"),
        Gone("P-02", papers_holder, "Pgone", "Of a payment nobody asks about.", "F00000000000000ac"),
        Gone("E-01", "Hnobody", "Pgone", "Of somebody else.", "F00000000000000ad"),
    )
    assert struck_on(own_settings) == {ref: ["Not in the plan."], papers_ref: ["A paper that came."]}


def test_what_stands_again_or_is_for_another_lane_is_not_struck(own_settings: Settings, of_payment: tuple[Any, ...]) -> None:
    _, case_id, holder_id, payment_id = of_payment
    (flag_id,) = found(own_settings, f"SELECT flag_id FROM flagged.findings WHERE case_id = '{case_id}'")
    cleared(
        own_settings,
        Gone("P-02", holder_id, payment_id, "It stands again.", flag_id),
        Gone("P-02", holder_id, payment_id, "For another lane.", is_restricted=True),
    )
    assert struck_on(own_settings) == {}


def test_of_a_flag_cleared_twice_the_last_time_counts_and_of_many_the_newest_twelve(
    own_settings: Settings, of_payment: tuple[Any, ...]
) -> None:
    ref, case_id, holder_id, payment_id = of_payment
    one = Gone("P-02", holder_id, payment_id, "Not in the plan.")
    many = [replace(one, flag_id=f"F00000000000000b{number:x}") for number in range(13)]
    cleared(own_settings, one, replace(one, cleared_on=date(2026, 10, 25)), *many)
    rows = night_of(own_settings).items.of(case_id).overtaken
    assert (len(rows), rows[0]["all_count"]) == (12, 14)
    assert [row["cleared_on"] for row in rows] == [date(2026, 10, 25), *[CLEARED_ON] * 11]
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "auditor")
        assert "And 2 more reasons resolved before" in client.get(f"/purchases/{ref}").text


def test_of_a_case_that_is_read_blind_nothing_is_told(own_settings: Settings) -> None:
    kept_back = (
        "SELECT case_ref, holder_id, payment_id FROM drawn.cases WHERE case_id IN (SELECT case_id FROM flagged.cases) ORDER BY case_ref"
    )
    ref, holder_id, payment_id = found(own_settings, kept_back)
    by_chance = "SELECT holder_id, payment_id FROM drawn.cases WHERE case_id NOT IN (SELECT case_id FROM flagged.cases) ORDER BY case_ref"
    drawn_holder, drawn_payment = found(own_settings, by_chance)
    cleared(
        own_settings,
        Gone("P-02", holder_id, payment_id, "Not in the plan."),
        Gone("E-01", holder_id, payment_id, "No receipt lies beside it.", "F00000000000000ab"),
        Gone("E-01", drawn_holder, drawn_payment, "Nor beside this one.", "F00000000000000ac"),
    )
    assert struck_on(own_settings) == {}
    with in_process(desk_of(own_settings)) as client:
        sign_in(client, "clinician")
        page = client.get(f"/purchases/{ref}").text
    assert "<s>" not in page
    assert "Resolved" not in page


def test_the_history_has_a_night_after_what_was_done_on_its_day_and_before_the_next() -> None:
    def step(words: str, at: str) -> dict[str, str]:
        return {"words": words, "at": at, "by": "", "reason": "", "more": ""}

    history = [step("Third", "2026-10-20T08:00:00Z"), step("Second", "2026-10-19T16:00:00Z"), step("First", "2026-10-19T08:00:00Z")]
    row = {"title": "No receipt", "because": BECAUSE, "cleared_on": CLEARED_ON}
    told = with_resolved(history, [row, row])
    assert [one["words"] for one in told] == ["Third", "Resolved", "Second", "First"]
    assert told[1]["reason"] == "No receipt. A receipt was added."
