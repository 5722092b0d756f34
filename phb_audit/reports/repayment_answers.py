"""What the person who prepares a repayment pack says: read from a form (TOML), and the empty form for a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from phb_audit.errors import UsageError
from phb_audit.money import pounds
from phb_audit.reports.repayment_facts import Facts
from phb_audit.settings import read_toml

GROUNDS = ("a", "b", "c", "d", "f")
REFERRED_GROUND = "e"
PAYERS = {
    "holder": "the budget holder",
    "nominee": "the nominee, who answers for the money in their own name",
    "representative": "the representative",
    "personal_representatives": "the personal representatives of the person who has died",
    "body": "the organisation that holds the budget",
}
TEXTS = ("ground", "reason", "payer", "how_to_pay", "contact", "signed_by", "signed_as")
TABLES = ("reconsider", "line", "money_back", "repaid_elsewhere", "our_part")


@dataclass(frozen=True)
class Elsewhere:
    """A sum that was repaid outside the account: the day, pence, and how it was paid."""

    on: date
    pence: int
    how: str


@dataclass(frozen=True)
class Answers:
    """The form, filled in as far as it is. Absent: an empty text, None, or no entry."""

    texts: dict[str, str]
    asked_pence: int | None
    pay_by_on: date | None
    reconsider_how: str
    reconsider_to: str
    reconsider_by_on: date | None
    not_agreed: dict[str, int | None]
    counted: dict[str, int | None]
    elsewhere: tuple[Elsewhere, ...]
    our_part: dict[str, str]


def no_answers() -> Answers:
    """A form nobody has filled in."""
    return Answers(dict.fromkeys(TEXTS, ""), None, None, "", "", None, {}, {}, (), {})


def read_answers(path: Path) -> Answers:
    """The form at `path`. Raises UsageError for a key it does not have, or a value of another kind."""
    told = read_toml(path)
    known = {*TEXTS, "asked_pence", "pay_by_on", *TABLES}
    if unknown := sorted(set(told) - known):
        raise UsageError(f"{path.name}: {unknown[0]} is not known.", do="Write the form anew with --form and fill that in.")
    reconsider = told.get("reconsider", {})
    return Answers(
        texts={name: _text(path, told, name) for name in TEXTS},
        asked_pence=_pence(path, told, "asked_pence"),
        pay_by_on=_day(path, told, "pay_by_on"),
        reconsider_how=_text(path, reconsider, "how"),
        reconsider_to=_text(path, reconsider, "to"),
        reconsider_by_on=_day(path, reconsider, "by_on"),
        not_agreed=_sums(path, told, "line", "payment_id", "not_agreed_pence"),
        counted=_sums(path, told, "money_back", "back_id", "counted_pence"),
        elsewhere=tuple(_elsewhere(path, row) for row in told.get("repaid_elsewhere", [])),
        our_part={key: _text(path, told["our_part"], key) for key in told.get("our_part", {})},
    )


def _sums(path: Path, told: dict[str, Any], table: str, key: str, value: str) -> dict[str, int | None]:
    """Pence by id of one list of tables. Raises UsageError for an id named twice."""
    rows = told.get(table, [])
    ids = [_text(path, row, key) for row in rows]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise UsageError(f"{path.name}: {key} {twice[0]} stands there twice.", do="Name each once.")
    return {each: _pence(path, row, value) for each, row in zip(ids, rows, strict=True)}


def _elsewhere(path: Path, row: dict[str, Any]) -> Elsewhere:
    on, pence, how = _day(path, row, "on"), _pence(path, row, "pence"), _text(path, row, "how")
    if on is None or pence is None or pence <= 0 or not how:
        raise UsageError(f"{path.name}: a [[repaid_elsewhere]] is not whole.", do="Give on (a day), pence and how.")
    return Elsewhere(on, pence, how)


def _text(path: Path, told: dict[str, Any], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise _other_kind(path, name, value, "text in quotes")
    return " ".join(value.split())


def _pence(path: Path, told: dict[str, Any], name: str) -> int | None:
    value = told.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise _other_kind(path, name, value, "whole pence, as 6400 for £64.00")
    return value


def _day(path: Path, told: dict[str, Any], name: str) -> date | None:
    value = told.get(name)
    if value is None or value == "":
        return None
    if type(value) is not date:
        raise _other_kind(path, name, value, "a day without quotes, as 2027-01-31")
    return value


def _other_kind(path: Path, name: str, value: object, wanted: str) -> UsageError:
    return UsageError(f"{path.name}: {name} cannot be {value!r}.", do=f"Write it as {wanted}.")


def form(facts: Facts) -> str:
    """The empty form for a case: what is on file stands beside each question. Nothing is filled in but refunds, which count in full."""
    case = facts.standing
    lines = [
        f"# Repayment pack for {case.case_ref}. Fill in every field that is empty; nothing is sent to anybody.",
        "# The ground of regulation 15(1): a plan changed, b circumstances changed, c unused, d used outside the plan, f died.",
        'ground = ""',
        "# Why, in words the budget holder can read. Write to them.",
        'reason = ""',
        "# The sum asked, in pence: it must come to what the lines below come to.",
        'asked_pence = ""',
        "# The day by which it is to be paid (2027-01-31, no quotes), and how.",
        'pay_by_on = ""',
        'how_to_pay = ""',
        f"# Who must pay: {', '.join(PAYERS)}.",
        'payer = ""',
        "# Whom they can talk to, by telephone or in writing, also where paying would be hard.",
        'contact = ""',
        "# Who reads this and signs it, or does not.",
        'signed_by = ""',
        'signed_as = ""',
        "",
        "[reconsider]  # regulation 15(4) and (5)",
        'how = ""',
        'to = ""',
        'by_on = ""',
    ]
    for line in facts.lines:
        lines += ["", f"[[line]]  # {line['paid_on']} {line['payee_shown']}, {pounds(line['amount_pence'])}"]
        lines += [f'payment_id = "{line["payment_id"]}"', 'not_agreed_pence = ""  # 0 where it is agreed after all']
    for back in facts.money_back:
        counted = back["back_pence"] if back["back_code"] == "refund" else '""'
        lines += ["", f"[[money_back]]  # {back['back_code']} of {pounds(back['back_pence'])} on {back['paid_on']}, {back['words']}"]
        lines += [
            f'back_id = "{back["back_id"]}"',
            f"counted_pence = {counted}  # how much of it belongs to these lines; 0 where none does",
        ]
    lines += ["", '# [[repaid_elsewhere]]  # for each sum repaid outside the account: on = 2027-01-05, pence = 1000, how = "cheque"', ""]
    lines += ["[our_part]  # what we say to each part of our own, first"]
    for own in facts.own:
        lines += [f"# {own.title}: {' '.join(own.words.split())}", f'{own.key} = ""']
    return "\n".join(lines) + "\n"
