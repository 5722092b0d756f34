"""The newest published night, opened to be read: what is written on demand is made from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from phb_audit.errors import UsageError
from phb_audit.run import Run
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql


@contextmanager
def newest_night(settings: Settings, commissioner_code: str) -> Iterator[Run]:
    """The night as its own pages saw it. Raises UsageError where none has been run or published."""
    path = settings.home / "warehouse" / commissioner_code / "night.duckdb"
    if not path.exists():
        raise UsageError(f"No night has been run for {commissioner_code} yet.", do="Run `phb-audit run` first.")
    warehouse = Warehouse(path, read_only=True)
    try:
        night = warehouse.frame(sql(__file__, "lane_page_night"))
        if night.is_empty():
            raise UsageError("No night has been published yet.", do="See `phb-audit status`.")
        inbox, stand_in = settings.home / "inbox" / commissioner_code, warehouse.frame(sql(__file__, "newest_night_stand_in")).item()
        yield Run(commissioner_code, night.row(0)[1], inbox, settings, warehouse, stand_in_holders=stand_in)
    finally:
        warehouse.close()
