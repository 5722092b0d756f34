"""The flagged-item report, read as its reader would: by its words."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pytest

from phb_audit.errors import UsageError
from phb_audit.flagged import rules_version
from phb_audit.reports.command import report
from phb_audit.reports.flagged_items import APART, build_report
from phb_audit.run import Run
from tests.builders import fill, make_run
from tests.contract.test_words import ACCUSING, OFFICIAL
from tests.reports.flagged_world import ANN, FLAGS, case, flag, flagged_world, payment

SECTIONS = (
    "1. Scope and control totals",
    "2. Data quality",
    "3. Our own delays",
    "4. Flags by reason",
    "5. What needs a look",
    "6. Unusual and agreed",
    "7. Decided, asked or put off",
    "8. Resolved since the last night",
    "9. Method and limits",
)


def words_of(page: str) -> str:
    """What a person reads: no tags, no styles, single blanks."""
    shown = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def section(words: str, place: int) -> str:
    """The words of one numbered section."""
    ends = [*SECTIONS, "zzz"]
    return words[words.index(ends[place - 1]) :].partition(ends[place])[0]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    run = flagged_world(make_run(tmp_path_factory.mktemp("report")))
    path = build_report(run)
    run.warehouse.close()
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def words(page: str) -> str:
    return words_of(page)


def test_it_stands_in_the_commissioners_reports_under_the_run(run: Run) -> None:
    path = build_report(flagged_world(run))
    assert path == run.settings.home / "reports" / "QZZ" / "QZZ-2026-10-31.html"
    assert not list(path.parent.glob("*.part"))


def test_the_same_tables_give_the_same_bytes(run: Run, page: str) -> None:
    assert build_report(flagged_world(run)).read_text(encoding="utf-8") == page


def test_the_sections_stand_in_order(words: str) -> None:
    places = [words.index(name) for name in SECTIONS]
    assert places == sorted(places)


def test_it_opens_by_saying_what_a_flag_is(words: str) -> None:
    assert words.index("A flag is a prompt to look, not a finding. Unusual purchases can be right for the person.") < words.index(
        SECTIONS[0]
    )


def test_nothing_of_a_restricted_or_safeguarding_case_is_on_the_page(page: str) -> None:
    for secret in ("Secret", "Lucky Numbers", "F02605JK", "F02606LM", "Cash machine", "L-03", "A-04", "S-01"):
        assert secret not in page, secret


def test_of_withheld_cases_the_page_says_what_it_says_every_night(words: str) -> None:
    assert APART in words


def test_no_name_of_a_person_paid_reaches_the_page(page: str) -> None:
    assert "Quagmire" not in page
    assert "a named person (Y12ab)" in page


def test_no_identity_but_the_short_code_reaches_the_page(page: str) -> None:
    assert ANN not in page
    assert not re.search(r"H[0-9a-z]{16}|B[0-9a-f]{16}", page)
    assert "PHB-00ANN0" in page


def test_no_accusing_word_is_read(words: str) -> None:
    found = ACCUSING.search(OFFICIAL.sub("", words))
    assert found is None, found


def test_what_a_payee_is_called_cannot_become_markup(page: str) -> None:
    assert "<b>Swim" not in page
    assert "&lt;b&gt;Swim &amp; Gym&lt;/b&gt;" in page


def test_the_books_are_said_to_balance_and_shown(run: Run, words: str) -> None:
    scope = section(words, 1)
    assert "The books balance: at all 3 stages" in scope
    assert scope.index("Landed 7 7 £2,421.00 £2,421.00 Yes") < scope.index("Matched 7 7") < scope.index("Flagged 7 7")
    assert f"Rules version {rules_version(run.commissioner_code, run.settings)}" in scope
    assert "abababababab" in scope


@pytest.mark.parametrize(("rows_count", "sum_pence"), [(1, 0), (0, 5)])
def test_books_that_do_not_balance_are_said_first(run: Run, rows_count: int, sum_pence: int) -> None:
    flagged_world(run)
    extra = {"stage_name": "matched", "side_code": "out", "item": "extra", "rows_count": rows_count, "sum_pence": sum_pence}
    fill(run, {"nights.control_totals": [extra]})
    words = words_of(build_report(run).read_text(encoding="utf-8"))
    assert words.index("The books do not balance at matched: do not rely on this report") < words.index(SECTIONS[0])


def test_data_quality_says_what_is_refused_held_back_and_late(words: str) -> None:
    quality = section(words, 2)
    assert "1 row (£12.00) is refused and waiting for repair" in quality
    assert "1 person is held back because of refused rows in the feed 'bank'" in quality
    assert "The feed 'payroll' is late: it last spoke of 31 August 2026. Ask the payroll provider." in quality
    assert "bank/odd.csv No known layout has these headers." in quality
    assert "A payment has an amount." in quality


def test_our_own_delays_come_before_any_purchase(words: str) -> None:
    own = section(words, 3)
    assert "Review more than a year ago G-02 the CHC team's review lead Basis of G-02. What is usual for G-02. 2 1 £0.00" in own
    assert "Ask about G-02. A paper clears G-02." in own
    assert "F02604GH" in own
    assert "Garden" not in own


def test_a_case_of_our_own_delay_only_is_not_among_the_purchases(page: str) -> None:
    assert 'id="F02604GH"' in page
    assert '<article class="phb-case" id="F02604GH"' not in page


def test_every_id_is_used_once(page: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    linked = set(re.findall(r'href="#([^"]+)"', page))
    assert linked <= set(ids), linked - set(ids)


def test_the_words_and_the_tables_agree(words: str) -> None:
    assert "5 items need a look, with £5,052.00 in question." in words
    assert "2 items are about a delay of our own: section 3 has them first." in words
    reasons = section(words, 4)
    assert "9 reasons make 6 items, and ask about 4 payments" in reasons
    assert "5 of the items ask about spending, 0 are for information alone, and 1 is only about our own side." in reasons
    priorities = re.search(r"High (\d+) .*? Medium (\d+) .*? Low (\d+) ", reasons)
    assert priorities is not None
    assert sum(int(count) for count in priorities.groups()) == 6
    assert section(words, 5).startswith("5. What needs a look 5 items,")


def test_the_cases_stand_in_the_order_of_the_queue(page: str) -> None:
    assert re.findall(r'<article class="phb-case" id="(\w+)"', page) == ["F02601AB", "F02602CD", "F02603EF", "F02607NP", "F02608QR"]


def case_words(page: str, ref: str) -> str:
    found = re.search(rf'<article class="phb-case" id="{ref}".*?</article>', page, re.DOTALL)
    assert found is not None
    return words_of(found.group(0))


def test_a_case_shows_its_evidence_in_full(page: str) -> None:
    told = case_words(page, "F02601AB")
    for expected in (
        "Flagged item F02601AB Garden Sheds Direct, £1,249.00",
        "High priority PHB-00ANN0, Adult chc. Direct payment, North place. Paid 12 October 2026; flagged 30 October 2026, waiting 1 day.",
        "Our own part first Review more than a year ago.",
        "Not in the plan Not in the plan: what we saw. What is usual for P-01. P-01",
        "Closest goal Get out of the house twice a week",
        "Closest plan line Community activities and equipment for the garden Allows £200.00 a month, at most £300.00 at once",
        "Match Weak (0.31). The words 'garden' and 'outdoors' match",
        "Second closest Physiotherapy at home (0.22)",
        "Version 2, in force from 3 March 2026, still open; signed off 1 March 2026; review due 3 March 2027",
        "Not in the plan: words of P-01.",
        "Budget for the year £18,400.00 Spent by 12 October 2026, with this payment £11,236.00 (61% of it)",
        "Left for the year £7,164.00",
        "Company Garden Sheds Direct Garden Sheds Direct Alike",
        "Total £1,199.00 £1,249.00 £50.00 less than was paid",
        "Received 19 October 2026. Number on the receipt: GS-77.",
        "with the points of each: names alike (200)",
        "Summer house 6x4 £1,149.00",
        "Innocent reading of P-01.",
        "Ask about P-01.",
        "What would clear it Paper 1 (from the holder). Paper 2 (from the holder).",
        "Paper 5 (from the holder). 2 more ways are in the answer of `phb-audit explain`.",
        "What helps to decide A paper clears",
        "A paper clears P-01.",
        "Basis of P-01.",
        "Decision, for use on paper Agreed",
    ):
        assert expected in told, expected


def test_our_own_part_stands_before_the_reasons(page: str) -> None:
    told = case_words(page, "F02601AB")
    assert told.index("Our own part first") < told.index("Why this was flagged")


def test_a_goal_already_quoted_is_not_said_twice(page: str) -> None:
    assert case_words(page, "F02601AB").count("Get out of the house twice a week") == 1


def test_a_refund_stands_with_the_receipt_of_its_purchase(page: str) -> None:
    told = case_words(page, "F02601AB")
    said = "Refund. £100.00 came back on 30 October 2026 (Pback): it cost £1,149.00 then. Why we think so: gives back a part (100)."
    assert said in told
    assert told.index("Receipt and bank line") < told.index(said) < told.index("Before you decide")
    assert page.count("came back on") == 1


def test_without_a_plan_the_case_says_not_to_decide(page: str) -> None:
    told = case_words(page, "F02602CD")
    assert "We do not hold a care plan for this person. Do not decide without it." in told
    assert "No receipt yet." in told
    assert "new tonight" in told


def test_a_case_about_an_account_shows_the_account(page: str) -> None:
    told = case_words(page, "F02607NP")
    assert "Balance £3,960.00 on 30 October 2026" in told
    assert "Budget for a week £353.57" in told
    assert "Receipt and bank line" not in told


def test_a_case_about_several_payments_lists_them(page: str) -> None:
    told = case_words(page, "F02608QR")
    assert "City Taxis 12 Oct 2026 £18.00 Taxis to the day centre strong No" in told
    assert "City Taxis has no receipt." not in told
    assert "This is one of 2 like it, £63.00 together." in told


def test_agreed_unusual_purchases_stand_apart_once_each(words: str) -> None:
    agreed = section(words, 6)
    assert "They are not counted anywhere as a concern. 2 purchases, £335.00." in agreed
    assert "Would have been flagged by N-01, P-02" in agreed
    assert "Lakeside Boats" not in section(words, 5)


def test_a_purchase_agreed_by_name_stands_there_unless_it_has_a_flag(words: str) -> None:
    agreed = section(words, 6)
    assert "Paddle Pools PHB-00ANN0 £215.00 12 Oct 2026 Inflatable pool for the pain plan Agreed by name" in agreed
    assert "Taxi" not in agreed


def test_what_was_resolved_is_struck_and_says_why(page: str, words: str) -> None:
    assert "<s>No receipt for 40 days.</s>" in page
    assert "Resolved 31 October 2026: receipt added" in section(words, 8)


def test_a_cleared_flag_of_unknown_route_stays_out(run: Run) -> None:
    flagged_world(run)
    fill(
        run,
        {"flagged.cleared": [{"flag_id": "x3", "rule_id": "A-03", "holder_id": ANN, "sentence": "Older row.", "because": "plan received"}]},
    )
    assert "Older row." not in build_report(run).read_text(encoding="utf-8")


def test_the_sample_holds_only_payments_without_a_flag(words: str) -> None:
    sample = section(words, 9).partition("drawn by lot Payee")[2]
    assert "Daily Bread" in sample
    assert "Garden Sheds" not in sample
    assert "City Taxis" not in sample


def test_without_any_plan_the_page_says_so_at_the_top_and_shows_categories(run: Run) -> None:
    fill(run, {"matched.payments": [payment("P1", ANN, "Amazon", 30_00, match_code="no_plan", has_any_plan=False, category_code="C01")]})
    words = words_of(build_report(run).read_text(encoding="utf-8"))
    assert words.index("No care plan is on file We hold no care plan for QZZ.") < words.index(SECTIONS[0])
    assert "PA wages 1 1 £30.00 100.0%" in section(words, 4)
    assert "No care plan is on file, so no payment could be compared with one." in section(words, 9)


def test_accounts_that_stand_in_for_people_are_called_accounts(run: Run) -> None:
    run.stand_in_holders = True
    fill(run, {"matched.payments": [payment("P1", ANN, "Amazon", 30_00)]})
    words = words_of(build_report(run).read_text(encoding="utf-8"))
    assert "We looked at 1 payment of 1 account, £30.00 in all." in words


def test_an_empty_night_still_makes_a_page(run: Run) -> None:
    words = words_of(build_report(run).read_text(encoding="utf-8"))
    assert "Nothing needs a look tonight." in words
    assert "No books were kept for this night, so nothing below can be relied on." in words


def test_past_the_limit_the_page_says_how_many_more_there_are(run: Run) -> None:
    page = build_report(flagged_world(run), most_cases=2).read_text(encoding="utf-8")
    assert page.count("<article") == 2
    assert "This page shows the first 2 in full. 3 more items are in the table flagged.cases." in words_of(page)
    assert "5 items need a look" in words_of(page)


def test_the_run_hash_changes_with_the_flags(run: Run) -> None:
    def run_hash() -> str:
        found = re.search(r"Run hash ([0-9a-f]{16})", build_report(run).read_text(encoding="utf-8"))
        assert found is not None
        return found.group(1)

    flagged_world(run)
    before = run_hash()
    assert run_hash() == before
    fill(run, {"flagged.cases": [case("c9", "F02609ST", 9, "More")], "flagged.findings": [flag("f99", "c9", "P-01", "Not in the plan")]})
    assert run_hash() != before


def test_every_case_of_the_world_is_somewhere(words: str) -> None:
    # The world itself must hold what the tests above rely on: withheld ones twice, the rest once.
    refs = [row["case_ref"] for row in FLAGS["flagged.cases"]]
    assert [ref for ref in refs if str(ref) not in words] == ["F02605JK", "F02606LM"]


def test_the_newest_report_is_found(run: Run, tmp_path: Path) -> None:
    folder = run.settings.folder("reports", "QZZ")
    for name in ("QZZ-2026-10-30.html", "QZZ-2026-10-31.html", "QZZ-2026-11-30-quality.html", "QZZ-2026-11-30.part"):
        (folder / name).touch()
    assert report(run.settings, "QZZ").name == "QZZ-2026-10-31.html"
    assert report(run.settings, "QZZ", run_id="QZZ-2026-10-30").name == "QZZ-2026-10-30.html"


@pytest.mark.parametrize("run_id", [None, f"QZZ-{date(2026, 1, 1)}"])
def test_no_report_is_an_error_that_says_what_to_do(run: Run, run_id: str | None) -> None:
    with pytest.raises(UsageError, match="phb-audit"):
        report(run.settings, "QZZ", run_id=run_id)


def test_data_to_be_mended_stands_with_data_quality_and_not_among_our_delays(run: Run) -> None:
    flagged_world(run)
    mended = flag("f98", "c9", "Q-03", "Amount not usable", is_commissioners=True) | {"family_code": "A8"}
    fill(run, {"flagged.cases": [case("c9", "F02609ST", 9, "Files from senders")], "flagged.findings": [mended]})
    words = words_of(build_report(run).read_text(encoding="utf-8"))
    assert "F02609ST Amount not usable." in section(words, 2)
    assert "Q-03" not in section(words, 3)
    assert "1 item is about data to be mended (section 2)." in words


def test_what_asks_nobody_is_one_line_and_folded(run: Run) -> None:
    flagged_world(run)
    told = [flag(f"f9{place}", "c9", "N-04", "More to one payee", outcome_code="information") for place in (7, 8)]
    fill(run, {"flagged.cases": [case("c9", "F02609ST", 9, "More", outcome_code="information")], "flagged.findings": told})
    page = build_report(run).read_text(encoding="utf-8")
    assert '<article class="phb-case" id="F02609ST"' not in page
    folded = page[page.index("For information, nobody is asked (1)") :]
    assert "F02609ST" in folded
    assert "And 1 more of the kind." in words_of(folded)


def test_flags_that_belong_together_are_told_with_their_items(run: Run) -> None:
    flagged_world(run)
    story = {
        "story_id": "T1",
        "story_code": "S-06",
        "title": "Spending and plan have grown apart",
        "holder_shown": "PHB-00ANN0",
        "sentence": "3 signs stand together.",
        "innocent": "Needs change.",
        "ask": "Hold a review.",
        "ask_whom": "The care co-ordinator.",
        "case_refs": "F02601AB",
    }
    fill(run, {"flagged.stories": [story]})
    words = section(words_of(build_report(run).read_text(encoding="utf-8")), 4)
    assert "Spending and plan have grown apart PHB-00ANN0, S-06 3 signs stand together. Needs change. Hold a review." in words
    assert "F02601AB" in words
