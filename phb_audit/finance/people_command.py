"""What `phb-audit finance people` answers: the two counts, rates, growth, the forecast and how such forecasts did, in words or as JSON."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from phb_audit.errors import CLEAN
from phb_audit.finance import growth, lines
from phb_audit.finance.command import Say, opened, period_of
from phb_audit.finance.people import Register, counts, people_on
from phb_audit.finance.register import Question, growth_asked
from phb_audit.periods import plain_day
from phb_audit.settings import Settings

PER = (50_000, 100_000)


def tell_people(settings: Settings, commissioner_code: str, *, last: date | None, as_json: bool, say: Say) -> int:
    """Who has a budget on a day (by default the newest night's)."""
    with opened(settings, commissioner_code) as warehouse:
        period = period_of(warehouse, None, last)
        register = Register.read(warehouse, period.last)
        told = counts(people_on(register, period.last), period.last)
        table = growth_asked(Question(warehouse, period)).to_dicts()
        check = growth.forecast_check(growth.Series.of(register, period.last)).to_dicts()
    population = lines.population(settings, commissioner_code)
    answer = told | {"rates": _rates(told, population), "growth": table, "past_forecasts": check}
    say(json.dumps(answer, default=str, indent=1) if as_json else _in_words(told, population, table, check))
    return CLEAN


def _rates(told: dict[str, Any], population: lines.Population | None) -> dict[str, object] | None:
    """Rates with their denominator named; None where nobody said how many people live here."""
    if population is None:
        return None
    rates = {
        f"{name}_per_{per}": round(told[f"{name}_count"] / population.people * per, 1) for name in ("active", "year_to_date") for per in PER
    }
    return rates | {"out_of": population.people, "who": population.words, "on": population.on, "source": population.source}


def _in_words(told: dict[str, Any], population: lines.Population | None, table: list[dict[str, Any]], check: list[dict[str, Any]]) -> str:
    day = plain_day(told["last_on"])
    said = [
        f"{told['quarter']}, on {day}. Two counts that are never added:",
        f"  people of the year to date, since 1 April: {told['year_to_date_count']:,} ({told['new_count']:,} without a budget on 31 March)",
        f"  people active on the day: {told['active_count']:,}",
    ]
    if told["left_out_count"]:
        said.append(f"  open in the register but in neither: {told['left_out_count']:,} (wheelchair without a yearly review, old one-off)")
    if population is None:
        said.append("No rates and no aims: population.toml does not say how many people live here.")
    else:
        said += _of_population(told, population)
    now = next(row for row in table[::-1] if not row["is_forecast"])
    shares = (("on the quarter", "quarter_growth"), ("on the year", "year_growth"), ("of the year to date", "year_to_date_growth"))
    said += [f"Growth {words}: {now[name]:+.1%}" for words, name in shares if now[name] is not None]
    said += [
        f"Forecast {plain_day(row['last_on'])}: {row['active']:,.0f} active (95% interval {row['lower']:,.0f} to {row['upper']:,.0f}); "
        f"line of stress {row['stress']:,.0f}"
        for row in table
        if row["is_forecast"]
    ]
    due, inside = (sum(row[name] for row in check) for name in ("forecasts_count", "inside_count"))
    said.append(
        f"Past forecasts that came due: {due}; the interval held {inside}."
        if due
        else "Too few quarters to forecast, or to test a forecast on."
    )
    return "\n".join(said)


def _of_population(told: dict[str, Any], population: lines.Population) -> list[str]:
    said = [f"Out of {population.people:,} {population.words} on {plain_day(population.on)} ({population.source}):"]
    for name, words in (("active", "active"), ("year_to_date", "year to date")):
        each = [f"{told[f'{name}_count'] / population.people * per:,.1f} per {per:,}" for per in PER]
        said.append(f"  {words}: {' = '.join(each)}")
    said += [f"  {aim.words}: {aim.here(population.people):,.0f} here, year to date" for aim in lines.lines()]
    return said
