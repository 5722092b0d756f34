"""Papers behind paid help: kinds as people write them, days in order, and a later row of the same paper in place of the earlier."""

from __future__ import annotations

from datetime import date

import pytest

from phb_audit.run import Run
from tests.validated import small_world as a


def admitted(run: Run) -> list[dict[str, object]]:
    return run.warehouse.frame("SELECT * FROM validated.support_records ORDER BY row_id").to_dicts()


@pytest.mark.parametrize(
    ("words", "kind"),
    [("Employer's Liability", "employers_liability"), ("DBS", "dbs"), ("CQC registration", "cqc_registration"), ("Training", "training")],
)
def test_kinds_are_read_as_people_write_them(run: Run, words: str, kind: str) -> None:
    a.validate(run, a.world(support_records=[a.support_record(record_kind_text=words)]))
    (row,) = admitted(run)
    assert (row["record_code"], row["valid_until_on"], row["about_code"]) == (kind, date(2027, 3, 31), "holder")


def test_a_kind_nobody_knows_and_days_in_the_wrong_order_are_refused(run: Run) -> None:
    wrong = [
        a.support_record("one", record_kind_text="library card"),
        a.support_record("two", line_number=3, valid_until_on_text="01/01/2020"),
    ]
    a.validate(run, a.world(support_records=wrong))
    reasons = run.warehouse.frame("SELECT reason_codes FROM validated.quarantine ORDER BY row_id")["reason_codes"].to_list()
    assert reasons == ["record_code_known", "valid_until_on_not_before_valid_from_on"]
    assert admitted(run) == []


def test_a_refused_paper_holds_back_what_would_be_asked_about_papers(run: Run) -> None:
    a.validate(run, a.world(support_records=[a.support_record(record_kind_text="library card")]))
    held = run.warehouse.frame("SELECT holder_id, feed_code FROM validated.held_back").rows()
    assert held == [(a.HOLDER, "support_records")]
