"""What the form to decide says, and the question to a budget holder: drafted in easy words, and refused where it accuses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from phb_audit.cases.decisions import REASON_AT_LEAST, REASON_AT_MOST
from phb_audit.cases.workbook import WORDS
from phb_audit.identity import is_nhs_number
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reading_age import EASY_AGE, hard_words, reading_age
from phb_audit.review.desk import Refused, Visit

USUAL_DAYS = 28
# What each choice says on the form, and the hint below it.
CHOICES = {
    "agree": (WORDS["agree"], "Meets a goal or need in the care plan"),
    "agree_update_plan": (WORDS["agree_update_plan"], "Reasonable, but the plan should say so"),
    "ask": ("Ask for more information", "Choose what to ask for; the clock pauses"),
    "propose_not_agreed": (WORDS["propose_not_agreed"], "Outside the care plan. A second person must check this"),
    "propose_referral": (
        WORDS["propose_referral"],
        "Do not contact the budget holder first. A second person must check this",
    ),
}
OF_MONEY = {
    "agree": "The money is accounted for and its papers are in order",
    "ask": "Choose what to ask for; the clock pauses",
    "propose_not_agreed": "Money or papers are not in order. A second person must check this",
}
# A question to a person must not accuse. Words, and what to do instead, in one message.
ACCUSING = re.compile(
    r"\b(fraud\w*|suspicio\w*|suspect\w*|offen[cd]\w*|theft|thief|steal\w*|stole\w*|guilt\w*|cheat\w*|dishonest\w*|abus\w*|misus\w*|"
    r"illegal\w*|unlawful\w*|crim(e|es|inal\w*)|violat\w*|investigat\w*|prosecut\w*|anomal\w*|breach\w*|wrongdoing|lie[ds]?|lying)\b",
    re.IGNORECASE,
)
# A reason is kept for good, and the holder can ask for it. Those who may be meant by it keep their official name.
ACCUSING_REASON = re.compile(
    r"\b(fraud\w*|suspicio\w*|theft|thie(f|ves)|steal\w*|stole\w*|guilt\w*|cheat\w*|dishonest\w*|crim(e|es|inal\w*)|lie[ds]?|liars?|lying)\b",
    re.IGNORECASE,
)
OFFICIAL = re.compile(r"local counter[ -]fraud specialist|counter[ -]fraud", re.IGNORECASE)
NUMBERS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)|\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE)
TO_WRITE = "[Write here what you want to know.]"
"""What a draft that cannot tell leaves to be written; a question that still holds it is sent back."""
MOST_WORDS_A_SENTENCE, MOST_HARD_WORDS = 20, 6
NAME = re.compile(r"(?<=[a-z,:] )[A-Z][\w\u2019'&.-]*(?: [A-Z&][\w\u2019'&.-]*)*")
ASKS = re.compile(r"\?|\b(please|kindly|tell|send)\b", re.IGNORECASE)
CARE = re.compile(
    r"\b((occupational|speech|music|art) (and language )?therap(y|ist)|(physio|hydro|psycho|aroma)therap(y|ist)|personal assistants?|"
    r"equipment|counsell(ing|or)|wheelchair|respite|training|incontinence|medication|occupational health|assessment)\b",
    re.IGNORECASE,
)


def choices_of(kind: str, codes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """What of these may be chosen for a case of that kind, with its hint: whoever decides about money does not change plans."""
    if kind == "plan_fit":
        return {code: CHOICES[code] for code in codes}
    return {code: (CHOICES[code][0], OF_MONEY.get(code, CHOICES[code][1])) for code in codes if code != "agree_update_plan"}


def reason_problems(reason: str) -> list[str]:
    """Why a reason cannot be kept as it stands: numbers that identify, words that accuse."""
    found = number_problems(reason)
    if accusing := sorted({word.group(0).casefold() for word in ACCUSING_REASON.finditer(OFFICIAL.sub("", reason))}):
        found.append(f"Take out words that accuse: {', '.join(accusing)}. Write what you saw and what is missing")
    return found


def number_problems(text: str) -> list[str]:
    """Whether a text carries an NHS or National Insurance number."""
    numbers = [found.group(0) for found in NUMBERS.finditer(text)]
    is_there = any(one[0].isalpha() or is_nhs_number(re.sub(r"\D", "", one)) for one in numbers)
    return ["Take out the NHS or National Insurance number: the item says whose it is"] if is_there else []


def question_problems(question: str) -> list[str]:
    """Why a question cannot be put to a person as it stands."""
    if len(question) < REASON_AT_LEAST:
        return ["Write the question to the budget holder"]
    if len(question) > REASON_AT_MOST:
        return [f"Shorten the question to {REASON_AT_MOST:,} letters or fewer"]
    if TO_WRITE in question:
        return [f"Write what you want to know in the place of “{TO_WRITE}”"]
    found = [] if ASKS.search(question) else ["Ask something: nothing is asked here"]
    found += number_problems(question)
    if accusing := sorted({word.group(0).casefold() for word in ACCUSING.finditer(question)}):
        found.append(f"Take out words that accuse: {', '.join(accusing)}. Ask what the purchase was for")
    longest = max((len(sentence.split()) for sentence in re.split(r"[.!?\n]+", question)), default=0)
    if longest > MOST_WORDS_A_SENTENCE:
        found.append(f"Use sentences of {MOST_WORDS_A_SENTENCE} words or fewer: one has {longest}")
    return found + hard_problems(question)


def hard_problems(question: str) -> list[str]:
    """Whether a child of eleven could not read it. Names, and what care is called, count as easy: they cannot be put otherwise."""
    plain = NAME.sub("it", CARE.sub("it", question))
    if not re.search("[A-Za-z]", plain) or reading_age(plain) < EASY_AGE:
        return []
    hard = ", ".join(hard_words(plain)[:MOST_HARD_WORDS])
    return [f"Use easier words{f', without {hard}' if hard else ''}: a child of eleven should be able to read the question"]


def due_on_usual(today: date) -> date:
    """The day an answer is usually due."""
    return today + timedelta(days=USUAL_DAYS)


def has_died(visit: Visit, holder_id: str) -> bool:
    """Whether the register tells of the holder's death: then it is the personal representatives who are asked, gently."""
    if holder_id not in visit.night().person_of:
        return False
    return any(event["event_code"] == "death" for event in visit.night().persons.of(holder_id)["events"])


def draft_question(told: dict[str, Any], *, has_died: bool = False) -> str:
    """A question in easy words, to be changed by whoever sends it. It asks for no receipt that is on file."""
    if has_died:
        return (
            "We are sorry for your loss.\nWe are looking at our records of the budget.\n"
            f"{TO_WRITE}\nCan you help us with that when you feel able?\nYou have not done anything wrong."
        )
    if told["has_payment"]:
        papers = "" if told["has_receipt"] else "If you have a receipt, please send us a copy.\n"
        paid = f"{pounds(told['amount_pence'])} on {plain_day(told['subject_on'])}"
        return (
            f"Your budget paid {paid}.\nIt went to: {told['headline'].rpartition(', ')[0] or told['headline']}.\n"
            f"What was it for?\nHow does it help you?\n{papers}"
            "You have not done anything wrong. We ask so that our records are right."
        )
    return (
        f"We are looking at our records of your budget.\n{TO_WRITE}\nCan you help us with that?\n"
        "You have not done anything wrong. We ask so that our records are right."
    )


def question(visit: Visit) -> Response:
    """The question that was asked, as a letter to print or copy. Nothing is sent from here."""
    case = visit.case(visit.request.path_params["ref"])
    asked = [event for event in visit.known.moves.get(case.case_id, ()) if event.body["move_code"] == "ask"]
    if not asked:
        raise Refused(404, "No question has been asked", "Choose 'Ask for more information' on the item's page.")
    told = asked[-1].body["particulars"]
    visit.keep("view_question", case_ref=case.ref)
    to = "the personal representatives" if has_died(visit, case.told["holder_id"]) else "the budget holder"
    return visit.shown(
        "question.jinja", live=case, to=to, question=told["question"], due_on=date.fromisoformat(told["due_on"]), by=asked[-1].decided_by
    )
