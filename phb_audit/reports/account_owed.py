"""Who owes what to whom on a holder's accounts, since when, and how old it is. Known amounts only; nobody has decided on them here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.matched.accounts import owed
from phb_audit.reports.account_proofs import Proof
from phb_audit.warehouse import Warehouse

AGES = ((28, "up to 4 weeks"), (56, "4 to 8 weeks"), (10_000, "more than 8 weeks"))
ACCOUNT, COMMISSIONER = "The account", "The commissioner"
WHAT = {
    "wages": ("An assistant", "Net pay on a slip that is not paid yet"),
    "tax": ("HMRC", "Tax and National Insurance of a pay slip"),
    "invoice": ("A supplier", "An invoice beside no payment"),
    "contingency": (COMMISSIONER, "Contingency, kept as agreed"),
}


@dataclass(frozen=True)
class Owed:
    """One amount: who owes it to whom, for what, and since which day."""

    who: str
    to_whom: str
    what: str
    since_on: date
    owed_pence: int


def who_owes(warehouse: Warehouse, holder_id: str, as_of: date, proofs: tuple[Proof, ...], instalments: pl.DataFrame) -> list[Owed]:
    """What the commissioner owes first, then what others owe the account, then what the account owes, oldest first in each."""
    names = pl.DataFrame({"holder_id": [holder_id], "holder_idx": [0]}, schema_overrides={"holder_idx": pl.UInt32})
    known = [
        Owed(ACCOUNT, row["to_whom"] or WHAT[row["what_code"]][0], WHAT[row["what_code"]][1], row["since_on"], row["due_pence"])
        for row in owed(warehouse, names, as_of).iter_rows(named=True)
    ]
    notes = [
        Owed("A supplier", ACCOUNT, "A refund note, and nothing has come back", one.on, one.apart_pence)
        for proof in proofs
        if proof.rule_id == "E-10"
        for one in proof.disagreements
    ]
    return [*_of_instalments(instalments), *sorted(notes, key=lambda one: one.since_on), *sorted(known, key=lambda one: one.since_on)]


def _of_instalments(rows: pl.DataFrame) -> list[Owed]:
    """What an instalment left owing on either side."""
    short = (pl.col("amount_pence") - pl.col("came_pence").fill_null(0)).alias("short_pence")
    found = rows.filter("is_found").with_columns(short).sort("subject_on", "subject_id")
    answer = []
    for row in found.iter_rows(named=True):
        code, on = row["variant_code"], row["subject_on"]
        if code == "":
            answer.append(Owed(ACCOUNT, COMMISSIONER, "An instalment that was paid again", on, row["amount_pence"]))
        elif code == "not_come":
            answer.append(Owed(COMMISSIONER, ACCOUNT, "An instalment recorded and not come in", on, row["amount_pence"]))
        elif code == "other_amount":
            who, to = (COMMISSIONER, ACCOUNT) if row["short_pence"] > 0 else (ACCOUNT, COMMISSIONER)
            answer.append(Owed(who, to, "What an instalment came in short, or over", on, abs(row["short_pence"])))
    return answer


def ages(since: pl.DataFrame, as_of: date) -> list[tuple[str, int, int]]:
    """How old amounts are (`since_on`, `pence`): words, how many, and pence. What is of a day to come is new."""
    days = since.select(pl.col("pence"), days=(pl.lit(as_of) - pl.col("since_on")).dt.total_days().clip(0))
    before, found = -1, []
    for until, words in AGES:
        some = days.filter((pl.col("days") > before) & (pl.col("days") <= until))
        found.append((words, some.height, int(some["pence"].sum())))
        before = until
    return found
