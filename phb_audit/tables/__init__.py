"""Every table and column, described once. Docs, DDL, contract tests, masking and the data package are made from here."""

from phb_audit.tables import (
    apart,
    beside,
    classified,
    decided,
    detected,
    drawn,
    flagged,
    landed,
    matched,
    monitoring,
    nights,
    shown,
    support,
    validated,
    visits,
    watched,
)
from phb_audit.tables.describe import Column, Table

TABLES: dict[str, Table] = {
    table.name: table
    for module in (
        nights,
        landed,
        validated,
        support,
        visits,
        monitoring,
        beside,
        decided,
        classified,
        matched,
        flagged,
        apart,
        detected,
        drawn,
        watched,
        shown,
    )
    for table in module.TABLES
}

__all__ = ["TABLES", "Column", "Table"]
