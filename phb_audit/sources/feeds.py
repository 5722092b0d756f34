"""The feeds: which module reads them, which table they land in, which cells a layout may give them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from phb_audit.sources import (
    bank,
    budgets,
    card,
    contracts,
    council_claims,
    holder_events,
    instalments,
    managed,
    monitoring_returns,
    notional,
    outcome_records,
    payroll,
    people,
    plans,
    receipts,
    support_records,
    visits,
)
from phb_audit.sources.pseudonyms import Identity
from phb_audit.tables import Table
from phb_audit.tables.describe import PROVENANCE

Land = Callable[[pl.DataFrame, Identity], pl.DataFrame]

# Which pseudonym of the landed table an identity cell ends in.
REF_OF = {
    "nhs_number": "holder_ref",
    "sort_code": "account_ref",
    "account_number": "account_ref",
    "card_token": "account_ref",
    "managed_account": "account_ref",
    "account_stand_in": "account_ref",
    "person_name": "person_ref",
    "ni_number": "ni_ref",
    "employee_number": "employee_ref",
}
REFS = frozenset(REF_OF.values()) | {"surname_ref", "payee_ref"}


@dataclass(frozen=True)
class Feed:
    """One feed: `days` are the columns whose latest day tells how fresh it is; `amount` is the column its books count in."""

    code: str
    table: Table
    identity_cells: tuple[str, ...]
    land: Land
    days: tuple[str, ...]
    amount: str

    @property
    def text_columns(self) -> list[str]:
        """Columns of the landed table that hold a sender's text."""
        ours = {column.name for column in PROVENANCE} | REFS | {"feed_code", "amount_sign_code"}
        return [name for name in self.table.column_names if name not in ours]

    @property
    def cells(self) -> list[str]:
        """Every cell a layout may give."""
        return [*self.text_columns, *self.identity_cells]

    @property
    def ref_columns(self) -> list[str]:
        """Pseudonym columns of the landed table."""
        return [name for name in self.table.column_names if name in REFS]


FEEDS: dict[str, Feed] = {
    feed.code: feed
    for feed in (
        *(
            Feed(code, module.TABLE, module.IDENTITY_CELLS, module.land, module.DAYS, "amount_text")
            for code, module in (("bank", bank), ("card", card), ("managed", managed), ("notional", notional))
        ),
        Feed("receipts", receipts.TABLE, receipts.IDENTITY_CELLS, receipts.land, receipts.DAYS, "line_total_text"),
        Feed("payroll", payroll.TABLE, payroll.IDENTITY_CELLS, payroll.land, payroll.DAYS, "net_text"),
        Feed("budgets", budgets.TABLE, budgets.IDENTITY_CELLS, budgets.land, budgets.DAYS, "annual_amount_text"),
        Feed("instalments", instalments.TABLE, instalments.IDENTITY_CELLS, instalments.land, instalments.DAYS, "amount_text"),
        Feed("plans", plans.PLANS, plans.IDENTITY_CELLS, plans.land_plans, plans.DAYS["plans"], ""),
        Feed("plan_outcomes", plans.PLAN_OUTCOMES, plans.IDENTITY_CELLS, plans.land_outcomes, plans.DAYS["plan_outcomes"], ""),
        Feed("plan_lines", plans.PLAN_LINES, plans.IDENTITY_CELLS, plans.land_lines, plans.DAYS["plan_lines"], "amount_text"),
        Feed("people", people.TABLE, people.IDENTITY_CELLS, people.land, people.DAYS, ""),
        Feed("holder_events", holder_events.TABLE, holder_events.IDENTITY_CELLS, holder_events.land, holder_events.DAYS, ""),
        Feed("support_records", support_records.TABLE, support_records.IDENTITY_CELLS, support_records.land, support_records.DAYS, ""),
        Feed("visits", visits.TABLE, visits.IDENTITY_CELLS, visits.land, visits.DAYS, ""),
        Feed(
            "monitoring_returns",
            monitoring_returns.TABLE,
            monitoring_returns.IDENTITY_CELLS,
            monitoring_returns.land,
            monitoring_returns.DAYS,
            "closing_text",
        ),
        Feed("contracts", contracts.TABLE, contracts.IDENTITY_CELLS, contracts.land, contracts.DAYS, "amount_text"),
        Feed("council_claims", council_claims.TABLE, council_claims.IDENTITY_CELLS, council_claims.land, council_claims.DAYS, "total_text"),
        Feed("outcome_records", outcome_records.TABLE, outcome_records.IDENTITY_CELLS, outcome_records.land, outcome_records.DAYS, ""),
    )
}

CELLS: dict[str, frozenset[str]] = {code: frozenset(feed.cells) for code, feed in FEEDS.items()}
