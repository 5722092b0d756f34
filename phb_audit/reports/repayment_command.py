"""`phb-audit repayment-pack`: the form for a case, the pack made from it, and the draft kept in the casebook."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from phb_audit.cases.casebook import open_casebook
from phb_audit.cases.transitions import NOT_AGREED, stands
from phb_audit.errors import CLEAN, UsageError
from phb_audit.reports.repayment_answers import form, no_answers, read_answers
from phb_audit.reports.repayment_facts import facts_of
from phb_audit.reports.repayment_pack import Pack, Written, pack_of, write_pack
from phb_audit.settings import Settings

KIND = "repayment_pack"
Say = Callable[[str], None]


def write_form(settings: Settings, code: str, case_ref: str, path: Path, *, say: Say) -> int:
    """Write the empty form of a case. Raises UsageError where a file is there already, so that nobody's words are lost, and where two
    people have not closed the case as not agreed: until then there is nothing to ask for."""
    if path.exists():
        raise UsageError(f"{path.name} is there already.", do="Give --form another name.")
    facts = facts_of(settings, code, case_ref)
    if facts.standing.state_code != NOT_AGREED:
        now = stands(facts.standing.state_code)
        raise UsageError(
            f"Case {facts.standing.case_ref} is not closed as not agreed (it {now}). The form and the pack can be made once it is.",
            do=f"See `phb-audit case show {facts.standing.case_ref}`.",
        )
    path.write_text(form(facts), encoding="utf-8")
    say(f"{path}\nFill it in, then: phb-audit repayment-pack {case_ref} --answers {path.name} --by NAME")
    return CLEAN


def make_pack(settings: Settings, code: str, case_ref: str, *, answers: Path | None, out: Path | None, by: str, on: date, say: Say) -> int:
    """Make the pack and keep the draft. Raises PackRefused naming everything that is missing."""
    told = read_answers(answers) if answers else no_answers()
    pack = pack_of(facts_of(settings, code, case_ref), told, by=by, on=on)
    written = write_pack(pack, out or settings.folder("reports", code) / "repayment", on)
    keep(settings, code, pack, written, by=by)
    say(f"{written.page}\n{written.pdf}\n{pack.draft}")
    return CLEAN


def keep(settings: Settings, code: str, pack: Pack, written: Written, *, by: str) -> None:
    """Note in the casebook that the draft was made, with the hashes of its files; the same draft once only."""
    body = {"case_ref": pack.case_ref, "holder": pack.holder, "amount": pack.total, "signed_by": pack.signed_by, "files": written.hashes}
    with open_casebook(settings, code) as casebook:
        if body not in [event.body for event in casebook.events(KIND)]:
            casebook.append(KIND, [body], by=by)
