"""`phb-audit rules`: the register of rules, and a change tried out before it bites."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from phb_audit.cli.options import Home, Json, day_of, one_commissioner, say, settings_for
from phb_audit.errors import CLEAN, REFUSED, WARNINGS, UsageError
from phb_audit.progress import note
from phb_audit.settings import Settings

rules = App(name="rules", help="The rules: which there are, what each says, whether they hold, and what a change would do.")
Whose = Annotated[str | None, Parameter(help="Code of the commissioner whose limits are meant (default: the ordinary ones).")]


def in_force(settings: Settings, commissioner: str | None) -> Any:
    """The rules with a commissioner's limits; with nobody's, those everybody has."""
    from phb_audit.flagged import rules_in_force

    return rules_in_force(commissioner or "", settings)


@rules.command(name="list")
def list_(
    *,
    family: Annotated[str | None, Parameter(help="A1 to A8.")] = None,
    commissioner: Whose = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Every rule in its order of evaluation, with severity, proposal and next review."""
    from phb_audit.assurance.rule_register import list_in_words, listed

    rows = listed(in_force(settings_for(home), commissioner), family)
    say(json.dumps({"rules": rows}, indent=1) if as_json else list_in_words(rows))
    return CLEAN


@rules.command
def show(rule_id: Annotated[str, Parameter(name="ID")], /, *, commissioner: Whose = None, home: Home = None) -> int:
    """A rule's whole page: what it looks at, what a reader sees, the innocent explanation, basis, limits, examples."""
    from phb_audit.assurance.rule_register import one_rule, shown

    say(shown(one_rule(rule_id, in_force(settings_for(home), commissioner))))
    return CLEAN


@rules.command
def stories(
    story_id: Annotated[str | None, Parameter(name="ID", help="A story (default: list them all).")] = None, /, *, as_json: Json = False
) -> int:
    """The stories several flags can tell together: signs, grades, window, lane, and what it looks like innocently."""
    from phb_audit.assurance.story_register import listed_stories, stories_in_words, story_page
    from phb_audit.rules.story import one_story

    if story_id is not None:
        say(story_page(one_story(story_id)))
        return CLEAN
    rows = listed_stories()
    say(json.dumps({"stories": rows}, indent=1) if as_json else stories_in_words(rows))
    return CLEAN


@rules.command
def check(*, commissioner: Whose = None, home: Home = None, as_json: Json = False) -> int:
    """Run every worked example, read every limit, say which reviews are overdue, and which limits no second person approved."""
    from phb_audit.assurance.rule_register import problems
    from phb_audit.cases.rule_command import unapproved

    settings, today = settings_for(home), day_of(None)
    found: list[Any] = [*problems(commissioner or "", settings, today), *unapproved(settings, commissioner)]
    lines = [f"{one.rule_id}: {one.words}" for one in found]
    told = f"{len(in_force(settings, commissioner))} rules looked at, {len(found)} problems." if found else "Every rule holds."
    say(json.dumps({"problems": [asdict(one) for one in found]}, indent=1) if as_json else "\n".join([*lines, told]))
    return REFUSED if any(one.is_grave for one in found) else WARNINGS if found else CLEAN


@rules.command
def new(
    rule_id: Annotated[str, Parameter(name="ID")],
    title: str,
    /,
    *,
    family: Annotated[str, Parameter(help="A1 to A8, or the folder's name.")],
    out: Annotated[Path | None, Parameter(help="Folder to write it to (default: the family's own).")] = None,
) -> int:
    """Write the skeleton of a new rule, with everything a reader will need to be filled in."""
    from phb_audit.assurance.rule_register import new_rule

    say(f"{new_rule(rule_id, family, title, out, day_of(None))}\nFill in every 'TO WRITE'; docs/how-to/write-a-rule.md says how.")
    return CLEAN


@rules.command
def backtest(
    rule_id: Annotated[str, Parameter(name="ID")],
    /,
    *,
    first: Annotated[str, Parameter(name="--from", help="First day of findings, YYYY-MM-DD.")],
    last: Annotated[str, Parameter(name="--to", help="Last day of findings, YYYY-MM-DD.")],
    changes: Annotated[list[str] | None, Parameter(name="--set", help="limit=value to try; may be given again. Money in pence.")] = None,
    keep: Annotated[bool, Parameter(help="File the figures in the casebook, as a proposal needs them.", negative="")] = False,
    by: Annotated[str, Parameter(help="With --keep: your name.")] = "",
    commissioner: str | None = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """What other limits would have found over past purchases: flags, pounds, people, minutes, care groups, before and after."""
    from phb_audit.assurance.backtest import backtest as tried
    from phb_audit.assurance.backtest import in_words
    from phb_audit.assurance.rule_register import one_rule
    from phb_audit.warehouse import Warehouse

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    one = one_rule(rule_id, in_force(settings, code))
    given = dict(read_change(words) for words in changes or [])
    warehouse = Warehouse(settings.warehouse_path(code), read_only=True)
    try:
        told = tried(warehouse, one, given, day_of(first, "--from"), day_of(last, "--to"))
    finally:
        warehouse.close()
    say(json.dumps(told.as_dict, indent=1, default=str) if as_json else in_words(told))
    if keep:
        from phb_audit.cases.casebook import open_casebook
        from phb_audit.cases.rule_changes import keep_backtest

        with open_casebook(settings, code) as casebook:
            note(f"Kept as event {keep_backtest(casebook, told.as_dict, one.version, by=by).event_number} of the casebook.")
    return CLEAN


@rules.command
def propose(
    rule_id: Annotated[str, Parameter(name="ID")],
    /,
    *,
    changes: Annotated[list[str], Parameter(name="--set", help="limit=value; may be given again. Money in pence.")],
    first: Annotated[str, Parameter(name="--from", help="First day it holds, YYYY-MM-DD.")],
    reason: Annotated[str, Parameter(help="Why, in a sentence an auditor could read.")],
    by: Annotated[str, Parameter(help="Your name.")],
    told_on: Annotated[str | None, Parameter(help="The day holders were, or will be, told: needed before the first day.")] = None,
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Put a change of limits forward. A backtest of exactly this change must be on file; another person approves it."""
    from phb_audit.cases.rule_changes import Proposal
    from phb_audit.cases.rule_command import propose_change

    settings = settings_for(home)
    wanted = Proposal(
        changed=dict(read_change(words) for words in changes),
        from_on=day_of(first, "--from"),
        reason=reason,
        told_on=day_of(told_on, "--told-on") if told_on else None,
    )
    return propose_change(settings, one_commissioner(settings, commissioner), rule_id, wanted, by=by, today=day_of(None), say=say)


@rules.command
def approve(change_id: Annotated[str, Parameter(name="CHANGE")], /, *, by: str, commissioner: str | None = None, home: Home = None) -> int:
    """A second person's yes to a change: kept in the casebook, then written into limits.toml with its first day."""
    from phb_audit.cases.rule_command import approve_change

    settings = settings_for(home)
    return approve_change(settings, one_commissioner(settings, commissioner), change_id, by=by, say=say)


@rules.command
def decline(
    change_id: Annotated[str, Parameter(name="CHANGE")], /, *, by: str, reason: str, commissioner: str | None = None, home: Home = None
) -> int:
    """Close a proposal without making the change. The proposer may take their own back."""
    from phb_audit.cases.rule_command import decline_change

    settings = settings_for(home)
    return decline_change(settings, one_commissioner(settings, commissioner), change_id, by=by, reason=reason, say=say)


@rules.command(name="changes")
def changes_(*, commissioner: str | None = None, home: Home = None, as_json: Json = False) -> int:
    """Every change that was proposed: what, from when, why, by whom, and who approved or declined it."""
    from phb_audit.cases.rule_command import list_changes

    settings = settings_for(home)
    return list_changes(settings, one_commissioner(settings, commissioner), as_json=as_json, say=say)


def read_change(words: str) -> tuple[str, Any]:
    """`limit=value` as a pair; numbers as numbers, `a,b` as a list. Raises UsageError where there is no '='."""
    name, sign, text = words.partition("=")
    if not sign or not name or not text:
        raise UsageError(f"--set {words!r} says no limit and value.", do="Write it as days=35; money is in pence.")
    for kind in (int, float):
        try:
            return name.strip(), kind(text.replace("_", ""))
        except ValueError:
            continue
    return name.strip(), [part.strip() for part in text.split(",")]
