"""What is ours, the bank's or a sender's to put right: reviews, audits, answers, sums, files and days."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.flagged.supplied.fact import Fact, Frames, added, changed, new_id
from phb_audit.flagged.supplied.plans import BEGUN

HOLDER = {"holder_id": "holder_id"}
ACCOUNT = {"account_id": "subject_id"}


def _event(frames: Frames, given: pl.DataFrame, code: str, day: pl.Expr) -> Frames:
    holders = given.group_by("holder_id").agg(pl.col("subject_on").min()).sort("holder_id")
    return added(frames, "events", holders, event_id=new_id("holder_id", code), holder_id=pl.col("holder_id"), event_code=code, from_on=day)


def review(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A review on record, of the day it was due."""
    frames = _event(frames, given, "review", pl.col("subject_on"))
    return added(
        frames,
        "events",
        given.unique("holder_id").sort("holder_id"),
        event_id=new_id("holder_id", "again"),
        holder_id=pl.col("holder_id"),
        event_code="review",
        from_on=as_of,
    )


def audit(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A financial audit on record."""
    return _event(frames, given, "financial_audit", pl.lit(as_of))


def answer(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The answer to a proposal, of a day in time."""
    del as_of
    return changed(frames, "events", given, {"event_id": "subject_id"}, to_on=pl.col("from_on"))


def agreement(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """An agreement signed before the first payment."""
    del as_of
    return changed(frames, "budgets", given, HOLDER, agreement_signed_on=BEGUN)


def direct_payment(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The register put right: a direct payment."""
    del as_of
    return changed(frames, "budgets", given, HOLDER, holding_code="direct_payment")


def payments_again(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The instalments begun again."""
    holders = given.select("holder_id").unique().sort("holder_id")
    return added(
        frames,
        "instalments",
        holders,
        instalment_id=new_id("holder_id"),
        holder_id=pl.col("holder_id"),
        amount_pence=1_00,
        paid_on=as_of,
        period_to_on=as_of,
        kind_code="regular",
    )


def larger_budget(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A budget that covers the plan and what is spent."""
    del as_of
    spent = frames["payments"].filter("is_spend").group_by("holder_id").agg(pl.col("amount_pence").sum().alias("spent"))
    planned = frames["plan_lines"].group_by("holder_id").agg(pl.col("annual_pence").sum().alias("planned"))
    enough = given.select("holder_id").unique().join(spent, on="holder_id", how="left").join(planned, on="holder_id", how="left")
    needed = pl.max_horizontal(pl.col("spent").fill_null(0) * 4, pl.col("planned").fill_null(0))
    budgets = frames["budgets"].join(enough.select("holder_id", needed=needed), on="holder_id", how="left", maintain_order="left")
    put = budgets.with_columns(annual_pence=pl.max_horizontal("annual_pence", "needed")).drop("needed")
    return frames | {"budgets": put}


def bills_due(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """Bills that are due, and savings agreed, for what is left."""
    del as_of
    return changed(frames, "accounts", given, ACCOUNT, due_pence=pl.col("balance_pence").fill_null(0))


def money_returned(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """What was left given back or set against the next payment."""
    del as_of
    return changed(frames, "accounts", given, ACCOUNT, balance_pence=0)


def paid_in_again(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A later balance, with money paid in."""
    del as_of
    paid_in = frames["instalments"].group_by("holder_id").agg(pl.col("amount_pence").clip(0).sum().alias("all_in"))
    accounts = frames["accounts"].join(paid_in, on="holder_id", how="left", maintain_order="left")
    is_given = pl.col("account_id").is_in(given["subject_id"].implode())
    more = pl.max_horizontal("balance_pence", pl.col("all_in").fill_null(0), pl.col("weekly_pence").fill_null(0) * 4)
    return frames | {
        "accounts": accounts.with_columns(balance_pence=pl.when(is_given).then(more).otherwise("balance_pence")).drop("all_in")
    }


def payment_was_owed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A record that the instalment was owed for earlier days."""
    del as_of
    on = {"instalment_id": "subject_id"}
    return changed(frames, "instalments", given, on, kind_code="one-off", period_from_on=BEGUN, period_to_on=BEGUN)


def instalment_returned(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A record that the instalment was returned or set against another."""
    ours = frames["instalments"].join(given.select(instalment_id="subject_id").unique(), on="instalment_id", how="semi")
    return added(
        frames,
        "instalments",
        ours,
        instalment_id=new_id("instalment_id"),
        holder_id=pl.col("holder_id"),
        amount_pence=-pl.col("amount_pence"),
        paid_on=as_of,
        kind_code="recovery offset",
    )


def earlier_bill(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A final bill for days before the end."""
    del as_of
    return changed(frames, "payments", given, {"payment_id": "payment_id"}, category_code="C02")


def kind_of_card(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A layout that knows the kinds of the card provider."""
    del as_of
    return changed(frames, "payments", given, {"payment_id": "payment_id"}, is_spend=False)


def file_arrives(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The file, up to the day looked at."""
    return changed(frames, "feeds", given, {"feed_code": "subject_id"}, last_data_on=as_of, is_late=False)


def rows_sent_again(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The rows put right and sent again."""
    del as_of
    on = {"feed_code": "subject_id", "rule_id": "rule_id"}
    return changed(frames, "gates", given, on, refused_count=0, noticed_count=0, again_count=0)


def told_in_time(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """Proof that holders were told before the change began."""
    del given, as_of
    return frames | {"limit_changes": frames["limit_changes"].with_columns(told_on=BEGUN)}


def off_the_list(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The kind of purchase taken off the list."""
    del given, as_of
    return frames | {"limit_changes": frames["limit_changes"].clear()}


def feed_left_out(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The second of two lines that tell one payment taken out."""
    del as_of
    out = given.select("payment_id").drop_nulls().unique()
    return frames | {name: frames[name].join(out, on="payment_id", how="anti", maintain_order="left") for name in ("payments", "twins")}


def council_says(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The council's list without the receipts of these payments."""
    del as_of
    same = ["holder_id", "dated_on", "total_pence"]
    out = frames["receipts"].join(given.select("payment_id").drop_nulls().unique(), on="payment_id", how="semi").select(same)
    return frames | {"council_claims": frames["council_claims"].join(out, on=same, how="anti", maintain_order="left")}


def decision(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A decision on the questions that stand."""
    del as_of
    return frames | {"raised": frames["raised"].join(given.select("holder_id").unique(), on="holder_id", how="anti")}


# Facts about rows that are no holder's: with them all copies of a world change.
OF_ALL = ("file_arrives", "rows_sent_again", "told_in_time", "off_the_list")
GATES = ("Q-01", "Q-02", "Q-03", "Q-04", "Q-05", "Q-07", "Q-10")

FACTS = (
    Fact(
        "review",
        "a review on record, of the day it was due",
        "a review on record, of the day it was due",
        "the care team",
        ("G-01", "G-02"),
        review,
    ),
    Fact("audit", "an audit on record", "an audit on record", "the finance team", ("G-03",), audit),
    Fact("answer", "an answer of a day in time", "{count} answers of a day in time", "the care team", ("G-21",), answer),
    Fact(
        "agreement",
        "an agreement signed before the first payment",
        "an agreement signed before the first payment",
        "the commissioner",
        ("G-04",),
        agreement,
    ),
    Fact(
        "direct_payment",
        "the register put right: it is a direct payment",
        "the register put right: it is a direct payment",
        "the finance team",
        ("G-20",),
        direct_payment,
    ),
    Fact(
        "payments_again",
        "payments to the budget begun again",
        "payments to the budget begun again",
        "the finance team",
        ("G-12",),
        payments_again,
    ),
    Fact(
        "larger_budget",
        "a budget that covers the plan",
        "a budget that covers the plan",
        "the commissioner",
        ("G-09", "N-08"),
        larger_budget,
    ),
    Fact(
        "bills_due",
        "bills that are due, or savings agreed, for what is left",
        "bills that are due, or savings agreed, for what is left",
        "the holder",
        ("A-07", "A-22"),
        bills_due,
    ),
    Fact(
        "money_returned",
        "what is left given back, or set against the next payment",
        "what is left given back, or set against the next payments",
        "the holder",
        ("A-07", "A-22"),
        money_returned,
    ),
    Fact(
        "paid_in_again",
        "a later balance, with money paid in",
        "later balances, with money paid in",
        "the finance team",
        ("A-06", "A-08"),
        paid_in_again,
    ),
    Fact(
        "payment_was_owed",
        "a record that the payment was owed for earlier days",
        "a record that the {count} payments were owed for earlier days",
        "the finance team",
        ("A-12", "A-13"),
        payment_was_owed,
    ),
    Fact(
        "instalment_returned",
        "a record that the payment was given back",
        "a record that the {count} payments were given back",
        "the finance team",
        ("A-12",),
        instalment_returned,
    ),
    Fact(
        "earlier_bill",
        "a last bill for days before the end",
        "{count} last bills for days before the end",
        "the holder",
        ("A-13",),
        earlier_bill,
    ),
    Fact(
        "kind_of_card",
        "a layout that knows the card\u2019s own kinds",
        "a layout that knows the card\u2019s own kinds",
        "the data steward",
        ("Q-06",),
        kind_of_card,
    ),
    Fact("file_arrives", "the file itself", "the {count} files themselves", "the sender", ("Q-08",), file_arrives),
    Fact("rows_sent_again", "the rows put right and sent again", "the rows put right and sent again", "the sender", GATES, rows_sent_again),
    Fact(
        "told_in_time",
        "proof that holders were told before the change began",
        "proof that holders were told before the changes began",
        "the commissioner",
        ("G-14", "G-15"),
        told_in_time,
    ),
    Fact("off_the_list", "the change taken back", "the changes taken back", "the commissioner", ("G-14", "G-15"), off_the_list),
    Fact(
        "council_says",
        "the council's word that it does not count this receipt",
        "the council's word that it does not count these receipts",
        "",
        ("E-07",),
        council_says,
    ),
    Fact("feed_left_out", "one of the two feeds left out", "one of the two feeds left out", "", ("A-24",), feed_left_out),
    Fact("decision", "a decision on what was asked", "a decision on what was asked", "", ("G-10", "G-19"), decision),
)
