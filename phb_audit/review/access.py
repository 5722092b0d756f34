"""The log of who saw what, as many pages at once write it: whoever waits for the disk is written together with the others who wait.

A page is shown when its event is on the disk, as before; twenty pages wait for one writing of it, and not each for its own.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from phb_audit.cases.casebook import Casebook, Entry, Event


@dataclass
class _Waiting:
    entry: Entry
    added: list[Event] | None = None
    error: Exception | None = field(default=None)


class AccessLog(Casebook):
    """A casebook whose writers of one process share transactions."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._waiting: list[_Waiting] = []

    def append(self, kind_code: str, bodies: Sequence[dict[str, Any]], *, by: str, at: datetime | None = None) -> list[Event]:
        """As a casebook's. What hinders a transaction hinders all in it, and each of them is told."""
        own = _Waiting(Entry.made(kind_code, bodies, by=by, at=at))
        with self._lock:
            self._waiting.append(own)
        with self._writing:
            if own.added is None and own.error is None:
                self._write_waiting()
        if own.error is not None:
            raise own.error
        return own.added or []

    def _write_waiting(self) -> None:
        with self._lock:
            together, self._waiting = self._waiting, []
        try:
            for one, added in zip(together, self.append_together([one.entry for one in together]), strict=True):
                one.added = added
        except Exception as error:
            for one in together:
                one.error = error
