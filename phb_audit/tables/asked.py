"""The tables that are worked out when somebody asks, of every module that describes some; `phb-audit finance tables` names them."""

from phb_audit.tables import came_of, finance, market, people, unmet
from phb_audit.tables.describe import Table

TABLES: tuple[Table, ...] = (*finance.TABLES, *market.TABLES, *came_of.TABLES, *people.TABLES, *unmet.TABLES)
