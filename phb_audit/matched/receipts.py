"""The receipts beside payments: one to one for the whole account, then papers and payments that come to a sum; a tie is left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from phb_audit.matched.pairing import PAIR, Paired, paired
from phb_audit.matched.papers import sameness
from phb_audit.matched.papers_alike import are_prints
from phb_audit.matched.payees import business_key, squeezed
from phb_audit.matched.points import (
    CLOSE_DAYS,
    EARLIEST_DAYS,
    FAR_DAYS,
    LATEST_DAYS,
    LIKE_SHARE,
    NEAR_AMOUNT_SHARE,
    RECEIVED_DAYS,
    SMALL_DIFFERENCE_PENCE,
    because,
    in_points,
)
from phb_audit.warehouse import Warehouse, sql

PAID_KINDS = ("purchase", "transfer")
WINDOWS = {
    "far_days": max(FAR_DAYS, RECEIVED_DAYS),
    "close_days": CLOSE_DAYS,
    "near_share": NEAR_AMOUNT_SHARE,
    "small_pence": SMALL_DIFFERENCE_PENCE,
}  # outside of these no receipt and payment belong together, unless a number or a person says so
SUMS = {"earliest_days": EARLIEST_DAYS, "latest_days": LATEST_DAYS, "like_share": LIKE_SHARE}
PARTS = {"far_days": FAR_DAYS, "close_days": CLOSE_DAYS, "like_share": LIKE_SHARE}
FIVE_WEEKS = 35  # of what is bought again and again a paper older than this may be that of a payment we never saw
HALF_A_WEEK = 3  # what is bought every week: a receipt further away may be the week before's
WAYS_ROUNDS = 3
SPLIT = "Together these receipts come to the payment, to the penny, and bear its payee's name."
OTHER_WAYS = "There are other ways to the sum. "
COMBINED = "Together these payments come to the receipt, to the penny, and bear its supplier's name."
OPEN = "Could stand beside another as well: "
FAR_APART = "Far apart, and another of the same amount is free as well: "
LINK = {
    "payment_id": pl.UInt32,
    "receipt_id": pl.UInt32,
    "link_code": pl.String,
    "receipt_match_code": pl.String,
    "points": pl.Int64,
    "receipt_difference_pence": pl.Int64,
    "receipt_days": pl.Int64,
    "group_idx": pl.Int64,
    "because": pl.String,
}


@dataclass(frozen=True)
class Sides:
    """What may be paired: `purchases` and `receipts` as numbers that rise with their ids, and what they say (see `receipt_pairs.sql`)."""

    purchases: pl.DataFrame
    receipts: pl.DataFrame
    words: pl.DataFrame
    names: pl.DataFrame
    decided: pl.DataFrame


def pair_up(
    warehouse: Warehouse, payments: pl.DataFrame, said: pl.DataFrame, receipts: pl.DataFrame, decided: pl.DataFrame
) -> pl.DataFrame:
    """One row per link: `id_rank`, `receipt_id`, the columns of LINK, and `receipt_group_id`. A link of `link_code` 'open' is one of a tie.

    A group is called by its first payment; a single pair has none.
    `said` tells `kind_code`, `payee_name` and the words by `said_idx` (see `phb_audit.matched.payees.payees`). Of each pair at least one
    side is looked at anew; what stands from earlier nights is not among them.
    """
    sides = _sides(payments, said, receipts, decided)
    links = links_of(warehouse, sides)
    ids = sides.receipts["receipt_id"]
    first = payments.select("payment_id", first="id_rank")
    groups = links.with_columns(
        first=pl.when(pl.col("group_idx").is_not_null()).then(pl.col("payment_id").min().over("link_code", "group_idx"))
    )
    named = groups.join(first, on="first", how="left", maintain_order="left", suffix="_named").rename(
        {"payment_id_named": "receipt_group_id"}
    )
    return named.with_columns(receipt_id=ids.gather(named["receipt_id"])).rename({"payment_id": "id_rank"}).drop("first")


def links_of(warehouse: Warehouse, sides: Sides) -> pl.DataFrame:
    """The links, as LINK: what people confirmed first, then pairs of one amount, then sums to the penny, then amounts that differ."""
    numbered = sides.receipts.drop("receipt_id").with_columns(receipt_id=pl.col("receipt_row"))
    pairs = warehouse.frame(
        sql(__file__, "receipt_pairs"),
        WINDOWS,
        purchases_now=sides.purchases,
        receipts_now=numbered,
        words_now=sides.words,
        names_now=sides.names,
        suppliers_now=numbered.select("supplier_idx", "supplier_key").unique("supplier_idx"),
        decided_now=sides.decided,
    )
    every = in_points(pairs)
    confirmed = _one(every.filter("is_confirmed"))
    scored = _without(every, confirmed)
    same = _settled(paired(scored.filter("is_same_amount")), sides.receipts)
    is_told = pl.col("has_reference")
    is_far = (pl.col("receipt_match_code") == "date_differs") & ~is_told
    is_between = ~is_far & ~is_told & ~pl.col("is_amount_alone") & ~pl.col("receipt_days").is_between(-HALF_A_WEEK, HALF_A_WEEK)
    is_weak = is_far | is_between
    links = [confirmed, _one(same.sure.filter(~is_weak)), _open(same.open)]
    links += _sums(warehouse, sides, numbered, pl.concat(links))
    weak, free = (_without(rows, pl.concat(links)) for rows in (same.sure.filter(is_weak), scored.filter("is_same_amount")))
    weak = weak.join(free.filter(_is_alone()).select(PAIR), on=PAIR, how="left", coalesce=False, suffix="_free")
    is_near_enough = pl.col("is_amount_alone") | (pl.col("receipt_days") >= -FIVE_WEEKS).fill_null(value=True)
    is_only = pl.col("payment_id_free").is_not_null() & is_far & is_near_enough
    links += [_one(weak.filter(is_only)), _maybe(weak.filter(~is_only))]
    left = _without(scored.filter(~pl.col("is_same_amount")), pl.concat(links))
    differing = _settled(paired(left), sides.receipts)
    links += [_one(differing.sure), _open(differing.open)]
    return pl.concat(links).sort(PAIR)


def _sides(payments: pl.DataFrame, said: pl.DataFrame, receipts: pl.DataFrame, decided: pl.DataFrame) -> Sides:
    with_total = with_supplier_key(receipts.filter(pl.col("total_pence") > 0).sort("receipt_id")).with_row_index("receipt_row")
    names = said.select("payee_name").unique(maintain_order=True).with_row_index("name_idx")
    words = pl.concat_str("payee_text", "description", separator=" ", ignore_nulls=True)
    paid = said.select("payee_name", is_paid=pl.col("kind_code").is_in(PAID_KINDS), words=words)
    paid = paid.join(names, on="payee_name", how="left", maintain_order="left")
    purchases = payments.filter(
        (pl.col("amount_pence") > 0)
        & paid["is_paid"].gather(payments["said_idx"])
        & pl.col("holder_idx").is_in(with_total["holder_idx"].unique().implode())
    )
    purchases = purchases.select(
        "holder_idx",
        "paid_on",
        "amount_pence",
        "is_open",
        "is_held",
        "payment_id",
        payment_rank="id_rank",
        name_idx=paid["name_idx"].gather(purchases["said_idx"]),
        words_idx=purchases["said_idx"],
    )
    numbers = decided.join(purchases.select("payment_id", "payment_rank"), on="payment_id").join(
        with_total.select("receipt_id", "receipt_row"), on="receipt_id"
    )
    return Sides(
        purchases.drop("payment_id").rename({"payment_rank": "payment_id"}),
        with_total,
        paid.with_row_index("words_idx").select("words_idx", "words"),
        names,
        numbers.select("is_together", payment_id="payment_rank", receipt_id="receipt_row"),
    )


def with_supplier_key(receipts: pl.DataFrame) -> pl.DataFrame:
    """The receipts with `supplier_key`, their supplier's name for comparing, and its number; each name is made comparable once."""
    names = receipts.select("supplier_name").unique(maintain_order=True).with_row_index("supplier_idx")
    names = names.with_columns(supplier_key=squeezed(business_key(pl.col("supplier_name").fill_null(""))))
    return receipts.join(names, on="supplier_name", how="left", nulls_equal=True, maintain_order="left")


def _settled(found: Paired, receipts: pl.DataFrame) -> Paired:
    """Ties between prints of one paper are none: which print lies beside which payment is no matter. Fewer prints than payments are one."""
    if found.open.is_empty():
        return found
    tied = found.open.select("group_idx", receipt_row="receipt_id").unique(maintain_order=True)
    papers = sameness(receipts.join(tied, on="receipt_row", how="semi")).drop("receipt_id")
    ties = tied.join(papers, on="receipt_row").partition_by("group_idx", as_dict=True)
    purchases = dict(found.open.group_by("group_idx").agg(pl.col("payment_id").n_unique()).iter_rows())
    of_one = [number for (number,), rows in ties.items() if rows.height >= purchases[number] and are_prints(rows.to_dicts())]
    told = found.open.with_columns(is_one_paper=pl.col("group_idx").is_in(of_one))
    chosen = told.filter(pl.col("is_one_paper") & pl.col("is_chosen")).select(found.sure.columns)
    return Paired(pl.concat([found.sure, chosen]).sort(PAIR), told.filter(~pl.col("is_one_paper")).drop("is_one_paper"))


def _link(pairs: pl.DataFrame, code: str, words: pl.Expr | pl.Series, group: pl.Expr) -> pl.DataFrame:
    linked = pairs.with_columns(because=words).with_columns(
        link_code=pl.lit(code), receipt_difference_pence="difference_pence", group_idx=group
    )
    return linked.select(pl.col(name).cast(dtype) for name, dtype in LINK.items())


def _one(pairs: pl.DataFrame) -> pl.DataFrame:
    return _link(pairs, "one", because(pairs), pl.lit(None))


def _open(pairs: pl.DataFrame) -> pl.DataFrame:
    return _link(pairs, "open", OPEN + because(pairs), pl.col("payment_id").min().over("group_idx"))


def _is_alone() -> pl.Expr:
    return ~pl.col("payment_id").is_duplicated() & ~pl.col("receipt_id").is_duplicated()


def _maybe(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs far apart in time that are not the only ones free to be paired: offered, each by itself, and not linked."""
    return _link(pairs, "open", FAR_APART + because(pairs), pl.col("payment_id"))


def _without(rows: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """The rows whose payment and receipt (as far as they have them) are on no link."""
    for name in PAIR:
        if name in rows.columns:
            rows = rows.join(links.select(name), on=name, how="anti")
    return rows


def _sums(warehouse: Warehouse, sides: Sides, receipts: pl.DataFrame, links: pl.DataFrame) -> list[pl.DataFrame]:
    """Links of payments with several receipts, then of receipts with several payments; nothing where there are two ways to a sum."""
    split = _sum_links(warehouse, sides, receipts, links, ("split", "payment_id", "receipt_id"), SUMS)
    combined = _sum_links(warehouse, sides, receipts, pl.concat([links, split]), ("combined", "receipt_id", "payment_id"), PARTS)
    return [split, combined]


def _sum_links(
    warehouse: Warehouse,
    sides: Sides,
    receipts: pl.DataFrame,
    links: pl.DataFrame,
    ends: tuple[str, str, str],
    windows: Mapping[str, object],
) -> pl.DataFrame:
    code, whole, part = ends
    loose = _without(sides.purchases, links).join(sides.names, on="name_idx", how="left")
    papers = _without(receipts, links).drop_nulls("dated_on")
    found = warehouse.frame(sql(__file__, f"{code}_sums"), windows, loose_payments=loose, loose_receipts=papers)
    parts = found.with_row_index("way").explode("part_ids").rename({"part_ids": part})
    apart = parts.join(sides.decided.filter(~pl.col("is_together")), on=PAIR, how="semi").select("way").unique()
    parts = parts.join(apart, on="way", how="anti")
    parts = _best_ways(parts, loose, papers)
    is_touched = sides.purchases.filter(pl.col("is_open") | pl.col("is_held")).select("payment_id")
    open_receipts = receipts.filter("is_open").select("receipt_id")
    asked = [parts.join(is_touched, on="payment_id").select("way"), parts.join(open_receipts, on="receipt_id").select("way")]
    parts = parts.join(pl.concat(asked).unique(), on="way", how="semi")
    told = parts.with_columns(receipt_match_code=pl.lit(code), points=pl.lit(0), difference_pence=pl.lit(0), receipt_days=pl.lit(None))
    is_sure = pl.lit(value=True) if code == "split" else pl.col("ways") == 1  # a part payment lies weeks away: nearness tells nothing
    sure, several = told.filter(is_sure), told.filter(~is_sure)
    words = SPLIT if code == "split" else COMBINED
    group = pl.col("payment_id").min().over(whole)
    return pl.concat([_link(sure, code, pl.lit(words), group), _link(several, "open", pl.lit(OTHER_WAYS + words), group)])


def _best_ways(parts: pl.DataFrame, payments: pl.DataFrame, receipts: pl.DataFrame) -> pl.DataFrame:
    """The ways to a sum that are nearer in time than every other way with a payment or receipt in common; then again among the rest.

    `ways` counts the ways it had to be told from.
    """
    dated = parts.join(payments.select("payment_id", "paid_on"), on="payment_id").join(
        receipts.select("receipt_id", "dated_on"), on="receipt_id"
    )
    days = (pl.col("paid_on") - pl.col("dated_on")).dt.total_days()
    shared = dated.with_columns(shared=pl.max_horizontal(pl.col("way").n_unique().over(name) for name in PAIR))
    left = shared.with_columns(apart=(days * days).sum().over("way"), ways=pl.col("shared").max().over("way"))
    left = left.select(*parts.columns, "apart", "ways")
    chosen = [left.clear()]
    for _ in range(WAYS_ROUNDS):
        beaten = pl.concat([_beaten(left, name) for name in PAIR]).unique()
        best = left.join(beaten, on="way", how="anti")
        chosen.append(best)
        taken = pl.concat([left.join(best.select(name), on=name).select("way") for name in PAIR]).unique()
        left = left.join(taken, on="way", how="anti")
    return pl.concat(chosen).select(*parts.columns, "ways")


def _beaten(parts: pl.DataFrame, name: str) -> pl.DataFrame:
    """The ways that share a payment (or receipt) with another that is as near in time or nearer."""
    ways = parts.select("way", name, "apart").unique()
    least = pl.col("apart").min().over(name)
    is_alone_least = (pl.col("apart") == least) & ((pl.col("apart") == least).sum().over(name) == 1)
    return ways.filter(~is_alone_least).select("way")
