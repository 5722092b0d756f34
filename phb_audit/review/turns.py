"""Whose turn it is to work: one page at a time, in the order they came, and never while it waits for the disk.

Two pages that are worked out at the same time take the processor twice as long together as one after the other: threads of one process
hand one lock to and fro with every small thing they ask of a database.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock that is handed on to whoever has waited longest; a thread that has it can let go of it for a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Event] = deque()
        self._returning: deque[threading.Event] = deque()  # they had begun
        self._own = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Work while it is this thread's turn."""
        self._take(first=False)
        try:
            yield
        finally:
            self._hand_on()

    @contextmanager
    def let_go(self) -> Iterator[None]:
        """Wait for something while others work; whoever had begun comes before those who have not. Without a turn, nothing happens."""
        if not getattr(self._own, "has_turn", False):
            yield
            return
        self._hand_on()
        try:
            yield
        finally:
            self._take(first=True)

    def _take(self, *, first: bool) -> None:
        mine = threading.Event()
        with self._lock:
            if self._is_taken:
                (self._returning if first else self._waiting).append(mine)
            else:
                self._is_taken = True
                mine.set()
        mine.wait()
        self._own.has_turn = True

    def _hand_on(self) -> None:
        self._own.has_turn = False
        with self._lock:
            if following := self._returning or self._waiting:
                following.popleft().set()
            else:
                self._is_taken = False


TURNS = Turns()  # of this process
