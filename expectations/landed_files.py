"""What the files of a night must be."""

from expectations.shared import OPERATOR, condition
from phb_audit.validated.suite import Expectation, Suite

SUITE = Suite(
    "landed.files",
    (
        Expectation(
            "layout_recognised",
            "one_of",
            ("state_code",),
            "inform",
            reason="A file whose layout is not known is refused whole; the other files are not held up.",
            problem="The file was refused. {refusal}",
            rule_ids=("Q-08",),
            parameters={"values": ("landed", "repeat")},
        ),
        condition(
            "whole_and_days_first",
            ("state_code", "refusal"),
            "state_code <> 'landed' OR refusal = ''",
            "inform",
            reason="A file cut short on its way ends in half an amount, which looks like a smaller one; months first read as other days.",
            problem="{refusal}",
            rule_ids=("Q-08",),
        ),
        condition(
            "every_row_accounted_for",
            ("rows_read", "rows_landed", "rows_repeated", "state_code"),
            "rows_read = rows_landed + rows_repeated OR state_code = 'refused'",
            "stop",
            reason="What was sent before is recognised and counted, never doubled: rows read are rows landed and rows repeated.",
            problem="A file has rows that were neither landed nor recognised as sent before.",
            rule_ids=("Q-05",),
            owner=OPERATOR,
        ),
    ),
)
