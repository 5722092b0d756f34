"""One closed case whose money may be asked back, and a form filled in for it: every name and number is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from phb_audit.cases.casebook import open_casebook
from phb_audit.cases.decisions import SeenCase, move
from phb_audit.reports.repayment_answers import Answers
from phb_audit.run import Run
from tests.builders import fill
from tests.reports.flagged_world import ANN, case, flag, payment

ON = date(2026, 11, 26)
FIRST, SECOND = datetime(2026, 11, 3, 9, tzinfo=UTC), datetime(2026, 11, 4, 9, tzinfo=UTC)
PAID, REFUND, REPAID, OFFSET = "Ptutor", "Prefund", "Prepaid", "Toffset"
SEEN_FLAG = {
    "flag_id": "F1",
    "rule_id": "P-02",
    "rule_version": "0a1b2c3d",
    "title": "Not in the plan",
    "sentence": "£64.00 was paid to Magpie Tutors, which the plan does not name.",
    "plan_words": "Swimming once a week",
    "measured": "{}",
    "payment_id": PAID,
    "at_stake_pence": 64_00,
}
SEEN = SeenCase("c1", "F02601AB", ANN, "QZZ-2026-10-31", 2, ("A2",), (SEEN_FLAG,))


def repayment_world(run: Run) -> Run:
    """A payment of £64 with receipt and plan; £14, £50 and £5 that came back after it; and a late review of ours."""
    own = flag("G2", "c2", "G-02", "Review overdue", is_commissioners=True, family_code="A6", sentence="The review was due on 1 May 2026.")
    about = {"payee_id": "M1", "plan_version_id": "PL1/v2", "plan_line_words": "Swimming once a week", "paid_on": date(2026, 9, 1)}
    return fill(
        run,
        {
            "flagged.findings": [flag("F1", "c1", "P-02", "Not in the plan", payment_id=PAID), own],
            "flagged.cases": [case("c1", SEEN.case_ref, 1, "Magpie Tutors, £64.00", first_flagged_on=date(2026, 10, 30))],
            "matched.payments": [
                payment(PAID, ANN, "Magpie Tutors", 64_00, receipt_id="R1", **about),
                payment(REFUND, ANN, "Magpie Tutors", -14_00, kind_code="refund", **{**about, "paid_on": date(2026, 9, 9)}),
                payment(REPAID, ANN, "QZZ recoveries", 50_00, kind_code="repayment", payee_id="M9", paid_on=date(2026, 10, 2)),
            ],
            "validated.payments": [{"payment_id": PAID, "holder_id": ANN, "file_id": "a" * 64, "line_number": 7}],
            "validated.receipts": [{"receipt_id": "R1", "holder_id": ANN, "image_hash": "b" * 64, "file_id": "c" * 64}],
            "validated.plans": [
                {
                    "plan_version_id": "PL1/v2",
                    "holder_id": ANN,
                    "version": 2,
                    "effective_from_on": date(2026, 4, 1),
                    "approved_on": date(2026, 3, 20),
                }
            ],
            "validated.instalments": [
                {
                    "instalment_id": OFFSET,
                    "holder_id": ANN,
                    "amount_pence": -5_00,
                    "paid_on": date(2026, 10, 3),
                    "kind_code": "recovery offset",
                }
            ],
            "validated.people": [{"connection_id": "C1", "holder_id": ANN, "role_code": "nominee"}],
        },
    )


def decided(run: Run, *, is_confirmed: bool = True) -> Run:
    """Not agreed by one person, and confirmed by another."""
    why = "The school arranges tuition, and it is not in the plan."
    with open_casebook(run.settings, "QZZ") as book:
        move(book, SEEN, "propose_not_agreed", by="Ada Reviewer", role="clinician", reason=why, version=0, at=FIRST)
        if is_confirmed:
            move(book, SEEN, "confirm_not_agreed", by="Bo Checker", role="second_checker", reason=why, version=1, at=SECOND)
    return run


FILLED = Answers(
    texts={
        "ground": "d",
        "reason": "You paid Magpie Tutors £64. The school arranges tuition for you, and your care plan does not name it.",
        "payer": "holder",
        "how_to_pay": "By bank transfer, or by a lower next payment if you prefer.",
        "contact": "Your care co-ordinator, by telephone or letter",
        "signed_by": "Cy Director",
        "signed_as": "Head of personal budgets",
    },
    asked_pence=45_00,
    pay_by_on=date(2027, 1, 31),
    reconsider_how="Write or telephone, in your own words.",
    reconsider_to="A manager who had no part in this decision",
    reconsider_by_on=date(2027, 1, 15),
    not_agreed={PAID: 64_00},
    counted={REFUND: 14_00, REPAID: 0, OFFSET: 5_00},
    elsewhere=(),
    our_part={
        "G2": "The review was late. It would not have changed this.",
        "accepted_before": "Nothing like it was accepted before.",
        "asked_before": "Nothing was asked of us before.",
    },
)


def filled(**more: object) -> Answers:
    """The form with something else in it; a text field by its own name."""
    texts = {name: str(more.pop(name)) for name in list(more) if name in FILLED.texts}
    return replace(FILLED, texts=FILLED.texts | texts, **more)  # type: ignore[arg-type]
