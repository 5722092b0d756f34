"""The receipt beside a payment: each receipt beside at most one payment, each payment beside at most one receipt."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.payees import business_key, squeezed
from phb_audit.warehouse import Warehouse, sql

EARLIEST_DAYS, LATEST_DAYS = -7, 2  # cards settle up to a week after the till; slips are dated a day or two late at most
FAR_DAYS = 45  # invoices are paid weeks after they are dated: only with the very amount and a like name
RECEIVED_DAYS = 60  # a receipt without a date may have come in so long after the payment
LIKE_SHARE = 0.86  # names at least this alike are one supplier
NEAR_AMOUNT_SHARE = 0.25  # tips, part payments, slips of the pen: only with a like name, close in time
SMALL_DIFFERENCE_PENCE = 1_00
CLOSE_DAYS = 5
ROUNDS = 4  # rounds of mutual best; what is left after them has no clear partner
PAID_KINDS = ("purchase", "transfer")
WINDOWS = {
    "far_days": max(FAR_DAYS, RECEIVED_DAYS),
    "close_days": CLOSE_DAYS,
    "near_share": NEAR_AMOUNT_SHARE,
    "small_pence": SMALL_DIFFERENCE_PENCE,
}  # outside of these no receipt and payment belong together


def pair_up(warehouse: Warehouse, payments: pl.DataFrame, said: pl.DataFrame, receipts: pl.DataFrame) -> pl.DataFrame:
    """One row per payment that has a receipt: `id_rank, receipt_id, receipt_match_code, receipt_difference_pence, receipt_days`.

    `said` tells `kind_code` and `payee_name` by `said_idx` (see `phb_audit.matched.payees.payees`). Of each pair at least one is open:
    earlier pairs, and what found no partner on an earlier night, stay as they are. Holders, ids and names are compared as numbers, which
    rise as the ids do.
    """
    with_total = with_supplier_key(receipts.filter(pl.col("total_pence") > 0).sort("receipt_id")).with_row_index("receipt_row")
    names = said.select("payee_name").unique(maintain_order=True).with_row_index("name_idx")
    paid = said.select("payee_name", is_paid=pl.col("kind_code").is_in(PAID_KINDS)).join(
        names, on="payee_name", how="left", maintain_order="left"
    )
    purchases = payments.filter(
        (pl.col("amount_pence") > 0)
        & paid["is_paid"].gather(payments["said_idx"])
        & pl.col("holder_idx").is_in(with_total["holder_idx"].unique().implode())
    )
    pairs = warehouse.frame(
        sql(__file__, "receipt_pairs"),
        WINDOWS,
        purchases_now=purchases.select(
            "holder_idx",
            "paid_on",
            "amount_pence",
            "is_open",
            payment_id="id_rank",
            name_idx=paid["name_idx"].gather(purchases["said_idx"]),
        ),
        receipts_now=with_total.select(
            "holder_idx", "dated_on", "received_on", "total_pence", "is_open", "supplier_idx", receipt_id="receipt_row"
        ),
        names_now=names,
        suppliers_now=with_total.select("supplier_idx", "supplier_key").unique("supplier_idx"),
    )
    found = unique_pairs(weighed(pairs))
    return found.with_columns(receipt_id=with_total["receipt_id"].gather(found["receipt_id"])).rename({"payment_id": "id_rank"})


def with_supplier_key(receipts: pl.DataFrame) -> pl.DataFrame:
    """The receipts with `supplier_key`, their supplier's name for comparing, and its number; each name is made comparable once."""
    names = receipts.select("supplier_name").unique(maintain_order=True).with_row_index("supplier_idx")
    names = names.with_columns(supplier_key=squeezed(business_key(pl.col("supplier_name").fill_null(""))))
    return receipts.join(names, on="supplier_name", how="left", nulls_equal=True, maintain_order="left")


def weighed(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs that may belong together, with `receipt_match_code` and `weight`; the others are left out.

    exact: the amount, the day (a week before to two days after) and the name agree. amount_differs, date_differs, name_differs: the first
    of these that does not, where the other two do.
    """
    same_amount = pl.col("difference_pence") == 0
    like = (pl.col("likeness_share") >= LIKE_SHARE).fill_null(False)
    days = pl.col("receipt_days")
    in_time = days.is_between(EARLIEST_DAYS, LATEST_DAYS).fill_null(False)
    near_time = (
        days.is_between(-FAR_DAYS, FAR_DAYS) | (days.is_null() & pl.col("received_days").is_between(-LATEST_DAYS, RECEIVED_DAYS))
    ).fill_null(False)
    size = pl.col("difference_pence").abs()
    near_amount = (size <= pl.col("amount_pence") * NEAR_AMOUNT_SHARE) | (size <= SMALL_DIFFERENCE_PENCE)
    close = days.is_between(-CLOSE_DAYS, LATEST_DAYS).fill_null(False)
    code = (
        pl.when(same_amount & in_time & like)
        .then(pl.lit("exact"))
        .when(same_amount & in_time)
        .then(pl.lit("name_differs"))
        .when(same_amount & near_time & like)
        .then(pl.lit("date_differs"))
        .when(near_amount & close & like)
        .then(pl.lit("amount_differs"))
    )
    order = {"exact": 3.0, "name_differs": 2.0, "date_differs": 2.1, "amount_differs": 1.0}
    likeness = pl.col("likeness_share").fill_null(0.5) * 0.3
    closeness = 0.6 / (1 + days.abs().fill_null(FAR_DAYS))
    nearness = 0.2 * (1 - size / (pl.col("amount_pence") + size))
    weight = pl.col("receipt_match_code").replace_strict(order, default=0.0, return_dtype=pl.Float64)
    return (
        pairs.with_columns(receipt_match_code=code)
        .drop_nulls("receipt_match_code")
        .with_columns(weight=(weight + likeness + closeness + nearness).round(6))
    )


def unique_pairs(pairs: pl.DataFrame) -> pl.DataFrame:
    """Of weighed pairs those that are each other's best, then the best of what is left, and so on for a few rounds.

    Of equal weights the lower `payment_id`, then the lower `receipt_id`, comes first; each pair stands once.
    """
    is_alone = pairs.select(~pl.col("payment_id").is_duplicated() & ~pl.col("receipt_id").is_duplicated()).to_series()
    left = pairs.filter(~is_alone).sort("weight", "payment_id", "receipt_id", descending=[True, False, False])
    chosen = [pairs.filter(is_alone)]
    for _ in range(ROUNDS):
        is_mutual = left.select(pl.col("payment_id").is_first_distinct() & pl.col("receipt_id").is_first_distinct()).to_series()
        mutual = left.filter(is_mutual)
        chosen.append(mutual)
        is_taken = pl.any_horizontal(pl.col(name).is_in(mutual[name].implode()) for name in ("payment_id", "receipt_id"))
        left = left.filter(~is_taken)
    return (
        pl.concat(chosen)
        .select(
            "payment_id",
            "receipt_id",
            "receipt_match_code",
            receipt_difference_pence="difference_pence",
            receipt_days=pl.col("receipt_days").cast(pl.Int64),
        )
        .sort("payment_id")
    )
