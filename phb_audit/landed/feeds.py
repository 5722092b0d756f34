"""Who is late: for each feed that is expected, the latest day its rows speak of, and whether that is too long ago."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from phb_audit.landed.contents import iso_days
from phb_audit.run import Run
from phb_audit.sources.feeds import Feed
from phb_audit.tables.landed import FEEDS as TABLE
from phb_audit.warehouse import sql

PROVIDER, AGENT = "the account provider", "the payroll or managed-account agent"
FINANCE, HEALTHCARE, SUPPORT = "the commissioner's finance team", "the continuing healthcare team", "the holder or their support service"

# Feed: who sends it, and how many days may pass between two days it speaks of.
EXPECTED: dict[str, tuple[str, int]] = {
    "bank": (PROVIDER, 35),
    "card": (PROVIDER, 7),
    "managed": (AGENT, 35),
    "payroll": (AGENT, 35),
    "notional": (FINANCE, 35),
    "budgets": (FINANCE, 400),
    "instalments": (FINANCE, 35),
    "receipts": (SUPPORT, 35),
    "plans": (HEALTHCARE, 400),
    "plan_outcomes": (HEALTHCARE, 400),
    "plan_lines": (HEALTHCARE, 400),
    "people": (HEALTHCARE, 400),
    "holder_events": (HEALTHCARE, 400),
    "support_records": (SUPPORT, 400),
    "visits": (SUPPORT, 100),
    "monitoring_returns": (SUPPORT, 130),
    "contracts": (FINANCE, 100),
    "council_claims": (FINANCE, 400),
    "outcome_records": (HEALTHCARE, 400),
}
# Nobody has to send these; once they came they are expected again.
WHERE_KEPT = frozenset({"support_records", "visits", "monitoring_returns", "contracts", "council_claims", "outcome_records"})
OF_ACCOUNTS = frozenset({"bank", "card", "managed", "notional"})


def latest_day(feed: Feed, cells: pl.DataFrame, as_of: date) -> date | None:
    """The latest day, not after the night's, that cells speak of; a register without days of its own speaks of the night's day."""
    if not feed.days:
        return as_of if cells.height else None
    found = [latest_in(cells[name], as_of) for name in feed.days]
    return max((on for on in found if on), default=None)


def latest_in(texts: pl.Series, as_of: date) -> date | None:
    """The latest day of a column of date texts that is not after the night's; each distinct day is read once."""
    days = texts.unique().drop_nulls()
    if days.str.contains(":", literal=True).any():
        days = days.str.replace(r"[T ]\d{1,2}:.*$", "").unique()
    on = iso_days(days).drop_nulls()
    latest = on.filter(on <= as_of.isoformat()).max()
    return date.fromisoformat(str(latest)) if latest else None


def judged(run: Run, tonight: dict[str, date]) -> pl.DataFrame:
    """Rows of landed.feeds. `tonight` is the latest day of tonight's rows by feed; earlier nights are read from the warehouse."""
    earlier = run.warehouse.frame(sql(__file__, "earlier_feeds"), {"run_id": run.run_id, "as_of": run.as_of})
    known: dict[str, date] = dict(earlier.select("feed_code", "last_data_on").rows())
    kinds = set(run.warehouse.frame(sql(__file__, "account_kinds"))["kind_code"].to_list())
    latest = {feed: max(on for on in (known.get(feed), tonight.get(feed)) if on) for feed in {*known, *tonight}}
    latest |= looked_up(run, [feed for feed, on in latest.items() if is_late(run, feed, on)])
    rows = [
        {
            "run_id": run.run_id,
            "feed_code": feed,
            "owner": owner,
            "last_data_on": latest.get(feed),
            "usual_days": usual_days,
            "is_late": feed not in latest or is_late(run, feed, latest[feed]),
        }
        for feed, (owner, usual_days) in sorted(EXPECTED.items())
        if is_expected(run, feed, latest, kinds)
    ]
    return pl.DataFrame(rows, schema=TABLE.polars_schema)


def is_late(run: Run, feed: str, latest: date) -> bool:
    """True when the latest day is longer ago than the feed's usual days."""
    return (run.as_of - latest).days > EXPECTED[feed][1]


def looked_up(run: Run, feeds: list[str]) -> dict[str, date]:
    """The latest day in the landed rows themselves, for feeds that seem late.

    An earlier night only counts days up to its own; rows it landed may speak of later days, which have come to pass since.
    """
    days = run.warehouse.frame(sql(__file__, "days_of_feeds"), {"feeds": feeds}) if feeds else pl.DataFrame()
    found = {feed: latest_in(days.filter(pl.col("feed_code") == feed)["day_text"], run.as_of) for feed in feeds}
    return {feed: on for feed, on in found.items() if on}


def is_expected(run: Run, feed: str, seen: Iterable[str], kinds: set[str]) -> bool:
    """A feed somebody ought to send: seen before, or of accounts that a budget names, or (with people in the files) any other."""
    if feed in run.without_feeds:
        return False
    if feed in seen:
        return True
    return feed not in WHERE_KEPT and not run.stand_in_holders and (feed not in OF_ACCOUNTS or feed in kinds)
