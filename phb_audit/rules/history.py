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
    },
    "raised": {
        "flag_id": pl.String(),
        "rule_id": pl.String(),
        "holder_id": pl.String(),
        "payment_id": pl.String(),
        "first_flagged_on": pl.Date(),
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
