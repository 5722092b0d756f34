"""Pages take turns: one is worked out at a time, and none keeps the others waiting while it waits for the disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from phb_audit.review.app import PAGES
from phb_audit.review.guard import Page
from phb_audit.review.turns import Turns

PATIENCE = 20


def begun(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.001)


def test_one_works_at_a_time() -> None:
    turns, at_once, most = Turns(), 0, 0
    counted = threading.Lock()

    def work() -> None:
        nonlocal at_once, most
        for _ in range(50):
            with turns.taken():
                with counted:
                    at_once += 1
                    most = max(most, at_once)
                time.sleep(0)
                with counted:
                    at_once -= 1

    for thread in [begun(work) for _ in range(6)]:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert most == 1


def test_whoever_came_first_is_first_and_whoever_had_begun_comes_before_them() -> None:
    turns, told = Turns(), []
    disk, waits = threading.Event(), threading.Event()

    def began_and_waits() -> None:
        with turns.taken():
            with turns.let_go():
                waits.set()
                disk.wait(PATIENCE)
            told.append("had begun")

    def comes(name: str) -> Callable[[], None]:
        def work() -> None:
            with turns.taken():
                told.append(name)

        return work

    early = begun(began_and_waits)
    waits.wait(PATIENCE)
    with turns.taken():
        others = []
        for number, name in enumerate(("first", "second")):
            others.append(begun(comes(name)))
            until(lambda expected=number + 1: len(turns._waiting) == expected)  # type: ignore[misc]
        disk.set()
        until(lambda: len(turns._returning) == 1)
    for thread in (early, *others):
        thread.join(PATIENCE)
    assert told == ["had begun", "first", "second"]


def test_others_work_while_one_waits_for_the_disk() -> None:
    turns, disk, waits = Turns(), threading.Event(), threading.Event()

    def waits_for_the_disk() -> None:
        with turns.taken(), turns.let_go():
            waits.set()
            disk.wait(PATIENCE)

    slow = begun(waits_for_the_disk)
    waits.wait(PATIENCE)
    answered = threading.Event()

    def quick() -> None:
        with turns.taken():
            answered.set()

    begun(quick).join(PATIENCE)
    assert answered.is_set()
    assert slow.is_alive()
    disk.set()
    slow.join(PATIENCE)
    assert not slow.is_alive()


def test_an_error_hands_the_turn_on() -> None:
    turns = Turns()
    for _ in range(2):
        try:
            with turns.taken(), turns.let_go():
                raise OSError
        except OSError:
            continue
    with turns.taken():
        assert turns._is_taken
    assert not turns._is_taken


def test_without_a_turn_there_is_none_to_let_go_of() -> None:
    turns = Turns()
    with turns.let_go():
        assert not turns._is_taken
    assert not turns._is_taken


def test_what_writes_or_takes_long_takes_no_turns() -> None:
    assert Page("queue", "/purchases", lambda visit: visit.sent_to("/")).takes_turns
    assert not Page("decide", "/decide", lambda visit: visit.sent_to("/"), "POST").takes_turns
    assert not Page("log", "/log", lambda visit: visit.sent_to("/"), takes_long=True).takes_turns


def test_no_page_that_asks_the_provider_keeps_others_waiting() -> None:
    asks = {page.name: page for page in PAGES if page.handler.__module__.startswith("phb_audit.review.provider")}
    assert asks.keys() >= {"go_to_provider", "come_back"}
    assert not any(page.takes_turns for page in asks.values())
