"""The repayment pack of a closed case: a draft for a named person to sign, as a page and a PDF of the same words.

It is refused, naming every missing thing at once, unless the notice would be whole (rule G-11). Nothing is ever sent.
The same decisions, files, form and day give the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from phb_audit import __version__
from phb_audit.cases.transitions import MOVES, ROLES
from phb_audit.errors import UsageError
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reports.page import DASH, render
from phb_audit.reports.pdf import compiled
from phb_audit.reports.repayment_answers import PAYERS, Answers
from phb_audit.reports.repayment_facts import Facts
from phb_audit.reports.repayment_missing import asked_of, missing
from phb_audit.rules.register import bases

SERVICE = "Personal health budget spending review"
DRAFT = "This is a draft. Nothing has been sent. {signed_by} ({signed_as}) must read it, and sign it or not."
BACK = {"refund": "refund", "repayment": "repayment", "offset": "offset against an instalment"}
Row = tuple[str, ...]


class PackRefused(UsageError):
    """A request for repayment that is not whole; the message names everything that is missing."""


@dataclass(frozen=True)
class Pack:
    """A request for repayment in words, as both the page and the PDF lay it out. Rows are of text only."""

    title: str
    case_ref: str
    commissioner_code: str
    holder: str
    draft: str
    prepared: str
    ours: tuple[Row, ...]  # what, what is on file, what we say to it
    facts: tuple[Row, ...]  # name, value
    reason: str
    sums: tuple[Row, ...]  # what, day, amount
    total: str
    again: tuple[str, ...]
    payments: tuple[Row, ...]  # payment, plan version and words, receipt, files
    rules: tuple[Row, ...]  # rule, version, what was seen
    decisions: tuple[Row, ...]  # when, who, role, what, reason
    law: tuple[str, ...]
    signed_by: str
    signed_as: str
    made_of: str


def pack_of(facts: Facts, answers: Answers, *, by: str, on: date) -> Pack:
    """The pack of a case, prepared `by` somebody on a day. Raises PackRefused naming every missing thing."""
    who = " ".join(by.split())
    if lacking := [*([] if who else ["The name of who prepares it is missing (--by)."]), *missing(facts, answers, on)]:
        told = "\n".join(f"  * {words}" for words in lacking)
        raise PackRefused(
            f"The pack of {facts.standing.case_ref} is not made. What is missing:\n{told}\n",
            do="Fill in the form (--form) and give it with --answers.",
        )
    texts, case = answers.texts, facts.standing
    return Pack(
        title="Draft: asking for money to be paid back",
        case_ref=case.case_ref,
        commissioner_code=facts.commissioner_code,
        holder=facts.holder_shown,
        draft=DRAFT.format(**texts),
        prepared=f"Prepared by {who} on {plain_day(on)}.",
        ours=tuple((own.title, own.words, answers.our_part[own.key]) for own in facts.own),
        facts=(
            ("Amount", pounds(asked_of(answers))),
            ("Who is asked to pay", PAYERS[texts["payer"]]),
            ("By when", _day(answers.pay_by_on)),
            ("How to pay", texts["how_to_pay"]),
            ("Whom to talk to, also where paying would be hard", texts["contact"]),
            ("Ground", bases()[f"repayment_{texts['ground']}"]),
        ),
        reason=texts["reason"],
        sums=_sums(facts, answers),
        total=pounds(asked_of(answers)),
        again=_again(answers),
        payments=tuple(_payment(line) for line in facts.lines),
        rules=tuple((flag["rule_id"], flag["rule_version"], flag["sentence"]) for flag in facts.seen["flags"]),
        decisions=_decisions(facts),
        law=tuple(bases()[key] for key in ("repayment_may", "repayment_notice", "repayment_reconsider")),
        signed_by=texts["signed_by"],
        signed_as=texts["signed_as"],
        made_of=f"Case {case.case_ref}, version {case.version}, as seen in run {facts.seen['run_id']}. phb_audit {__version__}.",
    )


def _again(answers: Answers) -> tuple[str, ...]:
    return (
        f"You can ask us to look at this decision again until {_day(answers.reconsider_by_on)}.",
        f"How: {answers.reconsider_how}",
        f"Who will look at it: {answers.reconsider_to}",
        "You can send anything you want us to take into account. We must tell you what comes of it.",
    )


def _sums(facts: Facts, answers: Answers) -> tuple[Row, ...]:
    """The amount line by line: each payment, and everything that came back."""
    rows = [
        (f"{line['payee_shown']}, paid {pounds(line['amount_pence'])}, of which not agreed", plain_day(line["paid_on"]), pounds(pence))
        for line in facts.lines
        for pence in (answers.not_agreed[line["payment_id"]] or 0,)
    ]
    rows += [
        (
            f"Less, of the {BACK[back['back_code']]} of {pounds(back['back_pence'])} ({back['words']})",
            plain_day(back["paid_on"]),
            pounds(-pence),
        )
        for back in facts.money_back
        for pence in (answers.counted[back["back_id"]] or 0,)
    ]
    rows += [(f"Less what was repaid: {each.how}", plain_day(each.on), pounds(-each.pence)) for each in answers.elsewhere]
    return tuple(rows)


def _payment(line: dict[str, Any]) -> Row:
    """A payment of the evidence: the line, the plan, the receipt and the files they stand in."""
    plan = "No plan was in force on the day."
    if line["plan_version_id"]:
        agreed = f", agreed {plain_day(line['approved_on'])}" if line["approved_on"] else ""
        nearest = line["plan_line_words"] or line["outcome_words"]
        words = f" Nearest words: “{nearest}”." if nearest else " It has no words near this payment."
        plan = f"Plan {line['plan_version_id']}, in force from {_day(line['effective_from_on'])}{agreed}.{words}"
    receipt = "No receipt is on file."
    if line["receipt_id"]:
        image = f", picture SHA-256 {line['image_hash'][:16]}" if line["image_hash"] else ""
        receipt = f"Receipt {line['receipt_id']}{image}."
    files = f"Statement file SHA-256 {(line['file_id'] or DASH)[:16]}, line {line['line_number'] or DASH}."
    return (
        f"{line['payment_id']}: {line['payee_shown']}, {plain_day(line['paid_on'])}, {pounds(line['amount_pence'])}",
        plan,
        receipt,
        files,
    )


def _decisions(facts: Facts) -> tuple[Row, ...]:
    return tuple(
        (
            event.decided_at.replace("T", " ").removesuffix("Z") + " UTC",
            event.decided_by,
            ROLES[event.body["role"]],
            f"{MOVES[event.body['move_code']].words}. {event.body['reason']}".strip(),
            f"event {event.event_number}",
        )
        for event in facts.events
    )


def _day(on: date | None) -> str:
    return plain_day(on) if on else DASH


def page_of(pack: Pack) -> bytes:
    """The pack as one self-contained page."""
    return render("repayment/pack.jinja", title=pack.title, service=SERVICE, pack=pack, made_of=[pack.prepared, pack.made_of])


def pdf_of(pack: Pack, on: date) -> bytes:
    """The pack as a tagged PDF (PDF/UA-1 and PDF/A-2a), dated that day; only the fonts that came with the program are used."""
    return compiled("repayment.typ", "pack", asdict(pack), on)


@dataclass(frozen=True)
class Written:
    """Where a pack stands, and the SHA-256 of each file by its name."""

    page: Path
    pdf: Path
    hashes: dict[str, str]


def write_pack(pack: Pack, folder: Path, on: date) -> Written:
    """Write `<case_ref>.html` and `<case_ref>.pdf` into the folder, each in one move."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for ending, content in (("html", page_of(pack)), ("pdf", pdf_of(pack, on))):
        path = folder / f"{pack.case_ref}.{ending}"
        part = path.with_suffix(f".{ending}.part")
        part.write_bytes(content)
        paths.append(part.replace(path))
    page, pdf = paths
    return Written(page, pdf, {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths})
