"""Failing rows in words: every reason once, the last resort only where there is no better one, senders' texts cut short."""

from __future__ import annotations

import polars as pl

from phb_audit.validated.problems import columns_in, described
from phb_audit.validated.suite import LAST_RESORT, SENDER, Expectation, Severity, Suite


def asked(name: str, problem: str, owner: str = SENDER, severity: Severity = "quarantine", *rules: str) -> Expectation:
    return Expectation(name, "filled", ("row_id",), severity, "why", problem, owner, rules)


SUITE = Suite(
    "landed.payments",
    (
        asked("first", 'It is "{amount_text}".', SENDER, "quarantine", "Q-03"),
        asked("remark", "Look at it.", "whoever runs phb_audit", "inform", "Q-07"),
        asked("second", "It is not there.", "the finance team", "quarantine", "Q-02", "Q-03"),
        asked(LAST_RESORT, "Something is missing.", SENDER, "quarantine", "Q-02"),
    ),
)
OWNERS = {"bank": "the account provider"}


def told(*bits: int, feed: str = "bank", text: str | None = "12,3.4", severity: str = "quarantine") -> list[dict[str, object]]:
    mask = sum(1 << bit for bit in bits)
    failing = pl.DataFrame(
        {"failed_bits": [mask], "feed_code": [feed], "amount_text": [text]},
        schema={"failed_bits": pl.Int64, "feed_code": pl.String, "amount_text": pl.String},
    )
    return described(failing, SUITE, severity, OWNERS).select("reason_codes", "reason", "rule_ids", "fix_owner").to_dicts()


def test_every_reason_is_told_in_the_suites_order_and_every_rule_once() -> None:
    assert told(0, 2) == [
        {
            "reason_codes": "first|second",
            "reason": 'It is "12,3.4". It is not there.',
            "rule_ids": "Q-03|Q-02",
            "fix_owner": "the account provider",
        }
    ]


def test_the_last_resort_is_told_only_where_there_is_no_better_reason() -> None:
    assert told(0, 3)[0]["reason_codes"] == "first"
    assert told(3)[0]["reason_codes"] == LAST_RESORT


def test_remarks_are_told_apart_from_refusals() -> None:
    assert told(1) == []
    assert told(1, severity="inform")[0]["fix_owner"] == "whoever runs phb_audit"
    assert told(0, severity="stop") == []


def test_a_feed_nobody_is_known_to_send_is_the_senders() -> None:
    assert told(0, feed="unknown")[0]["fix_owner"] == SENDER


def test_a_senders_text_is_cut_and_nothing_is_said_as_such() -> None:
    assert told(0, text="9" * 100)[0]["reason"] == 'It is "' + "9" * 40 + '".'
    assert told(0, text=None)[0]["reason"] == 'It is "nothing".'


def test_braces_name_the_columns() -> None:
    assert columns_in("From {a_on} to {b_on}.") == ("a_on", "b_on")
