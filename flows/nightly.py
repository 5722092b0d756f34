"""The night: one flow, the stages in order. This is the only place that says in which order they run.

Without Prefect: `run_plain(night)`. With it: `night_flow(...)`, against Prefect's own small server when none is set, or the
server or work pool that `PREFECT_API_URL` names. Prefect's database is never the audit trail; the warehouse's `nights` schema is.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import flow_run
from prefect.tasks import Task

from expectations import all_suites
from phb_audit import classified, flagged, landed, matched, published, validated
from phb_audit.assurance import random_arm, shown, watch
from phb_audit.cases import carried
from phb_audit.errors import PhbAuditError
from phb_audit.fetched.fetch import Fetched
from phb_audit.fetched.kept import fetch_before_night, in_words
from phb_audit.flagged import clearing_night, detected, ranking
from phb_audit.night import Night, begin, mark, only_one, problem_of, unfinished
from phb_audit.reports.flagged_items import build_report
from phb_audit.reports.quality import build_quality
from phb_audit.run import Run, StageTotals

log = logging.getLogger("phb_audit.night")
LONDON = ZoneInfo("Europe/London")
FOUR_HOURS = 4 * 60 * 60
Tell = Callable[[str, str, float], None]


def silent(stage: str, words: str, seconds: float) -> None:
    """Tell nobody."""


# Who hears of a stage that ends. Not a parameter of the flow: Prefect writes its parameters down.
TELL: ContextVar[Tell] = ContextVar("tell", default=silent)


def then_checked(build: Callable[[Run], StageTotals], schema: str) -> Callable[[Run], StageTotals]:
    """A stage followed by the suites of its tables: what it wrote must hold, or the night stops and nothing is published."""

    def stage(run: Run) -> StageTotals:
        totals = build(run)
        validated.check_afterwards(run, all_suites(), schema)
        return totals

    return stage


def matched_by_likeness(run: Run) -> StageTotals:
    """Matching, with the classifier's table to hear words no table of goals lists."""
    from phb_audit.cases.goal_likeness import hearing

    return matched.build(run, hearing())


STAGES: dict[str, Callable[[Run], StageTotals]] = {
    "landed": landed.build,
    "validated": lambda run: validated.build(run, all_suites()),
    "decided": carried.build,
    "classified": then_checked(classified.build, "classified"),
    "matched": then_checked(matched_by_likeness, "matched"),
    "flagged": then_checked(flagged.build, "flagged"),
    "detected": detected.build,
    "ranked": lambda run: ranking.build(run, detected.signals(run.warehouse)),
    "clearing": clearing_night.build,
    "watched": watch.build,
    "drawn": random_arm.build,
    "shown": shown.build,
    "published": published.build,
}


@dataclass(frozen=True)
class Finished:
    """What a finished night leaves: its books, how long each stage took, and where its pages are."""

    run_id: str
    totals: tuple[StageTotals, ...]
    seconds: dict[str, float]
    report: Path
    quality_page: Path
    quality_workbook: Path


def run_stage(night: Night, stage: str) -> StageTotals:
    """One stage of one night, on its own connection: all that a task runner has to carry is the night and a name."""
    with night.opened() as run:
        mark(run, state="running", stage=stage)
        return STAGES[stage](run)


def write_pages(night: Night) -> tuple[Path, Path, Path]:
    """The pages people read: the flagged-item report, the data-quality page and its workbook."""
    with night.opened() as run:
        mark(run, state="running", stage="reports")
        report = build_report(run)
        page, workbook = build_quality(run)
    return report, page, workbook


def run_plain(
    night: Night,
    *,
    stage_runner: Callable[[Night, str], StageTotals] = run_stage,
    page_writer: Callable[[Night], tuple[Path, Path, Path]] = write_pages,
    tell: Tell = silent,
) -> Finished:
    """The night without Prefect around it; Prefect's flow is this with its tasks as the runners.

    `tell(stage, words, seconds)` is called as each stage ends. A night that fails is written down as failed, with what to do. Nights
    before it that were begun and never published are run again first.
    """
    with only_one(night), night.opened() as run:
        earlier = unfinished(run)
    for day in earlier:
        log.info("%s: the night of %s was not finished; it is run again first", night.run_id, day)
        run_plain(replace(night, as_of=day), stage_runner=stage_runner, page_writer=page_writer, tell=tell)
    totals: list[StageTotals] = []
    seconds: dict[str, float] = {}
    with only_one(night):
        with night.opened() as run:
            begin(run)
        stage = "start"
        try:
            for stage in STAGES:
                began = time.monotonic()
                totals.append(stage_runner(night, stage))
                seconds[stage] = time.monotonic() - began
                tell(stage, summary(totals[-1]), seconds[stage])
            stage, began = "reports", time.monotonic()
            report, page, workbook = page_writer(night)
            seconds[stage] = time.monotonic() - began
            tell(stage, "", seconds[stage])
        except BaseException as error:
            with night.opened() as run:
                mark(run, state="failed", stage=stage, problem=problem_of(error))
            raise
        with night.opened() as run:
            mark(run, state="published", stage="published", rules_version=flagged.rules_version(night.commissioner_code, night.settings))
    return Finished(night.run_id, tuple(totals), seconds, report, page, workbook)


def summary(totals: StageTotals) -> str:
    """The books of a stage in one line for a terminal."""
    return ", ".join(f"{total.rows:,} {total.item}" for total in totals.totals if total.side == "out")


def worth_another_try(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """True for errors of the machine (a full disk, a lost share); what the data or a setting caused stays so on a second try."""
    return not isinstance(state.result(raise_on_failure=False), PhbAuditError)


stage_task = task(run_stage, name="stage", task_run_name="{stage}", retries=2, retry_delay_seconds=20, retry_condition_fn=worth_another_try)
pages_task = task(write_pages, name="pages", retries=1, retry_delay_seconds=20, retry_condition_fn=worth_another_try)


@task(name="fetched")
def fetched_task(night: Night, sources: Path) -> list[Fetched]:
    """New files from the sources a settings file names; one that is down is tried again, and the night goes on without it."""
    told = fetch_before_night(night.settings, night.commissioner_code, sources, night.inbox, datetime.now(LONDON))
    for one in told:
        (log.warning if one.problem else log.info)("%s", in_words(one))
    return told


def name_of_run() -> str:
    """'<commissioner>-<as_of>', also where a schedule leaves the day to the flow."""
    parameters = flow_run.parameters
    return f"{parameters['commissioner_code']}-{_day(parameters.get('as_of'))}"


@flow(name="night", flow_run_name=name_of_run, timeout_seconds=FOUR_HOURS, validate_parameters=False)
def night_flow(
    commissioner_code: str,
    inbox: str,
    home: str,
    as_of: date | None = None,
    accounts_stand_in: bool = False,
    without_feeds: tuple[str, ...] = (),
    mappings: tuple[str, ...] = (),
    fetch: str | None = None,
) -> Finished:
    """One commissioner's night; `as_of` is today in London when a schedule starts it. `fetch`: settings file of the sources to take new
    files from first; nobody is called without it."""
    night = Night(
        commissioner_code,
        _day(as_of),
        Path(inbox),
        Path(home),
        accounts_stand_in=accounts_stand_in,
        without_feeds=tuple(without_feeds),
        mappings=tuple(Path(mapping) for mapping in mappings),
    )
    told = fetched_task(night, Path(fetch)) if fetch else []
    finished = run_plain(night, stage_runner=stage_task, page_writer=pages_task, tell=TELL.get())
    words = night_in_words(finished, told)
    create_markdown_artifact(key=f"night-{commissioner_code.lower()}", markdown=words, description=finished.run_id)
    return finished


def _day(given: date | str | None) -> date:
    if given is None:
        return datetime.now(LONDON).date()
    return given if isinstance(given, date) else date.fromisoformat(given)


def night_in_words(finished: Finished, told: Sequence[Fetched] = ()) -> str:
    """What was fetched, the night's books and the link to its report, as Prefect shows them."""
    lines = [f"# Night {finished.run_id}", "", f"Report: [{finished.report.name}]({finished.report.as_uri()})", ""]
    lines += [*(f"* {in_words(one)}" for one in told), ""] if told else []
    lines += ["| stage | side | what | rows | pence |", "|---|---|---|---:|---:|"]
    for stage in finished.totals:
        lines += [f"| {stage.stage} | {t.side} | {t.item} | {t.rows:,} | {t.pence:,} |" for t in stage.totals]
    return "\n".join(lines)


def run_from_command_line(night: Night, *, with_prefect: bool, tell: Tell) -> Finished:
    """What `phb-audit run` calls, through the entry point `phb_audit.night`."""
    if not with_prefect:
        return run_plain(night, tell=tell)
    started = partial(
        night_flow,
        night.commissioner_code,
        str(night.inbox),
        str(night.home),
        night.as_of,
        night.accounts_stand_in,
        night.without_feeds,
        tuple(str(mapping) for mapping in night.mappings),
    )
    told = TELL.set(tell)
    try:
        finished: Finished = started()
    finally:
        TELL.reset(told)
    return finished
