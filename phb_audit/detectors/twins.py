"""Payments that two feeds may both tell: the same payee and amount within days on two accounts of one holder, one beside one.

A card's export and the statement of the account behind it name one purchase twice, each under an account of its own; lines of one
account that came in two layouts are told apart when they land, and are not looked at here.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.detectors.repeats import NAME_LETTERS
from phb_audit.warehouse import Warehouse, sql

WITHIN_DAYS = 3
"""A card's day and the day the bank books it lie so far apart at most, over a weekend."""


def twins(warehouse: Warehouse, from_on: date, to_on: date) -> pl.DataFrame:
    """One row per payment of those days with its twin on another account, the earlier of the two as `before_id`; and what speaks for
    one payment: that such payments never follow one another so soon on one account, and how much of the two accounts is on both.
    """
    return warehouse.frame(
        sql(__file__, "twins"), {"from_on": from_on, "to_on": to_on, "within_days": WITHIN_DAYS, "name_letters": NAME_LETTERS}
    )
