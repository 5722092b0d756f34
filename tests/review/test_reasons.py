"""What may be written into the log of decisions, and into a question: no number that identifies, no word that accuses."""

from __future__ import annotations

from datetime import date

import pytest

from phb_audit.identity import nhs_check_digit
from phb_audit.review.question import CHOICES, TO_WRITE, choices_of, draft_question, question_problems, reason_problems

NUMBER = "999000001" + str(nhs_check_digit([9, 9, 9, 0, 0, 0, 0, 0, 1]))


@pytest.mark.parametrize(
    "reason",
    [
        "It serves the goal; the plan should say so.",
        "Referred to the Local Counter Fraud Specialist, who asked for the statements.",
        "Abuse of the holder is possible: handed to the safeguarding lead.",
        "Invoice 9990000011 is missing.",  # ten figures that are no NHS number
        "£1,234.56 was paid twice, on 3 and 4 August 2026.",
    ],
)
def test_a_plain_reason_is_kept(reason: str) -> None:
    assert reason_problems(reason) == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("This is fraud, and the holder lied.", "Take out words that accuse: fraud, lied. Write what you saw and what is missing"),
        (f"Bought by {NUMBER}.", "Take out the NHS or National Insurance number: the item says whose it is"),
        (f"Bought by {NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}.", "Take out the NHS or National Insurance number: the item says whose it is"),
        ("Paid to AX327285D.", "Take out the NHS or National Insurance number: the item says whose it is"),
    ],
)
def test_a_reason_that_identifies_or_accuses_is_sent_back(reason: str, words: str) -> None:
    assert reason_problems(reason) == [words]


@pytest.mark.parametrize("has_receipt", [False, True])
def test_a_receipt_that_is_on_file_is_not_asked_for(has_receipt: bool) -> None:
    told = {"has_payment": True, "amount_pence": 20_00, "subject_on": date(2026, 8, 3), "headline": "POTTERY, £20.00"}
    written = draft_question(told | {"has_receipt": has_receipt})
    assert ("send us a copy" in written) is not has_receipt
    assert question_problems(written) == []


def test_a_question_carries_no_number_that_identifies() -> None:
    assert question_problems(f"Please tell us what {NUMBER} bought.") == [
        "Take out the NHS or National Insurance number: the item says whose it is"
    ]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Could you please provide documentation supporting the expenditure?", "documentation, expenditure"),
        ("Notwithstanding heretofore unsubstantiated categorisation, kindly furnish particulars.", "Notwithstanding, heretofore"),
    ],
)
def test_a_question_that_a_child_of_eleven_could_not_read_is_sent_back(question: str, words: str) -> None:
    (problem,) = question_problems(question)
    assert problem.startswith(f"Use easier words, without {words}")


@pytest.mark.parametrize(
    "question",
    [
        "What was the physiotherapy for?",
        "Did your personal assistant buy this for you?",
        "Why did you pay Meadow Rehabilitation Limited twice in one week?",
        "Please send us the receipt of 3 May. What did it help you with?",
    ],
)
def test_names_and_what_care_is_called_are_no_hard_words(question: str) -> None:
    assert question_problems(question) == []


def test_whoever_decides_about_money_does_not_change_the_plan() -> None:
    every = tuple(CHOICES)
    assert "care plan" in choices_of("plan_fit", every)["agree"][1]
    money = choices_of("money_and_evidence", every)
    assert "agree_update_plan" not in money
    assert not [hint for _, hint in money.values() if "plan" in hint]


def test_a_draft_that_cannot_tell_leaves_what_to_ask_to_be_written_and_is_not_sent_as_it_is() -> None:
    written = draft_question({"has_payment": False})
    assert question_problems(written) == [f"Write what you want to know in the place of “{TO_WRITE}”"]
    assert question_problems(written.replace(TO_WRITE, "We have no bank papers for May.")) == []


def test_a_draft_to_personal_representatives_is_gentle_and_leaves_what_to_ask_to_be_written() -> None:
    written = draft_question({"has_payment": True, "amount_pence": 20_00}, has_died=True)
    assert written.startswith("We are sorry for your loss.")
    assert "your budget" not in written
    assert question_problems(written) == [f"Write what you want to know in the place of “{TO_WRITE}”"]
    assert question_problems(written.replace(TO_WRITE, "A payment was made on 3 June.")) == []


def test_a_letter_that_asks_nothing_is_sent_back() -> None:
    assert question_problems("We looked at your budget. All is well.") == ["Ask something: nothing is asked here"]
