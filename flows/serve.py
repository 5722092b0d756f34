"""The timetable: one deployment a commissioner, each with its own cron in London time, never two nights of one at once.

python -m flows.serve timetable.toml                    # schedules and runs the nights in this process
python -m flows.serve timetable.toml --work-pool nights # hands them to a Prefect work pool instead
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron

from flows.committee import committee_flow
from flows.learn import learn_flow
from flows.nightly import night_flow
from phb_audit.errors import UsageError
from phb_audit.fetched.named import named_sources
from phb_audit.settings import read_toml

KNOWN = {
    "cron",
    "learn_cron",
    "committee_cron",
    "form",
    "programme",
    "dashboards",
    "inbox",
    "home",
    "accounts_stand_in",
    "without_feeds",
    "mappings",
    "fetch",
}
COMMITTEE = ("form", "programme", "dashboards")
LONDON = "Europe/London"


@dataclass(frozen=True)
class Entry:
    """One commissioner of the timetable."""

    commissioner_code: str
    cron: str
    parameters: dict[str, Any]
    learn_cron: str | None = None
    committee_cron: str | None = None
    committee: dict[str, Any] = field(default_factory=dict)


def read_timetable(path: Path) -> list[Entry]:
    """The commissioners of a timetable file. Raises UsageError for a missing or unknown key, naming it."""
    entries = []
    for code, given in read_toml(path).get("commissioner", {}).items():
        if unknown := set(given) - KNOWN:
            raise UsageError(f"{path.name}: commissioner {code} has unknown keys {sorted(unknown)}.", do=f"Known keys: {sorted(KNOWN)}.")
        if missing := {"cron", "inbox", "home"} - set(given):
            raise UsageError(f"{path.name}: commissioner {code} lacks {sorted(missing)}.", do="Add them and start again.")
        if "fetch" in given:
            named_sources(Path(given["fetch"]))  # a mistake in it is told now, not at half past one
        apart = {"cron", "learn_cron", "committee_cron", *COMMITTEE}
        parameters = {"commissioner_code": code} | {key: value for key, value in given.items() if key not in apart}
        committee = {key: value for key, value in given.items() if key in COMMITTEE}
        entries.append(Entry(code, given["cron"], parameters, given.get("learn_cron"), given.get("committee_cron"), committee))
    if not entries:
        raise UsageError(f"{path.name} names no commissioner.", do="Add a table such as [commissioner.QZZ] with cron, inbox and home.")
    return entries


def deployment_of(entry: Entry, *, work_pool: str | None = None) -> RunnerDeployment:
    """Prefect's deployment for one commissioner; a night that is still running keeps the next one from starting."""
    return night_flow.to_deployment(
        name=f"night-{entry.commissioner_code}",
        schedules=[Cron(entry.cron, timezone=LONDON)],
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        parameters=entry.parameters,
        tags=["phb_audit"],
        work_pool_name=work_pool,
    )


def committee_of(entry: Entry, *, work_pool: str | None = None) -> RunnerDeployment | None:
    """Prefect's deployment of a commissioner's packs; None where the timetable names no `committee_cron`."""
    if entry.committee_cron is None:
        return None
    return committee_flow.to_deployment(
        name=f"committee-{entry.commissioner_code}",
        schedules=[Cron(entry.committee_cron, timezone=LONDON)],
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        parameters={"commissioner_code": entry.commissioner_code, "home": entry.parameters["home"], **entry.committee},
        tags=["phb_audit"],
        work_pool_name=work_pool,
    )


def learning_of(entry: Entry, *, work_pool: str | None = None) -> RunnerDeployment | None:
    """Prefect's deployment of a commissioner's weekly learning; None where the timetable names no `learn_cron`."""
    if entry.learn_cron is None:
        return None
    return learn_flow.to_deployment(
        name=f"learn-{entry.commissioner_code}",
        schedules=[Cron(entry.learn_cron, timezone=LONDON)],
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        parameters={"commissioner_code": entry.commissioner_code, "home": entry.parameters["home"]},
        tags=["phb_audit"],
        work_pool_name=work_pool,
    )


def main() -> None:
    """Read the timetable and serve it until stopped, or register it with a work pool."""
    parser = argparse.ArgumentParser(prog="python -m flows.serve", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("timetable", type=Path)
    parser.add_argument("--work-pool", help="name of a Prefect work pool; without it the nights run in this process")
    parser.add_argument("--at-once", type=int, default=1, help="how many commissioners' nights may run at the same time (default 1)")
    given = parser.parse_args()
    entries = read_timetable(given.timetable)
    deployments = [deployment_of(entry, work_pool=given.work_pool) for entry in entries]
    for seldom in (learning_of, committee_of):
        deployments += [made for entry in entries if (made := seldom(entry, work_pool=given.work_pool))]
    if given.work_pool:
        for deployment in deployments:
            deployment.apply()
    else:
        serve(*deployments, limit=given.at_once)


if __name__ == "__main__":
    main()
