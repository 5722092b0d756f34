"""The command line. Each command says what it does in one line of help; work and heavy imports happen inside the commands.

Exit codes: 0 clean, 1 finished with data-quality warnings, 2 usage, 3 data refused, 4 the run failed. With `--json` one
object goes to standard output; everything else goes to standard error.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

import phb_audit
from phb_audit.cli.asking import explain, report
from phb_audit.cli.cases import case, casebook, verify_log
from phb_audit.cli.exceptions import exception
from phb_audit.cli.fetching import fetch
from phb_audit.cli.finance import finance
from phb_audit.cli.models import model
from phb_audit.cli.options import Home, Json, KnownOn, day_of, one_commissioner, say, settings_for
from phb_audit.cli.packs import bi, pack
from phb_audit.cli.papers import account, pair, read_receipt
from phb_audit.cli.plans import plan
from phb_audit.cli.prices import price_drift
from phb_audit.cli.repayment import repayment_pack
from phb_audit.cli.returns import national_return
from phb_audit.cli.review import review, user
from phb_audit.cli.rules import rules
from phb_audit.cli.simulating import simulate_review
from phb_audit.errors import CLEAN, FAILED, WARNINGS, PhbAuditError, UsageError
from phb_audit.progress import note, progress
from phb_audit.settings import Settings, shipped

if TYPE_CHECKING:
    from phb_audit.night import Night
    from phb_audit.reports.status import CommissionerStatus

app = App(
    name="phb-audit",
    help="Audits how personal health budgets are spent: which payments need a look, and why.",
    version=phb_audit.__version__,
)
for group in (case, casebook, exception, finance, model, plan, rules, user):
    app.command(group)
app.command(bi)
app.command(pack)
app.command(account)
app.command(pair)
app.command(explain)
app.command(report)
app.command(fetch)
app.command(national_return, name="return")
app.command(read_receipt)
app.command(repayment_pack)
app.command(review)
app.command(simulate_review)
app.command(price_drift)
app.command(verify_log)


@app.command
def run(
    *,
    inbox: Annotated[Path | None, Parameter(help="Folder with one folder per commissioner (default: HOME/inbox).")] = None,
    commissioner: Annotated[list[str] | None, Parameter(help="Code of a commissioner; may be given again (default: every folder).")] = None,
    as_of: Annotated[str | None, Parameter(help="The day the night looks at, YYYY-MM-DD (default: today in London).")] = None,
    home: Home = None,
    without: Annotated[list[str] | None, Parameter(help="A feed to leave out tonight; may be given again.")] = None,
    mapping: Annotated[list[Path] | None, Parameter(help="A mapping file (TOML) that adds a layout; may be given again.")] = None,
    accounts_stand_in: Annotated[bool, Parameter(help="Let an account without a budget stand in for its holder.", negative="")] = False,
    plain: Annotated[bool, Parameter(help="Run without Prefect.", negative="")] = False,
    as_json: Json = False,
    debug: Annotated[bool, Parameter(help="Log what each stage does, and show the trace of an error.", negative="")] = False,
) -> int:
    """Run the night: files in, flagged-item report out."""
    from phb_audit.night import Night
    from phb_audit.reports.status import found_in_words, in_words
    from phb_audit.sources.feeds import FEEDS

    if debug:
        logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    settings = settings_for(home)
    if unknown := sorted(set(without or ()) - FEEDS.keys()):
        raise UsageError(f"--without {unknown[0]!r} is no feed.", do=f"The feeds are {', '.join(sorted(FEEDS))}.")
    top = (inbox or settings.home / "inbox").resolve()
    nights = [
        Night(
            code,
            day_of(as_of),
            top / code,
            settings.home,
            accounts_stand_in=accounts_stand_in,
            without_feeds=tuple(without or ()),
            mappings=tuple(path.resolve() for path in mapping or ()),
        )
        for code in commissioner or commissioners_in(top)
    ]
    statuses = [run_one(night, with_prefect=not plain, debug=debug) for night in nights]
    if as_json:
        say(json.dumps({"nights": [status.as_dict for status in statuses]}, default=str, indent=1))
    else:
        say("\n".join(f"{in_words(status)}\n{found_in_words(status)}" for status in statuses))
    return WARNINGS if any(status.attention for status in statuses) else CLEAN


def commissioners_in(inbox: Path) -> list[str]:
    """The folders of an inbox. Raises UsageError when it is absent or holds none."""
    if not inbox.is_dir():
        raise UsageError(f"The inbox {inbox} is not a folder.", do="Make it, with one folder per commissioner, or give --inbox.")
    codes = sorted(path.name for path in inbox.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not codes:
        raise UsageError(f"The inbox {inbox} has no commissioner's folder.", do="Put the files in a folder named after its code.")
    return codes


def run_one(night: Night, *, with_prefect: bool, debug: bool = False) -> CommissionerStatus:
    """Run one commissioner's night and say what it found."""
    from phb_audit.reports.status import status_of

    if not night.inbox.is_dir():
        raise UsageError(f"There is no folder {night.inbox}.", do="Check --inbox and --commissioner.")
    os.umask(0o077)  # what a night writes is for the service account only
    note(f"Night of {night.as_of} for {night.commissioner_code}" + (" (starting Prefect)" if with_prefect else ""))
    runner = load_night_runner()
    with progress() as tell:
        try:
            runner(night, with_prefect=with_prefect, tell=tell)
        except PhbAuditError:
            raise
        except Exception as error:
            if debug:
                raise
            raise PhbAuditError(
                f"The night of {night.commissioner_code} stopped on an error it did not expect ({type(error).__name__}).",
                do="Nothing was published. Run it again; if it fails again, run it with --debug.",
            ) from error
    return status_of(night.settings, night.commissioner_code)


def load_night_runner() -> Callable[..., Any]:
    """The night's flow, found by its entry point so that this package never imports it."""
    found = list(entry_points(group="phb_audit.night"))
    if not found:
        raise PhbAuditError("The night's flow is not installed.", do="Install phb_audit again: pip install -e . or its wheel.")
    runner: Callable[..., Any] = found[0].load()
    return runner


@app.command
def demo(*, home: Annotated[Path, Parameter(help="Where the demo keeps its files.")] = Path("data/demo"), plain: bool = False) -> int:
    """Run the whole night on the shipped sample, and say what it found and where the report is."""
    from phb_audit.night import Night
    from phb_audit.reports.status import found_in_words, in_words
    from phb_audit.review.command import demo_people

    sample = shipped("sample")
    for code in commissioners_in(sample):
        status = run_one(Night(code, sample_day(sample), sample / code, home.resolve()), with_prefect=not plain)
        newest = status.nights[0].run_id
        say(f"{in_words(status)}\n\n{found_in_words(status)}\n")
        say(f"Why, or why not:   .venv/bin/phb-audit explain {status.example_ref or 'REF'} --home {home}")
        say(f"Published tables:  {home / 'published' / code / newest}")
        say(f"Data quality:      {status.quality_page}")
        say(f"Open the report:   {status.report}\n")
        say(demo_people(Settings(home.resolve()), code, str(home)))
    return CLEAN


def sample_day(sample: Path) -> date:
    """The last day of the shipped sample, from its `last_day.txt`."""
    return date.fromisoformat((sample / "last_day.txt").read_text(encoding="utf-8").strip())


@app.command
def status(*, commissioner: str | None = None, home: Home = None, known_on: KnownOn = None, as_json: Json = False) -> int:
    """What the last nights did, what is late, and whether the books balance."""
    from phb_audit.reports.status import commissioners, in_words, status_of

    settings = settings_for(home)
    codes = [commissioner] if commissioner else commissioners(settings)
    if not codes or not all((settings.home / "warehouse" / code / "night.duckdb").exists() for code in codes):
        raise UsageError("No night has been run here yet.", do="Run `phb-audit run`; or give --home (the demo's is data/demo).")
    day = None if known_on is None else day_of(known_on, "--as-known-on")
    found = [status_of(settings, code, day) for code in codes]
    say(
        json.dumps({"commissioners": [one.as_dict for one in found]}, default=str, indent=1) if as_json else "\n".join(map(in_words, found))
    )
    return WARNINGS if any(one.attention for one in found) else CLEAN


@app.command
def synth(
    *,
    holders: int = 60,
    months: int = 12,
    seed: int = 1,
    out: Path,
    commissioner: str = "QZZ",
    last_day: str = "2026-10-31",
    papers: Annotated[str, Parameter(help="How receipts come: tidy, usual or poor.")] = "tidy",
    prices: Annotated[str, Parameter(help="steady, or moving: suppliers that several holders share raise theirs.")] = "steady",
    drawn: Annotated[int, Parameter(help="So many receipts come as a PDF or a picture.")] = 0,
    force: Annotated[bool, Parameter(negative=(), help="Write over what the folder holds.")] = False,
) -> int:
    """Write a made-up world of any size: the files as senders write them, and truth.csv."""
    from phb_audit.synthetic.command import synth as make

    day, code = day_of(last_day), commissioner
    made = make(
        holders=holders,
        months=months,
        seed=seed,
        out=out,
        commissioner_code=code,
        last_day=day,
        papers=papers,
        prices=prices,
        drawn=drawn,
        force=force,
    )
    return int(made)


@app.command
def classify(source: Annotated[Path, Parameter(help="CSV with columns merchant, description, mcc, amount_gbp.")], /, *, out: Path) -> int:
    """Say what each line of a file was spent on, how sure, and why."""
    from phb_audit.classified.command import classify_file

    return classify_file(source, out)


@app.command
def match_goals(
    source: Annotated[Path, Parameter(help="CSV with columns goal, merchant, description (mcc, amount_gbp, tags).")],
    /,
    *,
    out: Annotated[Path, Parameter(help="Where to write its rows, unchanged, with strength, state, domains and because added.")],
    as_json: Json = False,
) -> int:
    """Say how strongly each purchase of a file serves the goal beside it: fits, unclear or no_goal, and why."""
    from phb_audit.cases.match_goals_command import match_goals_file

    return match_goals_file(source, out, as_json=as_json, say=say)


@app.command
def confirm(
    source: Annotated[Path, Parameter(help="CSV with category_code, and ref or merchant (description, mcc, reason).")],
    /,
    *,
    by: Annotated[str, Parameter(help="Name of the person who decided.")],
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Record what lines were, as a person confirmed or corrected them: remembered from the next night on."""
    from phb_audit.cases.confirm_command import confirm_file

    settings = settings_for(home)
    return confirm_file(source, settings=settings, commissioner_code=one_commissioner(settings, commissioner), by=by, say=say, note=note)


@app.command
def landed(file: Path, /, *, mapping: list[Path] | None = None) -> int:
    """Say which layout fits a file and which columns it maps, or what is missing."""
    from phb_audit.landed.command import check_layout

    return check_layout(file, tuple(mapping or ()))


@app.command
def evaluate(
    world: Annotated[Path, Parameter(help="A folder made by `phb-audit synth`, with truth.csv.")],
    /,
    *,
    home: Annotated[Path | None, Parameter(help="Home of a night that was run on it (default: run one now in a temporary home).")] = None,
    as_json: Json = False,
) -> int:
    """Compare flags with a made-up world's truth: precision, recall and wrong questions, with 95% intervals."""
    from phb_audit.assurance.command import evaluate_world

    return evaluate_world(world, home=home, as_json=as_json, run_night=load_night_runner(), say=say, note=note)


@app.command
def missed(*, commissioner: str | None = None, home: Home = None, as_json: Json = False) -> int:
    """What the flags miss, by purchases drawn by chance; the share of it they find; and how often each rule is right."""
    from phb_audit.assurance.missed_command import tell_missed

    settings = settings_for(home)
    return tell_missed(settings, one_commissioner(settings, commissioner), on=day_of(None), as_json=as_json, say=say)


@app.command
def ranking(
    *,
    ref: Annotated[str | None, Parameter(name="--case", help="Reference of a case: the parts its place is made of.")] = None,
    commissioner: str | None = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """What the order of the list rests on: tiers, minutes, what one more hour would find, and rules that are demoted."""
    from phb_audit.assurance.ranking_command import tell_ranking

    settings = settings_for(home)
    return tell_ranking(settings, one_commissioner(settings, commissioner), ref=ref, as_json=as_json, say=say)


@app.command
def groups(*, commissioner: str | None = None, home: Home = None, as_json: Json = False) -> int:
    """Are care groups asked alike: rates by group as the last night kept them, small numbers kept back."""
    from phb_audit.assurance.groups_command import tell_groups

    settings = settings_for(home)
    return tell_groups(settings, one_commissioner(settings, commissioner), as_json=as_json, say=say)


@app.command
def consistency(*, commissioner: str | None = None, home: Home = None, as_json: Json = False) -> int:
    """Are like cases decided alike: cases decided twice, and like cases that were decided differently."""
    from phb_audit.assurance.consistency_command import tell_consistency

    settings = settings_for(home)
    return tell_consistency(settings, one_commissioner(settings, commissioner), on=day_of(None), as_json=as_json, say=say)


def main() -> None:
    """The entry point: runs the command and turns our errors into a sentence and an exit code."""
    try:
        code = app(result_action="return_value")
    except PhbAuditError as error:
        note(f"phb-audit: {error}")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(CLEAN)
    except Exception as error:
        if os.environ.get("PHB_AUDIT_DEBUG"):
            raise
        note(f"phb-audit: it met an error it did not expect ({type(error).__name__}). Its text is not shown, for it may hold data.")
        note("To see it, run the command again with PHB_AUDIT_DEBUG=1.")
        sys.exit(FAILED)
    sys.exit(code if isinstance(code, int) else CLEAN)
