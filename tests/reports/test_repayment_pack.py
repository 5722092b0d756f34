"""The repayment pack: whole or not made at all, the same bytes for the same case, and our own part first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest

from phb_audit.cases.casebook import casebook_events
from phb_audit.errors import UsageError
from phb_audit.reports.repayment_answers import Elsewhere, form, no_answers, read_answers
from phb_audit.reports.repayment_command import KIND, make_pack, write_form
from phb_audit.reports.repayment_facts import Facts, facts_of
from phb_audit.reports.repayment_missing import missing
from phb_audit.reports.repayment_pack import Pack, PackRefused, pack_of, page_of, pdf_of
from phb_audit.run import Run
from tests.builders import fill, make_run
from tests.contract.test_words import ACCUSING, OFFICIAL
from tests.reports.flagged_world import ANN, case
from tests.reports.repayment_world import FILLED, OFFSET, ON, PAID, REFUND, REPAID, SEEN, decided, filled, repayment_world


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    run = decided(repayment_world(make_run(tmp_path_factory.mktemp("pack"))))
    run.warehouse.close()
    return facts_of(run.settings, "QZZ", SEEN.case_ref)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Run]:
    run = decided(repayment_world(make_run(tmp_path)))
    run.warehouse.close()
    yield run


@pytest.fixture(scope="module")
def pack(facts: Facts) -> Pack:
    return pack_of(facts, FILLED, by="Pat Preparer", on=ON)


def test_the_amount_is_worked_out_from_the_lines(pack: Pack) -> None:
    assert [row[-1] for row in pack.sums] == ["£64.00", "-£14.00", "£0.00", "-£5.00"]
    assert pack.total == "£45.00"


def test_what_was_repaid_elsewhere_counts_too(facts: Facts) -> None:
    told = filled(elsewhere=(Elsewhere(date(2026, 11, 1), 20_00, "cheque"),), asked_pence=25_00)
    assert pack_of(facts, told, by="Pat Preparer", on=ON).total == "£25.00"


def test_our_own_part_stands_first_with_what_we_say_to_it(pack: Pack) -> None:
    assert pack.ours[0] == ("Review overdue", "The review was due on 1 May 2026.", "The review was late. It would not have changed this.")
    page = page_of(pack).decode()
    assert page.index("Our own part first") < page.index("What is asked") < page.index("How the amount is made up")


def test_the_evidence_names_lines_papers_plan_rules_and_people(pack: Pack) -> None:
    ((payment, plan, receipt, files),) = pack.payments
    assert "Magpie Tutors, 1 September 2026, £64.00" in payment
    assert plan == "Plan PL1/v2, in force from 1 April 2026, agreed 20 March 2026. Nearest words: “Swimming once a week”."
    assert receipt == f"Receipt R1, picture SHA-256 {'b' * 16}."
    assert files == f"Statement file SHA-256 {'a' * 16}, line 7."
    assert pack.rules == (("P-02", "0a1b2c3d", SEEN.flags[0]["sentence"]),)
    assert [(row[0], row[1]) for row in pack.decisions] == [
        ("2026-11-03 09:00:00 UTC", "Ada Reviewer"),
        ("2026-11-04 09:00:00 UTC", "Bo Checker"),
    ]


def test_it_says_that_it_is_a_draft_for_a_named_person(pack: Pack) -> None:
    assert pack.draft == "This is a draft. Nothing has been sent. Cy Director (Head of personal budgets) must read it, and sign it or not."
    assert pack.draft in page_of(pack).decode()


def test_ground_law_and_the_right_to_ask_again_are_there(pack: Pack) -> None:
    ground = dict(pack.facts)["Ground"]  # type: ignore[arg-type]
    assert "regulation 15(1)(d)" in ground
    assert any("regulation 15(4) and (5)" in words for words in pack.law)
    assert pack.again[0] == "You can ask us to look at this decision again until 15 January 2027."


def test_the_same_case_gives_the_same_bytes(pack: Pack, facts: Facts) -> None:
    again = pack_of(facts, FILLED, by="Pat Preparer", on=ON)
    assert page_of(pack) == page_of(again)
    assert pdf_of(pack, ON) == pdf_of(again, ON)


def test_the_pdf_says_what_the_page_says_and_is_tagged(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "pack.pdf"
    path.write_bytes(pdf_of(pack, ON))
    read = pypdf.PdfReader(path)
    words = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    for told in (pack.draft, pack.total, pack.reason, pack.again[1], "Ada Reviewer", "Bo Checker", "Review overdue"):
        assert told in words
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    meta = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part" in meta
    assert "pdfaid:part" in meta
    fonts = {font["/BaseFont"] for page in read.pages for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert all("Arimo" in font for font in fonts)


def test_no_word_accuses_anybody(pack: Pack) -> None:
    assert ACCUSING.search(OFFICIAL.sub("", page_of(pack).decode())) is None


LACKING = [
    (filled(ground=""), "The ground of regulation 15(1) is missing"),
    (filled(ground="z"), "The ground of regulation 15(1) is missing"),
    (filled(ground="e"), "refer the case to the Local Counter Fraud Specialist"),
    (filled(reason="Not in plan."), "The reasons are missing"),
    (filled(pay_by_on=None), "The time to pay is missing"),
    (filled(pay_by_on=ON), "The time to pay is missing, or has passed"),
    (filled(how_to_pay=""), "How to pay is missing"),
    (filled(contact=""), "Whom the holder can talk to is missing"),
    (filled(signed_by=""), "The name of who is to sign is missing"),
    (filled(signed_as=""), "The role of who is to sign is missing"),
    (filled(reconsider_how=""), "How to have the decision looked at again"),
    (filled(reconsider_to=""), "How to have the decision looked at again"),
    (filled(reconsider_by_on=None), "By when it can be asked to be looked at again"),
    (filled(reconsider_by_on=ON - timedelta(days=1)), "By when it can be asked to be looked at again"),
    (filled(payer=""), "Who must pay is missing"),
    (filled(payer="representative"), "No representative is on file"),
    (filled(payer="body"), "No line of this case was held by an organisation"),
    (filled(payer="personal_representatives"), "No death is on file"),
    (filled(ground="f"), "No death is on file"),
    (filled(asked_pence=None), "The amount asked is missing (asked_pence); the lines come to £45.00"),
    (filled(asked_pence=64_00), "The amount asked is £64.00, but the lines come to £45.00"),
    (filled(counted={REFUND: 14_00, REPAID: 50_00, OFFSET: 0}, asked_pence=0), "The lines come to nothing"),
    (filled(not_agreed={}), "It is not said how much of the payment of £64.00"),
    (filled(not_agreed={PAID: 65_00}), "£65.00 cannot be the part not agreed"),
    (filled(not_agreed={PAID: 64_00, "Pother": 1_00}), "The payment Pother is not part of this case"),
    (filled(counted={REPAID: 0, OFFSET: 5_00}), "It is not said how much of the refund of £14.00"),
    (filled(counted={REFUND: 14_00, OFFSET: 5_00}), "It is not said how much of the repayment of £50.00"),
    (filled(counted={REFUND: 14_00, REPAID: 0}), "It is not said how much of the offset of £5.00"),
    (filled(counted={REFUND: 15_00, REPAID: 0, OFFSET: 5_00}), "£15.00 cannot be the part that counts"),
    (filled(counted={REFUND: 14_00, REPAID: 0, OFFSET: 5_00, "x": 1}), "x is no refund, repayment or offset on file"),
    (filled(our_part={**FILLED.our_part, "G2": ""}), "Our own part is not answered: Review overdue (G2)"),
    (filled(our_part={**FILLED.our_part, "accepted_before": "no"}), "Was the like accepted before?"),
    (filled(our_part={**FILLED.our_part, "asked_before": ""}), "Were we asked before, and did we reply?"),
    (filled(our_part={**FILLED.our_part, "G9": "Something or other."}), "[our_part] G9 is nothing of our own on file"),
]


@pytest.mark.parametrize(("answers", "words"), LACKING, ids=[words[:40] for _, words in LACKING])
def test_each_missing_thing_alone_refuses_the_pack(facts: Facts, answers: Any, words: str) -> None:
    with pytest.raises(PackRefused) as refused:
        pack_of(facts, answers, by="Pat Preparer", on=ON)
    assert words in str(refused.value)


def test_the_whole_form_lacks_nothing_and_an_empty_one_is_told_everything_at_once(facts: Facts) -> None:
    assert missing(facts, FILLED, ON) == []
    assert len(missing(facts, no_answers(), ON)) == 18
    with pytest.raises(PackRefused) as refused:
        pack_of(facts, no_answers(), by=" ", on=ON)
    assert str(refused.value).count("\n  * ") == 19


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        ({"state_code": "not_agreed_to_check"}, "only one decided as 'not agreed' and confirmed"),
        ({"state_code": "agreed"}, "only one decided as 'not agreed' and confirmed"),
        ({"checked_by": None}, "lacks the name of who decided or of who checked"),
        ({"checked_by": "ADA reviewer."}, "two people are needed"),
    ],
)
def test_two_people_must_have_closed_it(facts: Facts, standing: dict[str, Any], words: str) -> None:
    other = replace(facts, standing=replace(facts.standing, **standing))
    (told,) = missing(other, FILLED, ON)
    assert words in told


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"is_apart": True}, "takes another route"),
        ({"died_on": date(2026, 10, 1)}, "only the personal representatives can be asked"),
        ({"lines": (), "money_back": ()}, "The case names no payment line"),
    ],
)
def test_what_is_on_file_may_stand_against_it(facts: Facts, more: dict[str, Any], words: str) -> None:
    assert any(words in told for told in missing(replace(facts, **more), FILLED, ON))


def test_a_case_of_another_lane_is_not_for_a_request(tmp_path: Path) -> None:
    run = decided(repayment_world(make_run(tmp_path)))
    fill(run, {"apart.cases": [case("c1", SEEN.case_ref, 1, "Magpie Tutors, £64.00", lane_code="restricted")]})
    run.warehouse.close()
    (told,) = missing(facts_of(run.settings, "QZZ", SEEN.case_ref), FILLED, ON)
    assert "takes another route" in told


def test_without_a_plan_in_force_nothing_was_outside_it(facts: Facts) -> None:
    bare = replace(facts, lines=tuple(line | {"plan_version_id": None} for line in facts.lines))
    (told,) = missing(bare, FILLED, ON)
    assert told.startswith("No care plan was in force on 1 September 2026")


def test_no_more_is_asked_than_was_in_question(facts: Facts) -> None:
    seen = facts.seen | {"flags": [{**SEEN.flags[0], "at_stake_pence": 30_00}]}
    (told,) = missing(replace(facts, seen=seen), FILLED, ON)
    assert told.startswith("£64.00 cannot be the part not agreed")
    assert told.endswith("£30.00 was in question then.")


def test_after_a_death_the_personal_representatives_are_asked(facts: Facts) -> None:
    died = replace(facts, died_on=date(2026, 10, 1))
    assert missing(died, filled(ground="f", payer="personal_representatives"), ON) == []


def test_our_slow_hand_and_what_we_let_pass_before_must_be_answered(tmp_path: Path) -> None:
    run = decided(repayment_world(make_run(tmp_path)))
    fill(
        run,
        {
            "matched.payments": [
                {
                    "payment_id": "Pold",
                    "holder_id": ANN,
                    "payee_id": "M1",
                    "amount_pence": 60_00,
                    "is_spend": True,
                    "paid_on": date(2026, 3, 1),
                }
            ],
            "validated.holder_events": [{"event_id": "V1", "holder_id": ANN, "event_code": "financial_audit", "from_on": date(2026, 5, 1)}],
        },
    )
    run.warehouse.run("UPDATE flagged.cases SET first_flagged_on = DATE '2026-12-30' WHERE case_id = 'c1'")
    run.warehouse.close()
    own = {one.key: one.words for one in facts_of(run.settings, "QZZ", SEEN.case_ref).own}
    assert own["our_time"].startswith("It was first asked about 120 days after it was paid")
    assert own["accepted_before"] == (
        "1 earlier payment to the same payee is on file, the last on 1 March 2026. "
        "An audit or review was held on 1 May 2026 after the first of them."
    )


def test_the_form_read_back_lacks_what_an_empty_one_lacks_but_for_refunds(facts: Facts, tmp_path: Path) -> None:
    path = tmp_path / "form.toml"
    path.write_text(form(facts), encoding="utf-8")
    read = read_answers(path)
    assert read.counted == {REFUND: 14_00, REPAID: None, OFFSET: None}
    empty = set(missing(facts, no_answers(), ON))
    came = {words for words in empty if "refund" in words}
    amount = {words for words in {*empty, *missing(facts, read, ON)} if words.startswith("The amount asked is missing")}
    assert set(missing(facts, read, ON)) - amount == empty - came - amount


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("grund = 'd'", "grund is not known"),
        ("asked_pence = 64.0", "asked_pence cannot be 64.0"),
        ("pay_by_on = '2027-01-31'", "pay_by_on cannot be"),
        ("reason = 3", "reason cannot be 3"),
        ("[[line]]\npayment_id='P'\nnot_agreed_pence=1\n[[line]]\npayment_id='P'\nnot_agreed_pence=1", "stands there twice"),
        ("[[repaid_elsewhere]]\npence = 3", "is not whole"),
    ],
)
def test_a_form_that_cannot_be_read_says_where(tmp_path: Path, words: str, told: str) -> None:
    path = tmp_path / "form.toml"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        read_answers(path)


def test_the_command_writes_both_files_and_keeps_the_draft_once(closed: Run, tmp_path: Path) -> None:
    path, said = tmp_path / "form.toml", list[str]()
    write_form(closed.settings, "QZZ", SEEN.case_ref, path, say=said.append)
    with pytest.raises(UsageError, match="is there already"):
        write_form(closed.settings, "QZZ", SEEN.case_ref, path, say=said.append)
    path.write_text(FORM, encoding="utf-8")
    for _ in range(2):
        make_pack(closed.settings, "QZZ", SEEN.case_ref, answers=path, out=tmp_path / "out", by="Pat Preparer", on=ON, say=said.append)
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["F02601AB.html", "F02601AB.pdf"]
    (kept,) = [event for event in casebook_events(closed.settings, "QZZ") if event.kind_code == KIND]
    assert kept.body["amount"] == "£45.00"
    assert set(kept.body["files"]) == {"F02601AB.html", "F02601AB.pdf"}


def test_of_a_case_that_is_not_closed_there_is_neither_form_nor_pack(tmp_path: Path) -> None:
    run = decided(repayment_world(make_run(tmp_path)), is_confirmed=False)
    run.warehouse.close()
    with pytest.raises(UsageError, match=r"is not closed as not agreed .* The form and the pack can be made once it is"):
        write_form(run.settings, "QZZ", SEEN.case_ref, tmp_path / "form.toml", say=print)
    assert not (tmp_path / "form.toml").exists()
    with pytest.raises(PackRefused, match="The pack can be made once it is"):
        make_pack(run.settings, "QZZ", SEEN.case_ref, answers=None, out=tmp_path / "out", by="Pat Preparer", on=ON, say=print)


def test_a_refused_pack_leaves_nothing_behind(closed: Run, tmp_path: Path) -> None:
    with pytest.raises(PackRefused):
        make_pack(closed.settings, "QZZ", SEEN.case_ref, answers=None, out=tmp_path / "out", by="Pat Preparer", on=ON, say=print)
    assert not (tmp_path / "out").exists()
    assert KIND not in {event.kind_code for event in casebook_events(closed.settings, "QZZ")}


def test_a_case_nobody_decided_on_is_said(closed: Run) -> None:
    with pytest.raises(UsageError, match="Nobody has decided anything on a case F0000000"):
        facts_of(closed.settings, "QZZ", "F0000000")


FORM = f"""
ground = "d"
reason = "You paid Magpie Tutors 64 pounds. The school arranges tuition for you, and your care plan does not name it."
asked_pence = 4500
pay_by_on = 2027-01-31
how_to_pay = "By bank transfer."
payer = "nominee"
contact = "Your care co-ordinator"
signed_by = "Cy Director"
signed_as = "Head of personal budgets"
[reconsider]
how = "Write or telephone."
to = "A manager who had no part in this"
by_on = 2027-01-15
[[line]]
payment_id = "{PAID}"
not_agreed_pence = 6400
[[money_back]]
back_id = "{REFUND}"
counted_pence = 1400
[[money_back]]
back_id = "{REPAID}"
counted_pence = 0
[[money_back]]
back_id = "{OFFSET}"
counted_pence = 500
[our_part]
G2 = "The review was late. It would not have changed this."
accepted_before = "Nothing like it was accepted before."
asked_before = "Nothing was asked of us before."
"""
