"""Receipts and readings that could still come: beside a payment, readable, whole, or said to be something else."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.flagged.supplied.fact import Fact, Frames, added, changed, new_id, payments_of

SURE = 0.99
SELLER = "The seller"
ANOTHER_KIND = "A05"
"""Where no line of the plan names another kind, what a receipt shows is taken to be this."""


def receipt(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A paper of the seller, that agrees with the payment; what stood beside the payment before stands beside it no longer."""
    del as_of
    beside = {"payment_id": "payment_id"}
    paid = payments_of(frames, given)
    frames = changed(frames, "receipts", given, beside, payment_id=None)
    frames = changed(frames, "receipt_lines", given, beside, payment_id=None)
    frames = added(
        frames,
        "receipts",
        paid,
        receipt_id=new_id("payment_id"),
        holder_id=pl.col("holder_id"),
        payment_id=pl.col("payment_id"),
        supplier_name=SELLER,
        dated_on=pl.col("paid_on"),
        received_on=pl.col("paid_on"),
        total_pence=pl.col("amount_pence"),
        is_readable=True,
        times_used_count=1,
        holders_count=1,
    )
    frames = frames | {"payments": _no_longer_short(frames["payments"], paid)}
    return changed(
        frames,
        "payments",
        given,
        beside,
        receipt_id=new_id("payment_id"),
        receipt_match_code="exact",
        receipt_difference_pence=0,
        receipt_days=0,
        receipt_group_id=None,
    )


def _no_longer_short(payments: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """Of payments that share their receipts and are one short, the others have theirs once this one has its own."""
    groups = paid["receipt_group_id"].drop_nulls().unique()
    is_whole = (pl.col("receipt_match_code") == "open_short") & pl.col("receipt_group_id").is_in(groups.implode())
    return payments.with_columns(receipt_match_code=pl.when(is_whole).then(pl.lit("open")).otherwise("receipt_match_code"))


def receipt_in_plan(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The same, with a line that says what was bought: of a kind the plan names."""
    kinds = planned_kinds(frames, given)
    frames = receipt(frames, given, as_of)
    frames = added(
        frames,
        "receipt_lines",
        kinds,
        receipt_id=new_id("payment_id"),
        payment_id=pl.col("payment_id"),
        holder_id=pl.col("holder_id"),
        dated_on=pl.col("paid_on"),
        received_on=pl.col("paid_on"),
        line_total_pence=pl.col("amount_pence"),
        category_code=pl.col("kind"),
        set_codes=pl.col("kind"),
        probability_share=SURE,
        is_abstained=False,
    )
    return _read_as(frames, kinds)


def kind_confirmed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A reviewer's word, kept, that the purchase was of a kind the plan names; nothing is changed where a receipt says what it was."""
    del as_of
    lines = frames["receipt_lines"].select("payment_id").drop_nulls().unique()
    return _read_as(frames, planned_kinds(frames, given).join(lines, on="payment_id", how="anti", maintain_order="left"))


def lines_confirmed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A reviewer's word, kept, that the lines of the receipt were misread and are of a kind the plan names."""
    del as_of
    lines = frames["receipt_lines"]
    told = lines.select("payment_id").drop_nulls().unique()
    kinds = planned_kinds(frames, given).join(told, on="payment_id", how="semi", maintain_order="left")
    is_given = pl.col("payment_id").is_in(given["payment_id"].drop_nulls().implode()) | pl.col("receipt_id").is_in(
        given["subject_id"].implode()
    )
    read = lines.join(kinds.select("payment_id", "kind"), on="payment_id", how="left", maintain_order="left").with_columns(
        kind=pl.when(is_given.fill_null(False)).then(pl.coalesce("kind", pl.lit(ANOTHER_KIND)))
    )
    is_read = pl.col("kind").is_not_null()
    put = read.with_columns(
        category_code=pl.coalesce("kind", "category_code"),
        set_codes=pl.coalesce("kind", "set_codes"),
        probability_share=pl.when(is_read).then(SURE).otherwise("probability_share"),
        is_abstained=pl.col("is_abstained") & ~is_read,
    )
    return _read_as(frames | {"receipt_lines": put.drop("kind")}, kinds)


def codes_confirmed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A reviewer's word, kept, on what the payments were that the words do not settle."""
    del as_of
    return changed(frames, "payments", given, {"holder_id": "holder_id"}, is_abstained=False)


def receipt_passed_on(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A paper that shows why the sum that came back went on to somebody."""
    del as_of
    back = payments_of(frames, given).select("holder_id", size=-pl.col("amount_pence"))
    on = frames["payments"].with_columns(size="amount_pence").join(back.unique(), on=["holder_id", "size"], how="semi")
    passed = on.filter(pl.col("kind_code").is_in(["purchase", "transfer"]))
    return changed(frames, "payments", passed, {"payment_id": "payment_id"}, receipt_id=new_id("payment_id"))


def planned_kinds(frames: Frames, given: pl.DataFrame) -> pl.DataFrame:
    """The payments given, each with `kind`: of the plan's lines one that names another kind, its second reading first, then one of its
    size; and that line (null where the plan names no other)."""
    paid = payments_of(frames, given)
    lines = (
        frames["plan_lines"]
        .drop_nulls("category_code")
        .select(
            "plan_version_id",
            line_id="plan_line_id",
            line_kind="category_code",
            line_words="description",
            line_pence="annual_pence",
        )
    )
    best = (
        paid.join(lines, on="plan_version_id")
        .filter(pl.col("line_kind") != pl.col("category_code"))
        .with_columns(
            is_second=(pl.col("line_kind") == pl.col("second_code")).fill_null(False),
            is_enough=(pl.col("line_pence") >= pl.col("amount_pence")).fill_null(False),
        )
        .sort("payment_id", "is_second", "is_enough", "line_id", descending=[False, True, True, False])
        .unique("payment_id", keep="first", maintain_order=True)
        .select("payment_id", "line_id", "line_words", kind="line_kind")
    )
    return paid.join(best, on="payment_id", how="left", maintain_order="left").with_columns(pl.col("kind").fill_null(ANOTHER_KIND))


def _read_as(frames: Frames, kinds: pl.DataFrame) -> Frames:
    """The payments read as the kind, and matched to the line that names it."""
    beside = kinds.select("payment_id", "kind", "line_id", "line_words")
    has_line = pl.col("line_id").is_not_null()
    is_given = pl.col("kind").is_not_null()
    read = (
        frames["payments"]
        .join(beside, on="payment_id", how="left", maintain_order="left")
        .with_columns(
            category_code=pl.coalesce("kind", "category_code"),
            second_code=pl.when(is_given).then(None).otherwise("second_code"),
            set_codes=pl.coalesce("kind", "set_codes"),
            probability_share=pl.when(is_given).then(SURE).otherwise("probability_share"),
            is_abstained=pl.col("is_abstained") & ~is_given,
            match_code=pl.when(has_line).then(pl.lit("fits")).otherwise("match_code"),
            plan_line_id=pl.coalesce("line_id", "plan_line_id"),
            plan_line_words=pl.coalesce("line_words", "plan_line_words"),
            line_category_code=pl.when(has_line).then("kind").otherwise("line_category_code"),
            **{
                name: pl.when(has_line).then(None).otherwise(name)
                for name in ("line_annual_pence", "line_amount_pence", "line_frequency_code", "line_most_at_once_pence")
            },
        )
    )
    return frames | {"payments": read.drop("kind", "line_id", "line_words")}


def readable_copy(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The same paper, so that its day and total can be read."""
    day = pl.coalesce("dated_on", "received_on", pl.lit(as_of))
    total = pl.col("total_pence").fill_null(0)
    return changed(frames, "receipts", given, {"receipt_id": "subject_id"}, is_readable=True, dated_on=day, total_pence=total)


def reading_put_right(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The lines of a paper read again, so that they come to its total."""
    del as_of
    lines = frames["receipt_lines"].group_by("receipt_id").agg(pl.col("line_total_pence").sum().alias("lines_pence"))
    receipts = frames["receipts"].join(lines, on="receipt_id", how="left", maintain_order="left")
    is_given = pl.col("receipt_id").is_in(given["subject_id"].implode())
    put = pl.when(is_given).then(pl.coalesce("lines_pence", "total_pence")).otherwise("total_pence")
    return frames | {"receipts": receipts.with_columns(total_pence=put).drop("lines_pence")}


def money_seen_back(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The line of the account on which a seller's refund came."""
    notes = frames["receipts"].join(given.select(receipt_id="subject_id").unique(), on="receipt_id", how="semi")
    return added(
        frames,
        "payments",
        notes,
        payment_id=new_id("receipt_id"),
        holder_id=pl.col("holder_id"),
        feed_code="bank",
        holding_code="direct_payment",
        paid_on=pl.coalesce("dated_on", pl.lit(as_of)),
        amount_pence=pl.col("total_pence"),
        kind_code="refund",
        is_spend=True,
        payee_shown=SELLER,
        payee_id=SELLER,
        category_code="Z02",
        probability_share=SURE,
        is_abstained=False,
        set_codes="Z02",
        match_code="fits",
        is_preapproved=False,
    )


def missing_statement(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The page that is missing: the lines of the account go on where they stopped."""
    del as_of
    ours = given.select(account_id="subject_id").unique()
    ends = frames["statement_ends"]
    gone = ends.join(ours, on="account_id", how="semi").sort("paid_on", "balance_pence")
    first = gone.filter("is_opening").unique("account_id", keep="first", maintain_order=True)
    last = gone.filter(~pl.col("is_opening")).unique("account_id", keep="last", maintain_order=True)
    return frames | {"statement_ends": pl.concat([ends.join(ours, on="account_id", how="anti"), first, last])}


def newer_statement(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """Statements up to the day looked at."""
    return changed(frames, "accounts", given, {"account_id": "subject_id"}, last_line_on=as_of)


def paid_back(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The amount put back into the account by whoever was paid, as the refund of that very payment."""
    bought = payments_of(frames, given).filter(pl.col("amount_pence") > 0)
    linked = added(
        frames,
        "refund_links",
        bought,
        refund_id=new_id("payment_id"),
        purchase_id=pl.col("payment_id"),
        holder_id=pl.col("holder_id"),
        link_code="one",
        refund_on=as_of,
        bought_on=pl.col("paid_on"),
        back_pence=pl.col("amount_pence"),
        bought_pence=pl.col("amount_pence"),
        left_pence=0,
    )
    return added(
        linked,
        "payments",
        bought,
        **{name: pl.col(name) for name in frames["payments"].columns}
        | {
            "payment_id": new_id("payment_id"),
            "kind_code": "refund",
            "amount_pence": -pl.col("amount_pence"),
            "paid_on": as_of,
            "receipt_id": None,
            "receipt_match_code": None,
            "receipt_group_id": None,
        },
    )


def receipts_of_both(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A paper of its own for a payment and for the one before it, or on another account, that is like it."""
    del as_of
    alike = pl.concat([frames[name].select("payment_id", "before_id") for name in ("repeats", "twins")])
    pairs = alike.join(given.select("payment_id").drop_nulls().unique(), on="payment_id", how="semi", maintain_order="left")
    both = pl.concat([pairs.select("payment_id"), pairs.select(payment_id="before_id")])
    return changed(frames, "payments", both, {"payment_id": "payment_id"}, receipt_id=new_id("payment_id"))


def asked_papers(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """What was asked for in open cases, or something in its place."""
    del as_of
    asked = frames["asked"].join(given.select("holder_id").unique(), on="holder_id", how="anti", maintain_order="left")
    return frames | {"asked": asked}


RECEIPT_RULES = ("E-01", "E-02", "E-03", "E-05", "E-06", "A-03", "A-15", "A-16", "A-17", "A-18", "A-19", "N-03", "W-02", "W-10")
KIND_RULES = ("P-02", "P-03", "P-14", "L-04", "L-12", "L-13", "N-01", "N-02", "N-05")
_NEVER = ("L-01", "L-02", "L-03", "L-05", "L-06", "L-07", "L-08", "L-09", "L-10", "L-11", "L-15", "L-16")

FACTS = (
    Fact(
        "receipt",
        "a receipt or bill from the seller that agrees with the payment",
        "receipts or bills from the sellers that agree with the {count} payments",
        "the holder",
        RECEIPT_RULES,
        receipt,
    ),
    Fact(
        "receipt_in_plan",
        "a receipt that shows it was something the plan names",
        "receipts that show the {count} payments were for things the plan names",
        "the holder",
        (*KIND_RULES, *_NEVER, *RECEIPT_RULES),
        receipt_in_plan,
    ),
    Fact(
        "kind_confirmed",
        "a reviewer\u2019s note that we misread it, and it was something the plan names",
        "a reviewer\u2019s note that we misread the {count} payments, and they were for things the plan names",
        "",
        (*KIND_RULES, *_NEVER, "A-18", "P-10", "P-12", "W-20", "W-22"),
        kind_confirmed,
    ),
    Fact(
        "lines_confirmed",
        "a reviewer\u2019s note that we misread the receipt, and its lines are things the plan names",
        "a reviewer\u2019s note that we misread the {count} receipts, and their lines are things the plan names",
        "",
        (*KIND_RULES, *_NEVER, "L-14"),
        lines_confirmed,
    ),
    Fact(
        "codes_confirmed",
        "a reviewer\u2019s note of what the unclear payments were",
        "a reviewer\u2019s note of what the unclear payments were",
        "",
        ("N-06",),
        codes_confirmed,
    ),
    Fact(
        "receipt_passed_on",
        "a receipt that shows who had paid first",
        "receipts that show who had paid first",
        "the holder",
        ("A-21",),
        receipt_passed_on,
    ),
    Fact(
        "readable_copy", "a copy that can be read", "copies of the {count} papers that can be read", "the holder", ("E-04",), readable_copy
    ),
    Fact(
        "reading_put_right",
        "the receipt read again, so that its lines come to its total",
        "the {count} receipts read again, so that their lines come to their totals",
        "",
        ("Q-09",),
        reading_put_right,
    ),
    Fact(
        "money_seen_back",
        "a line of the account that shows the money came back",
        "lines of the account that show the {count} sums came back",
        "the holder",
        ("E-10",),
        money_seen_back,
    ),
    # A bank's pages come from the holder, a card's from its provider, a ledger's or return's from the agent.
    Fact("missing_statement", "the missing page", "the {count} missing pages", "whoever sends it", ("E-12", "E-13"), missing_statement),
    Fact(
        "newer_statement", "statements up to now", "statements of the {count} accounts up to now", "the holder", ("E-11",), newer_statement
    ),
    Fact(
        "paid_back",
        "the amount paid back into the account",
        "the {count} amounts paid back into the account",
        "the holder",
        ("E-01", "E-05", "N-09"),
        paid_back,
    ),
    Fact(
        "receipts_of_both",
        "a receipt for each of the two payments",
        "a receipt for each of the payments that are alike",
        "the holder",
        ("N-09", "A-24"),
        receipts_of_both,
    ),
    Fact(
        "asked_papers",
        "the papers that were asked for, or something in their place",
        "the papers that were asked for, or something in their place",
        "the holder",
        ("E-16",),
        asked_papers,
    ),
)
