"""A small night of flags for tests of the report: one case of every kind that the page treats differently."""

from __future__ import annotations

from datetime import date

from phb_audit.run import Run
from tests.builders import Row, fill

AS_OF = date(2026, 10, 31)
SHED, CLUB, WAGES, CASH, GAMES, TAXI, BOAT = ("Pshed", "Pclub", "Pwages", "Pcash", "Pgames", "Ptaxi", "Pboat")
ANN, BEN, CAT = ("H00ann0a1b2c3d4e5", "H00ben0a1b2c3d4e5", "H00cat0a1b2c3d4e5")


def flag(flag_id: str, case_id: str, rule_id: str, title: str, **more: object) -> Row:
    """One row of flagged.findings with words in every field a reader meets."""
    return {
        "flag_id": flag_id,
        "first_run_id": "QZZ-2026-10-30",
        "first_flagged_on": date(2026, 10, 30),
        "case_id": case_id,
        "rule_id": rule_id,
        "rule_version": "0a1b2c3d",
        "family_code": "A2",
        "holder_id": ANN,
        "subject_code": "payment",
        "subject_id": more.get("payment_id", "x"),
        "subject_on": date(2026, 10, 12),
        "outcome_code": "query",
        "severity": 2,
        "title": title,
        "sentence": f"{title}: what we saw.",
        "usual": f"What is usual for {rule_id}.",
        "plan_words": f"Not in the plan: words of {rule_id}.",
        "basis_code": "plan",
        "basis": f"Basis of {rule_id}.",
        "innocent": f"Innocent reading of {rule_id}.",
        "ask": f"Ask about {rule_id}.",
        "clears": f"A paper clears {rule_id}.",
        "measured": "{}",
        **more,
    }


def case(case_id: str, ref: str, rank: int, headline: str, **more: object) -> Row:
    """One row of flagged.cases."""
    return {
        "case_id": case_id,
        "case_ref": ref,
        "first_flagged_on": date(2026, 10, 30),
        "holder_id": ANN,
        "holder_shown": "PHB-00ANN0",
        "headline": headline,
        "subject_on": date(2026, 10, 12),
        "severity": 2,
        "priority_code": "high",
        "outcome_code": "query",
        "flags_count": 1,
        "rule_ids": "",
        "rank": rank,
        "state_code": "open",
        "is_queued": True,
        **more,
    }


def payment(payment_id: str, holder_id: str, payee: str, pence: int, **more: object) -> Row:
    """One row of matched.payments."""
    return {
        "payment_id": payment_id,
        "holder_id": holder_id,
        "account_id": "B1",
        "feed_code": "bank",
        "holding_code": "direct_payment",
        "care_group_code": "adult_chc",
        "paid_on": date(2026, 10, 12),
        "amount_pence": pence,
        "kind_code": "purchase",
        "is_spend": True,
        "payee_shown": payee,
        "category_code": "C01",
        "probability_share": 0.9,
        "category_because": "the words",
        "match_code": "fits",
        "match_share": 0.8,
        "match_because": "The category is the same.",
        "has_any_plan": True,
        **more,
    }


SHED_EVIDENCE: Row = {
    "plan_version_id": "PL1/v2",
    "match_code": "unclear",
    "match_share": 0.31,
    "match_because": "The words 'garden' and 'outdoors' match; the amount is not in the line.",
    "outcome_words": "Get out of the house twice a week",
    "plan_line_words": "Community activities and equipment for the garden",
    "line_amount_pence": 200_00,
    "line_frequency_code": "monthly",
    "line_most_at_once_pence": 300_00,
    "runner_up_line_id": "PL1/v2/2",
    "runner_up_share": 0.22,
    "budget_to_date_pence": 10_733_33,
    "spent_to_date_pence": 11_236_00,
    "remaining_pence": 7_164_00,
    "receipt_id": "R1",
    "receipt_match_code": "amount_differs",
    "receipt_difference_pence": -50_00,
}


def flagged_world(run: Run) -> Run:
    """The world, written into the run's warehouse."""
    fill(run, PLANS)
    fill(run, BOOKS)
    return fill(run, FLAGS)


FLAGS: dict[str, list[Row]] = {
    "matched.payments": [
        payment(SHED, ANN, "Garden Sheds Direct", 1_249_00, **SHED_EVIDENCE),
        payment(CLUB, BEN, "<b>Swim & Gym</b>", 45_00, match_code="no_plan", has_any_plan=False, match_share=0.0),
        payment(WAGES, BEN, "a named person (Y12ab)", 640_00, payee_ref="Y12ab", receipt_id="R2", receipt_match_code="exact"),
        payment(CASH, CAT, "Cash machine", 250_00, kind_code="cash", holding_code="third_party"),
        payment(GAMES, CAT, "Lucky Numbers", 99_00),
        payment(BOAT, CAT, "Lakeside Boats", 120_00, plan_line_words="Boating lessons with a support worker", is_preapproved=True),
        payment("Pquiet", CAT, "Daily Bread", 7_00, paid_on=date(2026, 10, 9)),
        payment("Ppool", ANN, "Paddle Pools", 215_00, plan_line_words="Inflatable pool for the pain plan", is_preapproved=True),
        payment(TAXI, ANN, "City Taxis", 18_00, is_preapproved=True, plan_line_words="Taxis to the day centre"),
    ],
    "matched.refund_links": [
        {
            "refund_id": "Pback",
            "purchase_id": SHED,
            "holder_id": ANN,
            "account_id": "B1",
            "link_code": "one",
            "refund_on": date(2026, 10, 30),
            "bought_on": date(2026, 10, 12),
            "back_pence": 100_00,
            "bought_pence": 1_249_00,
            "left_pence": 1_149_00,
            "points": 202,
            "because": "gives back a part (100)",
        }
    ],
    "flagged.cases": [
        case("c1", "F02601AB", 1, "Garden Sheds Direct, £1,249.00", payment_id=SHED, at_stake_pence=1_249_00, flags_count=3),
        case(
            "c2",
            "F02602CD",
            2,
            "<b>Swim & Gym</b>, £45.00",
            payment_id=CLUB,
            at_stake_pence=45_00,
            holder_id=BEN,
            holder_shown="PHB-00BEN0",
        )
        | {"priority_code": "medium", "outcome_code": "clinician", "first_flagged_on": AS_OF},
        case("c3", "F02603EF", 3, "a named person (Y12ab), £640.00", payment_id=WAGES, at_stake_pence=640_00, holder_id=BEN)
        | {"holder_shown": "PHB-00BEN0", "priority_code": "low"},
        case("c4", "F02604GH", 4, "Plan review", at_stake_pence=0, is_commissioners=True, outcome_code="information"),
        case("c5", "F02605JK", 5, "Lucky Numbers, £99.00", payment_id=GAMES, at_stake_pence=99_00, holder_id=CAT, is_restricted=True),
        case("c6", "F02606LM", 6, "Cash machine, £250.00", payment_id=CASH, at_stake_pence=250_00, holder_id=CAT, flags_count=2),
        case("c7", "F02607NP", 7, "Account holds 11.2 weeks of budget", at_stake_pence=3_100_00, priority_code="low"),
        case(
            "c8",
            "F02608QR",
            8,
            "2 papers to ask for",
            at_stake_pence=63_00,
            holder_id=BEN,
            holder_shown="PHB-00BEN0",
            flags_count=2,
        ),
    ],
    "flagged.clearings": [
        *(
            {"case_id": "c1", "set_number": number, "fact_codes": "receipt", "words": f"Paper {number} (from the holder)."}
            for number in range(1, 8)
        ),
        {"case_id": "c2", "set_number": 1, "fact_codes": "", "words": "Nothing that can be sent in clears this by itself."},
    ],
    "flagged.findings": [
        flag("f1", "c1", "P-01", "Not in the plan", payment_id=SHED, at_stake_pence=1_249_00),
        flag(
            "f2",
            "c1",
            "E-01",
            "No receipt after 28 days",
            payment_id=SHED,
            at_stake_pence=1_249_00,
            plan_words="Get out of the house twice a week",
        ),
        flag("f3", "c1", "G-02", "Review more than a year ago", payment_id=SHED, is_commissioners=True, outcome_code="information"),
        flag("f4", "c2", "P-01", "Not in the plan", payment_id=CLUB, holder_id=BEN, at_stake_pence=45_00)
        | {"first_run_id": "QZZ-2026-10-31", "first_flagged_on": AS_OF},
        flag("f5", "c3", "E-01", "No receipt after 28 days", payment_id=WAGES, holder_id=BEN, at_stake_pence=640_00),
        flag(
            "f6",
            "c4",
            "G-02",
            "Review more than a year ago",
            is_commissioners=True,
            subject_code="plan",
            basis="Reviews are due within 12 months.",
        ),
        flag("f7", "c5", "L-03", "Secret restricted reason", payment_id=GAMES, holder_id=CAT, is_restricted=True, at_stake_pence=99_00),
        flag("f8", "c6", "A-04", "Cash above what is agreed", payment_id=CASH, holder_id=CAT, at_stake_pence=250_00),
        flag("f9", "c6", "S-01", "Secret safeguarding reason", payment_id=CASH, holder_id=CAT, is_safeguarding=True),
        flag("f10", "c7", "A-07", "More in the account than usual", subject_code="account", subject_id="B1", at_stake_pence=3_100_00),
        flag("f11", "c8", "E-01", "No receipt after 28 days", payment_id=CLUB, holder_id=BEN, at_stake_pence=45_00),
        flag(
            "f12",
            "c8",
            "E-01",
            "No receipt after 28 days",
            payment_id=TAXI,
            holder_id=BEN,
            at_stake_pence=18_00,
            sentence="City Taxis has no receipt.",
        ),
    ],
    "flagged.suppressed": [
        {
            "flag_id": "s1",
            "rule_id": "P-02",
            "holder_id": CAT,
            "payment_id": BOAT,
            "settled_by": "P-04",
            "sentence": "Boating lessons are agreed by name.",
        },
        {
            "flag_id": "s2",
            "rule_id": "N-01",
            "holder_id": CAT,
            "payment_id": BOAT,
            "settled_by": "P-04",
            "sentence": "Boating lessons are agreed by name.",
        },
        # Settled, but on a payment whose case is withheld: it must not come back in through section 6.
        {"flag_id": "s3", "rule_id": "P-02", "holder_id": CAT, "payment_id": GAMES, "settled_by": "P-04", "sentence": "Secret settled."},
    ],
    "flagged.cleared": [
        {"flag_id": "x1", "cleared_on": AS_OF, "rule_id": "E-01", "holder_id": ANN, "payment_id": TAXI, "is_restricted": False}
        | {"sentence": "No receipt for 40 days.", "because": "receipt added"},
        {"flag_id": "x2", "cleared_on": AS_OF, "rule_id": "A-03", "holder_id": CAT, "payment_id": TAXI, "is_restricted": True}
        | {"sentence": "Secret cleared sentence.", "because": "plan received"},
    ],
}

PLANS: dict[str, list[Row]] = {
    "validated.plans": [
        {"plan_version_id": "PL1/v2", "holder_id": ANN, "plan_ref": "PL1", "version": 2, "effective_from_on": date(2026, 3, 3)}
        | {"approved_on": date(2026, 3, 1), "review_due_on": date(2027, 3, 3), "status_code": "approved"},
    ],
    "validated.plan_lines": [
        {
            "plan_line_id": "PL1/v2/2",
            "plan_version_id": "PL1/v2",
            "holder_id": ANN,
            "line_ref": "2",
            "description": "Physiotherapy at home",
        },
    ],
    "validated.budgets": [
        {"budget_id": "G1", "holder_id": ANN, "holding_code": "direct_payment", "area_name": "North place", "annual_pence": 18_400_00},
        {"budget_id": "G2", "holder_id": BEN, "holding_code": "direct_payment", "area_name": "South place", "annual_pence": 9_000_00},
    ],
    "validated.receipts": [
        {"receipt_id": "R1", "holder_id": ANN, "supplier_name": "Garden Sheds Direct", "invoice_number": "GS-77", "total_pence": 1_199_00}
        | {"dated_on": date(2026, 10, 12), "received_on": date(2026, 10, 19), "is_readable": True},
        {"receipt_id": "R2", "holder_id": BEN, "supplier_name": "Priscilla Quagmire", "total_pence": 640_00, "is_readable": True}
        | {"dated_on": date(2026, 10, 12)},
    ],
    "validated.receipt_lines": [
        {
            "receipt_line_id": "L1",
            "receipt_id": "R1",
            "holder_id": ANN,
            "line_number": 2,
            "description": "Summer house 6x4",
            "line_total_pence": 1_149_00,
        },
        {
            "receipt_line_id": "L2",
            "receipt_id": "R1",
            "holder_id": ANN,
            "line_number": 3,
            "description": "Delivery",
            "line_total_pence": 50_00,
        },
        {
            "receipt_line_id": "L3",
            "receipt_id": "R2",
            "holder_id": BEN,
            "line_number": 2,
            "description": "Care by Priscilla Quagmire",
            "line_total_pence": 640_00,
        },
    ],
    "matched.receipt_links": [
        {"payment_id": SHED, "receipt_id": "R1", "holder_id": ANN, "link_code": "one", "because": "names alike (200)"},
        {"payment_id": WAGES, "receipt_id": "R2", "holder_id": BEN, "link_code": "one", "because": "same amount (400)"},
    ],
    "matched.accounts": [
        {"account_id": "B1", "holder_id": ANN, "holding_code": "direct_payment", "balance_pence": 3_960_00, "weekly_pence": 353_57}
        | {"due_pence": 0, "weeks_held": 11.2, "last_line_on": date(2026, 10, 30), "is_balance_given": True},
    ],
}


def books(stage: str, rows: int, pence: int) -> list[Row]:
    """Two lines of one stage's books that balance."""
    line = {"stage_name": stage, "rows_count": rows, "sum_pence": pence}
    return [line | {"side_code": "in", "item": "rows read"}, line | {"side_code": "out", "item": "rows kept"}]


BOOKS: dict[str, list[Row]] = {
    "nights.runs": [
        {
            "commissioner_code": "QZZ",
            "as_of_on": AS_OF,
            "state_code": "running",
            "stage_name": "reports",
            "version": "0.1.0",
            "rules_version": "feedc0de",
        },
    ],
    "nights.control_totals": [row for stage in ("flagged", "landed", "matched") for row in books(stage, 7, 2_421_00)],
    "landed.files": [
        {
            "file_id": "ab" * 32,
            "file_name": "bank/october.csv",
            "feed_code": "bank",
            "state_code": "landed",
            "rows_read": 7,
            "rows_landed": 7,
        },
        {
            "file_id": "cd" * 32,
            "file_name": "bank/odd.csv",
            "feed_code": "bank",
            "state_code": "refused",
            "reason": "No known layout has these headers.",
        },
    ],
    "landed.feeds": [
        {"feed_code": "payroll", "owner": "the payroll provider", "last_data_on": date(2026, 8, 31), "usual_days": 35, "is_late": True},
        {"feed_code": "bank", "owner": "the bank", "last_data_on": AS_OF, "usual_days": 7, "is_late": False},
    ],
    "validated.quarantine": [
        {
            "row_id": "q1",
            "file_id": "ab" * 32,
            "file_name": "bank/october.csv",
            "line_number": 4,
            "table_name": "landed.payments",
            "feed_code": "bank",
        }
        | {
            "reason_codes": "amount",
            "reason": "No amount",
            "fix_owner": "the bank",
            "row": "{}",
            "amount_pence": 12_00,
            "state_code": "open",
        },
        {
            "row_id": "q2",
            "file_id": "ab" * 32,
            "file_name": "bank/october.csv",
            "line_number": 5,
            "table_name": "landed.payments",
            "feed_code": "bank",
        }
        | {
            "reason_codes": "amount",
            "reason": "No amount",
            "fix_owner": "the bank",
            "row": "{}",
            "amount_pence": 30_00,
            "state_code": "readmitted",
        },
    ],
    "validated.held_back": [{"holder_id": CAT, "feed_code": "bank", "rows_refused": 1, "reason": "refused"}],
    "validated.checks": [
        {
            "suite_name": "landed_payments",
            "expectation_name": "amount",
            "severity_code": "quarantine",
            "reason": "A payment has an amount.",
            "fix_owner": "the bank",
        }
        | {"rows_checked": 8, "rows_failed": 1, "is_met": False},
    ],
}
