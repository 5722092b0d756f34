"""What is for one lane's reader alone, as its pages read it: from the warehouse itself, for nothing of it is published.

It is read once a night, in the moment the warehouse is open, and kept in this process; while a night holds the warehouse, what was
read before stands. Nothing of a lane is in the shared log: who looked is kept in a log of the lane's own.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from phb_audit.cases import lane_cases
from phb_audit.cases.casebook import Event
from phb_audit.cases.decisions import SeenCase
from phb_audit.cases.lane_cases import LaneStanding, has_news, lane_events, standings
from phb_audit.cases.lane_moves import OVER, READERS, STATES
from phb_audit.cases.seen import seen_of
from phb_audit.errors import NightAlreadyRunning
from phb_audit.reports.lane_page import read_lane
from phb_audit.review.night import ShownNight
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

LANE_OF = {role: lane for lane, (role, _) in READERS.items()}


@dataclass(frozen=True)
class LaneCase:
    """A case of a lane: its row, its flags, and what a decision on it keeps as seen."""

    told: Mapping[str, Any]
    flags: tuple[dict[str, Any], ...]
    seen: SeenCase

    @property
    def ref(self) -> str:
        """Its reference."""
        return self.seen.case_ref


@dataclass(frozen=True)
class LaneNight:
    """A lane as the night left it."""

    stories: tuple[dict[str, Any], ...]
    cases: tuple[LaneCase, ...]


@dataclass(frozen=True)
class StandingCase:
    """A case of a lane and where it stands today."""

    case: LaneCase
    standing: LaneStanding
    has_news: bool

    @property
    def is_over(self) -> bool:
        """Its reader has finished with it, and nothing is new."""
        return self.standing.state_code in OVER and not self.has_news

    @property
    def words(self) -> str:
        """Where it stands."""
        told = STATES[self.standing.state_code] + (f", to {self.standing.handed_to}" if self.standing.handed_to else "")
        return f"{told}; something is new since" if self.has_news else told


class Lanes:
    """Both lanes of the newest night."""

    def __init__(self, settings: Settings, commissioner_code: str) -> None:
        self.settings, self.commissioner_code = settings, commissioner_code
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[ShownNight, LaneNight]] = {}

    def night(self, lane: str, newest: ShownNight) -> LaneNight:
        """The lane as of that night. Raises NightAlreadyRunning where a night holds the warehouse and nothing was read before."""
        with self._lock:
            kept = self._kept.get(lane)
            if kept is not None and kept[0] is newest:
                return kept[1]
            try:
                read = self._read(lane)
            except NightAlreadyRunning:
                if kept is None:
                    raise
                return kept[1]
            self._kept[lane] = (newest, read)
            return read

    def events(self, lane: str) -> list[Event]:
        """What was decided in the lane."""
        return lane_events(self.settings, self.commissioner_code, lane)

    def cases(self, lane: str, newest: ShownNight, today: date) -> list[StandingCase]:
        """The lane's cases as they stand, in its order; those that are over last."""
        stand = standings(self.events(lane), today)
        found = []
        for case in self.night(lane, newest).cases:
            standing = stand.get(case.seen.case_id, LaneStanding())
            found.append(StandingCase(case, standing, has_news(standing, case.flags)))
        return sorted(found, key=lambda one: one.is_over)

    def _read(self, lane: str) -> LaneNight:
        warehouse = Warehouse(self.settings.warehouse_path(self.commissioner_code), read_only=True)
        try:
            found = read_lane(warehouse, lane)
            cases = []
            for told in found["cases"].to_dicts():
                asked = {"case_id": told["case_id"], "lane": lane}
                seen = seen_of(told, warehouse.frame(sql(lane_cases.__file__, "lane_flags"), asked).to_dicts())
                flags = [flag for flag in found["flags"].to_dicts() if flag["case_id"] == told["case_id"]]
                cases.append(LaneCase(told, tuple(flags), seen))
            return LaneNight(tuple(found["stories"].to_dicts()), tuple(cases))
        finally:
            warehouse.close()
