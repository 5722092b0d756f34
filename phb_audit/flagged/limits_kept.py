"""Which limits a night used: kept, so that a change can be seen, and that it never reached back."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from phb_audit.rules.limits import InForce
from phb_audit.rules.register import Registered
from phb_audit.rules.wording import limit_in_words
from phb_audit.run import Run
from phb_audit.tables import TABLES

LIMITS = TABLES["nights.limits"]


def keep_limits(run: Run, rules: Sequence[Registered]) -> None:
    """Write nights.limits for tonight, in place of those of an earlier try."""
    rows = [
        (run.run_id, one.rule.id, name, since.from_on, limit_in_words(value, "pounds" if name.endswith("_pence") else ""), since.told_on)
        for one in rules
        for since in (InForce(None, one.limits), *one.later)
        for name, value in sorted(since.limits.items())
    ]
    frame = pl.DataFrame(rows, schema=LIMITS.polars_schema, orient="row")
    with run.warehouse.transaction():
        run.warehouse.run("DELETE FROM nights.limits WHERE run_id = $run_id", {"run_id": run.run_id})
        run.warehouse.write(LIMITS, frame)
