"""What would change the reading of a payment: the classifier is asked again without each thing that its answer names."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from phb_audit.classified.classifier import model_version
from phb_audit.classified.learned import version_in_use, weights_path
from phb_audit.classified.left_out import left_out
from phb_audit.classified.reference import reference
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

Asking = Callable[[Warehouse, str], str]
DECIDED = "A person decided this; another decision would change it."


def what_would_change(warehouse: Warehouse, settings: Settings, commissioner_code: str, payment_ids: list[str]) -> dict[str, str]:
    """A sentence for each payment whose reading is settled and can be put to the test; the others are not in it.

    Answers of another classifier than the one in use are left out: asking that one would say nothing of them.
    """
    weights = weights_path(settings, commissioner_code, version_in_use(settings, commissioner_code))
    asked = pl.DataFrame({"payment_id": payment_ids}, schema={"payment_id": pl.String})
    rows = warehouse.frame(sql(__file__, "what_would_change"), payments_asked=asked).filter(~pl.col("is_abstained"))
    by_receipt = pl.col("category_code") != pl.col("said_code")
    is_own = ~by_receipt & ~pl.col("how_code").is_in(["decided", "kind"]) & (pl.col("model_version") == model_version(weights))
    tested = rows.filter(is_own)
    names = warehouse.frame(sql(__file__, "decided_sellers"))
    told = dict(left_out(tested, names, weights).filter(pl.col("would_change") != "").select("payment_id", "would_change").iter_rows())
    known = reference()
    for payment_id, said_code in rows.filter(by_receipt).select("payment_id", "said_code").iter_rows():
        told[payment_id] = f"Without the receipt's lines it would read as {known.plain_names[known.place(said_code)]}."
    for payment_id in rows.filter(~by_receipt & (pl.col("how_code") == "decided"))["payment_id"]:
        told[payment_id] = DECIDED
    return told


def asking(settings: Settings, commissioner_code: str) -> Asking:
    """The same as a function of a warehouse and one payment, with its sentence or nothing."""
    return lambda warehouse, payment_id: what_would_change(warehouse, settings, commissioner_code, [payment_id]).get(payment_id, "")
