"""`phb-audit account REF`: a holder's accounts month by month, each payment with its receipt or its absence, and the papers still needed.

Made on demand and never by a night: `home/accounts/<commissioner>/<holder>.html`. Of questions only those anybody may read stand on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit import __version__
from phb_audit.errors import UsageError
from phb_audit.flagged import rules_in_force
from phb_audit.identity import holder_shown
from phb_audit.periods import plain_day
from phb_audit.published.past import as_known_on
from phb_audit.reports.account_months import roll_forward
from phb_audit.reports.account_owed import ages, who_owes
from phb_audit.reports.account_proofs import prove
from phb_audit.reports.account_refunds import refunds_beside_purchases
from phb_audit.reports.page import render
from phb_audit.reports.receipt_pictures import Pictures
from phb_audit.reports.receipt_words import compared
from phb_audit.reports.receipts_beside import receipts_beside
from phb_audit.reports.since import SinceThen, since_then
from phb_audit.rules.register import Registered
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

AGED = {"since_on": pl.Date, "pence": pl.Int64}
NO_PAPER = ("interest", "fee", "cash", "instalment", "repayment", "credit", "refund")
NO_BALANCES = "Cannot be proved: its lines carry no balances. The months begin at nothing."
PAPERS = {
    "exact": "Receipt agrees",
    "amount_differs": "Receipt, another amount",
    "date_differs": "Receipt, another day",
    "name_differs": "Receipt, another name",
    "split": "Several receipts together",
    "combined": "Receipt for several payments",
    "open": "On file; which one cannot be told",
    "open_short": "Fewer receipts than payments like it",
}


def write_account_page(
    settings: Settings, commissioner_code: str, ref: str, known_on: date | None = None, *, with_pictures: bool = False
) -> Path:
    """Write the page of the holder (or of the holder of the account) and return its path. `known_on`: as that day knew it.

    `with_pictures`: with the pictures of receipts, opened from their sealed originals.

    Raises UsageError where no night has been run, or nobody of that id has an account.
    """
    rules = rules_in_force(commissioner_code, settings)
    pictures = Pictures(settings, commissioner_code, with_pictures)
    if known_on is not None:
        with as_known_on(settings, commissioner_code, known_on, ref) as past:
            found = facts_of(past.warehouse, ref, rules, pictures)
            return _write(
                settings,
                commissioner_code,
                f"{past.holder_id}-as-known-on-{known_on}",
                found,
                since_then(settings, commissioner_code, past),
            )
    path = settings.home / "warehouse" / commissioner_code / "night.duckdb"
    if not path.exists():
        raise UsageError(f"No night has been run for {commissioner_code} yet.", do="Run `phb-audit run` first.")
    warehouse = Warehouse(path, read_only=True)
    try:
        found = facts_of(warehouse, ref, rules, pictures)
    finally:
        warehouse.close()
    return _write(settings, commissioner_code, found["holder_id"], found, None)


def _write(settings: Settings, commissioner_code: str, name: str, found: dict[str, Any], past: SinceThen | None) -> Path:
    content = render("account/page.jinja", service="Accounts", commissioner_code=commissioner_code, past=past, **found)
    folder = settings.home / "accounts" / commissioner_code
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    part.touch(mode=0o600)
    part.write_bytes(content)
    return part.replace(folder / f"{name}.html")


def facts_of(warehouse: Warehouse, ref: str, rules: Sequence[Registered], pictures: Pictures) -> dict[str, Any]:
    """Everything the page says, as plain values."""
    night = warehouse.frame(sql(__file__, "lane_page_night"))
    accounts = warehouse.frame(sql(__file__, "account_page_accounts"), {"ref": ref})
    if night.is_empty() or accounts.is_empty():
        raise UsageError(f"No holder and no account {ref} is on file.", do="Take the id of a holder or an account from the report.")
    if accounts["holder_id"].n_unique() > 1:
        raise UsageError(f"More than one holder is called {ref}.", do="Give the whole id, as the published tables have it.")
    run_id, as_of = night.row(0)
    holder_id = accounts["holder_id"][0]
    papers = warehouse.frame(sql(__file__, "account_page_papers"), {"holder_id": holder_id, "run_id": run_id})
    held = warehouse.frame(sql(__file__, "account_page_held"), {"holder_id": holder_id, "run_id": run_id})
    proofs, instalments = prove(warehouse, run_id, as_of, holder_id, rules)
    owed = who_owes(warehouse, holder_id, as_of, proofs, instalments)
    return {
        "title": f"Account of {holder_shown(holder_id)}, {plain_day(as_of)}",
        "shown": holder_shown(holder_id),
        "holder_id": holder_id,
        "as_of": as_of,
        "accounts": [_account(warehouse, row, pictures) for row in accounts.filter(pl.col("holder_id") == holder_id).to_dicts()],
        "papers": papers.to_dicts(),
        "asks": papers["ask"].unique(maintain_order=True).to_list(),
        "ages": ages(papers.select(since_on="subject_on", pence="at_stake_pence"), as_of),
        "proofs": proofs,
        "held_feeds": held["feed_code"].to_list(),
        "owed": owed,
        "owed_ages": ages(pl.DataFrame([(one.since_on, one.owed_pence) for one in owed], schema=AGED, orient="row"), as_of),
        "made_of": [f"Run {run_id}. Version {__version__}. Made on demand."],
    }


def _account(warehouse: Warehouse, account: dict[str, Any], pictures: Pictures) -> dict[str, Any]:
    whose = {"account_id": account["account_id"], "holder_id": account["holder_id"]}
    lines = warehouse.frame(sql(__file__, "account_page_lines"), whose)
    balance, taken = account["balance_pence"], account["due_pence"] + account["planned_pence"]
    has_balances = lines["balance_pence"].is_not_null().any()
    return {
        **account,
        "cannot": "" if lines.is_empty() or has_balances else NO_BALANCES,
        "free_pence": None if balance is None else balance - taken,
        "months": roll_forward(lines),
        "refunds": refunds_beside_purchases(warehouse, lines),
        "receipts": _beside(receipts_beside(warehouse, lines["payment_id"]), pictures),
        "lines": [row | {"paper": _paper(row)} for row in lines.to_dicts()],
    }


def _beside(rows: list[dict[str, Any]], pictures: Pictures) -> list[dict[str, Any]]:
    """Each receipt that stands beside its payment, the newest first: both sides of every field, whether they agree, and the picture."""
    told = sorted((row for row in rows if row["link_code"] != "open"), key=lambda row: (row["payment_id"], row["receipt_id"]))
    return [
        {
            "receipt_id": row["receipt_id"],
            "payment_id": row["payment_id"],
            "fields": [(name, on_paper, at_bank, agrees) for name, on_paper, _, at_bank, agrees in compared(row, None)],
            "because": row["because"],
            "picture": pictures.of(row),
        }
        for row in sorted(told, key=lambda row: row["paid_on"], reverse=True)
    ]


def _paper(row: dict[str, Any]) -> str:
    """What there is of papers for a line, in words."""
    if row["receipt_match_code"]:
        said = PAPERS[row["receipt_match_code"]]
        return f"{said} ({row['receipt_ids']})" if row["receipt_ids"] else said
    return "" if row["kind_code"] in NO_PAPER or row["amount_pence"] <= 0 else "No receipt on file"
