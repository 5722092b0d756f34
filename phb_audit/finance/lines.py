"""What take-up is held against: national aims, a line of stress, published numbers (take_up.toml), and how many people live here.

`HOME/population.toml` says, for each commissioner, how many people its rates are out of. Without it there are no rates and no aims: no
number of people is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from phb_audit.errors import UsageError
from phb_audit.settings import Settings, read_toml, shipped

NAME, POPULATION = "take_up.toml", "population.toml"
KNOWN = {"people", "words", "on", "source"}


@dataclass(frozen=True)
class Line:
    """A national aim: so many people in England by a day, counted as `counts` says."""

    code: str
    words: str
    people: int
    by_on: date
    counts: str
    england_people: int
    england_on: date

    def here(self, population: int) -> float:
        """The same share of a population here."""
        return self.people / self.england_people * population


@dataclass(frozen=True)
class Stress:
    """A line of stress: so many times in so many years."""

    words: str
    times: float
    years: float


@dataclass(frozen=True)
class Published:
    """A published number of people, England."""

    quarter: str
    on: date
    people: int
    counts: str
    note: str


@dataclass(frozen=True)
class Population:
    """How many people rates are out of: the denominator, in words, on which day, by whom."""

    people: int
    words: str
    on: date
    source: str


@cache
def _file() -> dict[str, Any]:
    return read_toml(shipped("reference") / NAME)


def lines() -> tuple[Line, ...]:
    """The national aims."""
    return tuple(Line(**told) for told in _file()["line"])


def stress() -> Stress:
    """The line of stress."""
    return Stress(**_file()["stress"])


def published() -> tuple[Published, ...]:
    """The published numbers, oldest first."""
    return tuple(Published(**told) for told in _file()["published"])


def population(settings: Settings, commissioner_code: str) -> Population | None:
    """What HOME/population.toml says of the commissioner; None where it says nothing. Raises UsageError where it cannot be used."""
    path = settings.home / POPULATION
    told = read_toml(path).get(commissioner_code) if path.exists() else None
    if told is None:
        return None
    fits = isinstance(told, dict) and set(told) == KNOWN and type(told["people"]) is int and told["people"] > 0
    if not fits or type(told["on"]) is not date or not all(isinstance(told[name], str) and told[name] for name in ("words", "source")):
        raise UsageError(
            f"{POPULATION} says of {commissioner_code} what cannot be used.",
            do="Give people (a whole number), words (who is counted), on (a day, as 2026-04-01) and source.",
        )
    return Population(**told)
