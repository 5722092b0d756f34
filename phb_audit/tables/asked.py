"""Every table that no night stores: worked out of the warehouse when somebody asks (`phb-audit finance show NAME`)."""

from phb_audit.tables import came_of, finance, market, people
from phb_audit.tables.describe import Table

TABLES: tuple[Table, ...] = (*finance.TABLES, *market.TABLES, *came_of.TABLES, *people.TABLES)
