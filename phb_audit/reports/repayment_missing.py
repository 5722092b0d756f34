"""What a request for repayment lacks: every missing thing in a sentence, so that all can be mended at once (rule G-11, and fairness)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from phb_audit.cases.decisions import same_person
from phb_audit.cases.transitions import NOT_AGREED, stands
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reports.repayment_answers import GROUNDS, PAYERS, REFERRED_GROUND, Answers
from phb_audit.reports.repayment_facts import Facts

REASON_AT_LEAST = 40
ANSWER_AT_LEAST = 10


def asked_of(answers: Answers) -> int:
    """Pence the lines come to: not agreed, less what came back, less what was repaid elsewhere."""
    lines, back = (sum(pence or 0 for pence in sums.values()) for sums in (answers.not_agreed, answers.counted))
    return lines - back - sum(each.pence for each in answers.elsewhere)


def missing(facts: Facts, answers: Answers, on: date) -> list[str]:
    """Everything that stands in the way of a request made on that day, each in a sentence; none where it is whole."""
    return [*_decision(facts), *_notice(facts, answers, on), *_payer(facts, answers), *_amount(facts, answers), *_our_part(facts, answers)]


def _decision(facts: Facts) -> Iterator[str]:
    case = facts.standing
    if facts.is_apart:
        yield "This case takes another route than asking for money; speak to whoever holds it."
    if case.state_code != NOT_AGREED:
        yield (
            f"The case {stands(case.state_code)}; only one decided as 'not agreed' and confirmed can be asked about. "
            "The pack can be made once it is."
        )
    elif not case.decided_by or not case.checked_by:
        yield "The decision lacks the name of who decided or of who checked it."
    elif same_person(case.decided_by, case.checked_by):
        yield "The person who decided and the person who checked are the same: two people are needed."


def _notice(facts: Facts, answers: Answers, on: date) -> Iterator[str]:
    """What regulation 15(1), (2) and (4) ask for, the amount apart."""
    told = answers.texts
    if told["ground"] == REFERRED_GROUND:
        yield "Ground (e) is not for a request to the holder: refer the case to the Local Counter Fraud Specialist."
    elif told["ground"] not in GROUNDS:
        yield f"The ground of regulation 15(1) is missing: one of {', '.join(GROUNDS)}."
    if told["ground"] == "d" and (
        bare := [line for line in facts.lines if not line["plan_version_id"] and answers.not_agreed.get(line["payment_id"])]
    ):
        yield f"No care plan was in force on {plain_day(bare[0]['paid_on'])}, so ground (d) has nothing to compare the payment with."
    if len(told["reason"]) < REASON_AT_LEAST:
        yield "The reasons are missing: a few sentences that the budget holder can read (reason)."
    if answers.pay_by_on is None or answers.pay_by_on <= on:
        yield "The time to pay is missing, or has passed already (pay_by_on)."
    for name, words in (
        ("how_to_pay", "How to pay is missing (how_to_pay)."),
        ("contact", "Whom the holder can talk to is missing (contact)."),
        ("signed_by", "The name of who is to sign is missing (signed_by)."),
        ("signed_as", "The role of who is to sign is missing (signed_as)."),
    ):
        if not told[name]:
            yield words
    if not answers.reconsider_how or not answers.reconsider_to:
        yield "How to have the decision looked at again, and by whom, is missing ([reconsider] how, to)."
    if answers.reconsider_by_on is None or answers.reconsider_by_on <= on:
        yield "By when it can be asked to be looked at again is missing, or has passed already ([reconsider] by_on)."


def _payer(facts: Facts, answers: Answers) -> Iterator[str]:
    payer = answers.texts["payer"]
    if payer not in PAYERS:
        yield f"Who must pay is missing: one of {', '.join(PAYERS)}."
    elif facts.died_on and payer != "personal_representatives":
        yield "A death is on file: only the personal representatives can be asked (regulation 15(3))."
    elif not facts.died_on and (payer == "personal_representatives" or answers.texts["ground"] == "f"):
        yield "No death is on file, so neither ground (f) nor personal representatives fit."
    elif payer in ("nominee", "representative") and payer not in facts.roles:
        yield f"No {payer} is on file for this holder."
    elif payer == "body" and not any(line["holding_code"] == "third_party" for line in facts.lines):
        yield "No line of this case was held by an organisation, so it cannot be asked to pay."


def _amount(facts: Facts, answers: Answers) -> Iterator[str]:
    if not facts.lines:
        yield "The case names no payment line, so an amount cannot be worked out from lines."
    yield from _line_by_line(facts, answers)
    yield from _came_back(facts, answers)
    total = asked_of(answers)
    if answers.asked_pence is None:
        yield f"The amount asked is missing (asked_pence); the lines come to {pounds(total)}."
    elif answers.asked_pence != total:
        yield f"The amount asked is {pounds(answers.asked_pence)}, but the lines come to {pounds(total)}."
    elif total <= 0:
        yield "The lines come to nothing, so there is nothing to ask for."


def _line_by_line(facts: Facts, answers: Answers) -> Iterator[str]:
    known = {line["payment_id"]: line for line in facts.lines}
    for payment_id in answers.not_agreed.keys() - known.keys():
        yield f"The payment {payment_id} is not part of this case."
    for payment_id, line in known.items():
        pence, where = answers.not_agreed.get(payment_id), f"{pounds(line['amount_pence'])} of {plain_day(line['paid_on'])}"
        if pence is None:
            yield f"It is not said how much of the payment of {where} is not agreed."
        elif not 0 <= pence <= (most := min(line["amount_pence"], in_question(facts, payment_id))):
            yield f"{pounds(pence)} cannot be the part not agreed of the payment of {where}: {pounds(most)} was in question then."


def in_question(facts: Facts, payment_id: str) -> int:
    """The most pence of a payment that any flag the decider saw was about."""
    return max((flag["at_stake_pence"] for flag in facts.seen["flags"] if flag.get("payment_id") == payment_id), default=0)


def _came_back(facts: Facts, answers: Answers) -> Iterator[str]:
    known = {back["back_id"]: back for back in facts.money_back}
    for back_id in answers.counted.keys() - known.keys():
        yield f"{back_id} is no refund, repayment or offset on file for this holder."
    for back_id, back in known.items():
        pence, where = answers.counted.get(back_id), f"{back['back_code']} of {pounds(back['back_pence'])} on {plain_day(back['paid_on'])}"
        if pence is None:
            yield f"It is not said how much of the {where} belongs to these lines."
        elif not 0 <= pence <= back["back_pence"]:
            yield f"{pounds(pence)} cannot be the part that counts of the {where}."


def _our_part(facts: Facts, answers: Answers) -> Iterator[str]:
    known = {own.key for own in facts.own}
    for key in answers.our_part.keys() - known:
        yield f"[our_part] {key} is nothing of our own on file."
    for own in facts.own:
        if len(answers.our_part.get(own.key, "")) < ANSWER_AT_LEAST:
            yield f"Our own part is not answered: {own.title} ({own.key})."
