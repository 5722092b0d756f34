"""The tables that are worked out when somebody asks, of every module that describes some; `phb-audit finance tables` names them."""

from phb_audit.tables import finance, people, unmet
from phb_audit.tables.describe import Table

TABLES: tuple[Table, ...] = (*finance.TABLES, *people.TABLES, *unmet.TABLES)
