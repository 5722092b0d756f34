"""What a past night knew can be asked for, whatever came, was corrected or was taken back since; and what has changed is said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from phb_audit import cli, published
from phb_audit.errors import UsageError
from phb_audit.published.past import Past, as_known_on
from phb_audit.reports.account_page import write_account_page
from phb_audit.reports.since import past_notes
from phb_audit.reports.status import status_of
from phb_audit.run import Run
from tests.builders import fill, make_run

HOLDER, ACCOUNT, OTHER = "H0000000000000001", "B0000000000000001", "H0000000000000002"
SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)
FIRST, SECOND = "QZZ-2026-09-30", "QZZ-2026-10-31"
BUDGET = {"holder_id": HOLDER, "account_id": ACCOUNT, "holding_code": "direct_payment"}
OLD = {**BUDGET, "budget_id": "G1", "row_id": "r1", "run_id": FIRST, "annual_pence": 1_000_00}


def lines(run_id: str, *given: tuple[str, date, int, int], holder_id: str = HOLDER) -> dict[str, list[dict[str, Any]]]:
    both = [
        {"payment_id": name, "run_id": run_id, "holder_id": holder_id, "account_id": ACCOUNT, "paid_on": on, "amount_pence": pence,
         "kind_code": "purchase"} for name, on, pence, _ in given
    ]  # fmt: skip
    balances = [balance for *_, balance in given]
    return {
        "validated.payments": [{**one, "balance_pence": balance} for one, balance in zip(both, balances, strict=True)],
        "matched.payments": [{**one, "payee_shown": f"Payee of {one['payment_id']}", "match_code": "fits"} for one in both],
    }


def flag(flag_id: str, pence: int, **more: object) -> dict[str, object]:
    about = {"holder_id": HOLDER, "rule_id": "E-01", "title": "No receipt", "subject_on": date(2026, 9, 1), "payment_id": "P1"}
    return {"flag_id": flag_id, "at_stake_pence": pence, "first_run_id": FIRST, **about, **more}


def ran(run_id: str, on: date) -> dict[str, object]:
    return {"run_id": run_id, "as_of_on": on, "state_code": "published", "commissioner_code": "QZZ"}


@pytest.fixture
def october(tmp_path: Path) -> Iterator[Run]:
    """Two nights: in October a late line, a budget put right, one flag gone, one new, one of other money."""
    run = make_run(tmp_path, as_of=SEPTEMBER)
    stands = {"account_id": ACCOUNT, "holder_id": HOLDER, "run_id": FIRST, "balance_pence": 70_00}
    given = {"nights.runs": [ran(FIRST, SEPTEMBER)], "validated.budgets": [OLD], "matched.accounts": [stands]}
    fill(run, {**given, **lines(FIRST, ("P1", date(2026, 9, 1), 30_00, 70_00)), "flagged.findings": [flag("F1", 30_00), flag("F2", 9_00)]})
    fill(run, lines(FIRST, ("P8", date(2026, 9, 1), 1_00, 1_00), holder_id=OTHER))
    published.build(run)
    later = replace(run, as_of=OCTOBER)
    for name in ("flagged.findings", "matched.accounts", "validated.budgets"):
        run.warehouse.run(f"DELETE FROM {name}")
    again = {
        "nights.runs": [ran(SECOND, OCTOBER)],
        "validated.budgets": [{**OLD, "budget_id": "G2", "row_id": "r2", "run_id": SECOND, "annual_pence": 2_000_00}],
        "validated.replaced": [{"run_id": SECOND, "table_name": "validated.budgets", "row_id": "r1", "row": json.dumps(OLD, default=str)}],
        "matched.accounts": [{**stands, "run_id": SECOND, "balance_pence": 44_00}],
        "flagged.findings": [flag("F2", 12_00), flag("F3", 5_00, title="Receipt total differs")],
    }
    fill(later, {**again, **lines(SECOND, ("P2", date(2026, 9, 20), 25_00, 45_00), ("P3", date(2026, 10, 2), 1_00, 44_00))})
    published.build(later)
    later.warehouse.close()
    yield later


def known(run: Run, on: date, ref: str | None = HOLDER) -> AbstractContextManager[Past]:
    return as_known_on(run.settings, "QZZ", on, ref)


@pytest.mark.parametrize(("on", "ids", "budgets"), [(date(2026, 10, 15), ["P1"], [1_000_00]), (OCTOBER, ["P1", "P2", "P3"], [2_000_00])])
def test_a_day_knows_what_the_night_of_it_or_before_knew(october: Run, on: date, ids: list[str], budgets: list[int]) -> None:
    with known(october, on) as past:
        assert past.warehouse.frame("SELECT payment_id FROM validated.payments ORDER BY ALL").to_series().to_list() == ids
        assert past.warehouse.frame("SELECT annual_pence FROM validated.budgets").to_series().to_list() == budgets


def test_what_has_changed_since_is_said_to_the_penny(october: Run) -> None:
    with known(october, SEPTEMBER, "P1") as past:
        assert past_notes(october.settings, "QZZ", past)[1:] == (
            "Since then: 1 line of 30 September 2026 or before came later: £25.00 out, less in.",
            "Since then: 1 line of later days came.",
            "Since then: Of the budgets 1 row had another row put in place.",
            "Since then: Found since: Receipt total differs, 1 September 2026.",
            "Since then: No longer found: No receipt, 1 September 2026.",
            "Since then: No receipt, 1 September 2026: £12.00 now, £9.00 then.",
        )


def test_where_nothing_has_changed_that_is_said(october: Run) -> None:
    with known(october, OCTOBER) as past:
        assert past_notes(october.settings, "QZZ", past)[1:] == ("Since then: nothing of this person has changed.",)


def test_the_account_page_of_that_day_has_its_lines_its_balance_and_what_came_since(october: Run) -> None:
    path = write_account_page(october.settings, "QZZ", HOLDER, SEPTEMBER)
    words = path.read_text(encoding="utf-8")
    assert path.name == f"{HOLDER}-as-known-on-2026-09-30.html"
    assert "Payee of P1" in words
    assert "Payee of P2" not in words
    assert "Balance £70.00" in words
    since = words[words.index('id="since"') : words.index('id="papers"')]
    rows = [[re.sub("<[^>]*>", "", cell).strip() for cell in re.split("</t[hd]>", row)] for row in since.split("</tr>")]
    told = [[cell for cell in row if cell] for row in rows]
    assert ["1 line of 30 September 2026 or before came later", "£25.00"] in told
    assert ["No receipt", "1 Sep 2026", "£9.00", "£12.00"] in told
    assert ["No longer found: No receipt", "1 Sep 2026", "£30.00"] in told
    assert "Since then: " not in words


def test_explain_and_status_answer_as_that_day_did(october: Run, capsys: pytest.CaptureFixture[str]) -> None:
    home = october.settings.home
    assert cli.explain("F1", home=home, known_on="2026-09-30") == 0
    said = capsys.readouterr().out
    assert "As it was known on 30 September 2026 (night QZZ-2026-09-30)." in said
    assert "Since then: No longer found: No receipt, 1 September 2026." in said
    nights = status_of(october.settings, "QZZ", SEPTEMBER).nights
    assert [night.run_id for night in nights] == [FIRST]
    assert nights[0].new_flags_count == 2


def test_what_was_not_known_then_and_what_is_of_a_lane_is_refused(october: Run) -> None:
    with pytest.raises(UsageError, match="nothing here was called P2"), known(october, SEPTEMBER, "P2"):
        pass
    with pytest.raises(UsageError, match="No night of 2026-09-29 or before"), known(october, date(2026, 9, 29)):
        pass
    with pytest.raises(UsageError, match="nothing of a lane"):
        cli.explain("F1", home=october.settings.home, lane="restricted", known_on="2026-09-30")
