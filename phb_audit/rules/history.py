"""Frames of a Spending that no single table holds: how registers, statements and flags stand beside what they were before."""

from __future__ import annotations

import polars as pl

# Name to columns; the statements that read them are phb_audit/flagged/read_<name>.sql, which say the grain.
FRAMES_OF_HISTORY: dict[str, dict[str, pl.DataType]] = {
    "account_changes": {
        "connection_id": pl.String(),
        "holder_id": pl.String(),
        "payee_ref": pl.String(),
        "role_code": pl.String(),
        "changed_on": pl.Date(),
    },
    "statement_ends": {
        "holder_id": pl.String(),
        "account_id": pl.String(),
        "feed_code": pl.String(),
        "balance_pence": pl.Int64(),
        "is_opening": pl.Boolean(),
        "paid_on": pl.Date(),
        "first_line_id": pl.String(),
    },
    "returns": {
        "return_id": pl.String(),
        "holder_id": pl.String(),
        "account_id": pl.String(),
        "period_from_on": pl.Date(),
        "period_to_on": pl.Date(),
        "opening_pence": pl.Int64(),
        "received_pence": pl.Int64(),
        "in_pence": pl.Int64(),  # all money in the return tells of
        "out_pence": pl.Int64(),  # all money out
        "closing_pence": pl.Int64(),
        "statement_balance_pence": pl.Int64(),
        "told_pence": pl.Int64(),  # the statement's balance as the return gives it, else its closing
        "unpaid_wages_pence": pl.Int64(),
        "unpaid_invoices_pence": pl.Int64(),
        "contingency_pence": pl.Int64(),
        "received_on": pl.Date(),
        "due_on": pl.Date(),
        "before_pence": pl.Int64(),  # what the return before closed at, and its last day
        "before_on": pl.Date(),
        "first_on": pl.Date(),  # the first and the last line of the account we hold
        "reached_on": pl.Date(),
        "lines_moved_pence": pl.Int64(),  # money in less money out by the lines of the period
        "first_line_id": pl.String(),
        "line_balance_pence": pl.Int64(),  # of the last day with a balance, the one nearest to what the return says
        "balance_line_id": pl.String(),
        "balance_on": pl.Date(),
        "paid_most_pence": pl.Int64(),  # instalments of the commissioner's that may have come in within the period
        "paid_least_pence": pl.Int64(),  # those that must have
    },
    "raised": {
        "flag_id": pl.String(),
        "rule_id": pl.String(),
        "holder_id": pl.String(),
        "payment_id": pl.String(),
        "first_flagged_on": pl.Date(),
    },
    "asked": {
        "case_id": pl.String(),
        "case_ref": pl.String(),
        "holder_id": pl.String(),
        "asked_count": pl.Int64(),
        "last_due_on": pl.Date(),
    },
    "judged": {
        "category_code": pl.String(),
        "area_name": pl.String(),
        "agreed_count": pl.Int64(),
        "refused_count": pl.Int64(),
    },
    "limit_changes": {
        "rule_id": pl.String(),
        "limit_name": pl.String(),
        "from_on": pl.Date(),
        "told_on": pl.Date(),
        "before_shown": pl.String(),
        "value_shown": pl.String(),
    },
    "groups": {
        "kind": pl.String(),
        "group_name": pl.String(),
        "holders_count": pl.Int64(),
        "asked_count": pl.Int64(),
    },
}
