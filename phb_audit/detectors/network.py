"""Bank accounts that tie the budgets of different holders together: on file for two people of different names."""

from __future__ import annotations

import polars as pl

from phb_audit.warehouse import Warehouse, sql


def shared_accounts(warehouse: Warehouse) -> pl.DataFrame:
    """One row per holder and account on file under another name for another holder; nothing of whom."""
    return warehouse.frame(sql(__file__, "network"))
