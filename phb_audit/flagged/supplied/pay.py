"""What could still come about paid help: slips, agreements, papers and times put right."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.flagged.supplied.fact import Change, Fact, Frames, added, changed, new_id, payments_of
from phb_audit.flagged.supplied.plans import BEGUN, ENDLESS

SLIP = {"pay_slip_id": "subject_id"}


def slips_of(frames: Frames, given: pl.DataFrame) -> pl.DataFrame:
    """The pay slips that `given` names."""
    return frames["pay_slips"].join(given.select(pay_slip_id="subject_id").unique(), on="pay_slip_id", how="semi", maintain_order="left")


def family_agreed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The written agreement that a relative may be paid, from before the first payment."""
    del as_of
    return changed(
        frames, "people", _paid(frames, given), {"holder_id": "holder_id", "payee_ref": "payee_ref"}, paid_care_approved_on=BEGUN
    )


def lives_elsewhere(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """Proof that the person lives at another address."""
    del as_of
    return changed(frames, "people", _paid(frames, given), {"holder_id": "holder_id", "payee_ref": "payee_ref"}, is_same_household=False)


def _paid(frames: Frames, given: pl.DataFrame) -> pl.DataFrame:
    names = ("holder_id", "payee_ref")
    return pl.concat([payments_of(frames, given).select(names), slips_of(frames, given).select(names)]).unique()


def not_worked(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A corrected slip: the pay was holiday pay, or pay for notice, and not for hours worked."""
    del as_of
    return changed(frames, "pay_slips", given, SLIP, hours_kind_code="holiday")


def fewer_hours(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A corrected slip: one hour where the hours were too many."""
    del as_of
    return changed(frames, "pay_slips", given, SLIP, hours_count=1.0)


def hours_agreed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A line of the plan that agrees the hours, and the rate, that were paid."""
    del as_of
    holders = given.select("holder_id").unique()
    words = "168 hours a week at \u00a399 an hour"
    lines = frames["plan_lines"].join(holders, on="holder_id", how="semi").filter(pl.col("category_code") == "C01")
    return changed(frames, "plan_lines", lines, {"plan_line_id": "plan_line_id"}, description=words, frequency_code="weekly")


def live_in_agreed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A line of the plan for live-in support."""
    del as_of
    lines = (
        frames["plan_lines"].join(given.select("holder_id").unique(), on="holder_id", how="semi").filter(pl.col("category_code") == "C01")
    )
    return changed(frames, "plan_lines", lines, {"plan_line_id": "plan_line_id"}, description="Live-in support")


def rate_put_right(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """Corrected slips at a rate that is enough, and what was short paid."""
    del as_of
    people = slips_of(frames, given).select("holder_id", "employee_id").unique()
    return changed(frames, "pay_slips", people, {"holder_id": "holder_id", "employee_id": "employee_id"}, rate_pence=50_00)


def lower_rate(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A corrected slip at the rate the plan agrees."""
    del as_of
    return changed(frames, "pay_slips", given, SLIP, rate_pence=1)


def net_put_right(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A corrected slip whose net pay is what was paid."""
    del as_of
    paid = payments_of(frames, given).select("holder_id", "payee_ref", "amount_pence", day="paid_on").sort("day")
    slips = frames["pay_slips"].with_columns(day=pl.coalesce("paid_on", "period_to_on"), place=pl.int_range(pl.len())).sort("day")
    near = (
        slips.drop_nulls(["payee_ref", "day"])
        .join_asof(paid, on="day", by=["holder_id", "payee_ref"], strategy="nearest", tolerance="4d", check_sortedness=False)
        .select("place", new_pence="amount_pence")
    )
    put = slips.join(near, on="place", how="left").sort("place").with_columns(net_pence=pl.coalesce("new_pence", "net_pence"))
    return frames | {"pay_slips": put.select(frames["pay_slips"].columns)}


def pay_slip(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The pay slip of the payment."""
    del as_of
    paid = payments_of(frames, given).drop_nulls("payee_ref")
    return added(
        frames,
        "pay_slips",
        paid,
        pay_slip_id=new_id("payment_id", "slip"),
        holder_id=pl.col("holder_id"),
        employee_id=pl.col("payee_ref"),
        payee_ref=pl.col("payee_ref"),
        period_from_on=pl.col("paid_on").dt.offset_by("-27d"),
        period_to_on=pl.col("paid_on"),
        net_pence=pl.col("amount_pence"),
        paid_on=pl.col("paid_on"),
        hours_kind_code="worked",
    )


def on_payroll(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """Pay slips of somebody who was paid without any."""
    people = given.select("holder_id", "payee_ref").drop_nulls().unique()
    return pay_slip(frames, frames["payments"].join(people, on=["holder_id", "payee_ref"], how="semi"), as_of)


def number_given(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The National Insurance number, the person's own."""
    del as_of
    people = slips_of(frames, given).select("holder_id", "employee_id").unique()
    own = pl.concat_str(pl.lit("own:"), "employee_id")
    return changed(frames, "pay_slips", people, {"holder_id": "holder_id", "employee_id": "employee_id"}, ni_ref=own)


def pension_paid(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """Contributions on the next slip."""
    del as_of
    return changed(frames, "pay_slips", given, SLIP, pension_pence=10_00)


def hmrc_paid(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """HMRC's statement, that it was paid by the day it was due."""
    del as_of
    holders = given.select("holder_id").unique()
    day = pl.coalesce("paid_on", "period_to_on")
    return changed(frames, "pay_slips", holders, {"holder_id": "holder_id"}, hmrc_paid_on=day)


def stay_agreed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """An agreement to pay on through the whole stay in hospital."""
    del as_of
    stays = (
        frames["events"].filter(pl.col("event_code") == "admission").join(given.select("holder_id").unique(), on="holder_id", how="semi")
    )
    return changed(frames, "events", stays, {"event_id": "event_id"}, detail="520 weeks")


def trip_agreed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A holiday in the plan, on which the assistant goes along."""
    del as_of
    versions = frames["plans"].join(given.select("holder_id").unique(), on="holder_id", how="semi").sort("plan_version_id")
    return added(
        frames,
        "plan_lines",
        versions,
        plan_line_id=new_id("plan_version_id", "trip"),
        plan_version_id=pl.col("plan_version_id"),
        holder_id=pl.col("holder_id"),
        line_ref="new",
        category_code="R01",
        is_preapproved=False,
        annual_pence=0,
        amount_pence=0,
        frequency_code="annual",
    )


def paper(record_code: str) -> Change:
    """The paper of this kind, that holds for all the days."""

    def come(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
        people = slips_of(frames, given).unique(["holder_id", "employee_id"]).sort("holder_id", "employee_id")
        sellers = payments_of(frames, given).unique(["holder_id", "payee_id"]).sort("holder_id", "payee_id")
        days = {"valid_from_on": as_of, "valid_until_on": ENDLESS, "seen_on": as_of, "record_code": record_code}
        named = {"holder_id": pl.col("holder_id"), "payee_ref": pl.col("payee_ref")}
        frames = added(
            frames,
            "support_records",
            people,
            record_id=new_id("pay_slip_id", record_code),
            employee_id=pl.col("employee_id"),
            person_ref=pl.col("person_ref"),
            **named,
            **days,
        )
        name = pl.col("payee_shown")
        return added(frames, "support_records", sellers, record_id=new_id("payment_id", record_code), supplier_name=name, **named, **days)

    return come


def times_signed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The timesheets, signed by the holder."""
    del as_of
    return changed(frames, "visits", given, {"holder_id": "holder_id"}, signed_code="holder")


def times_put_right(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """Corrected timesheets, without the hours that were with another holder."""
    del as_of
    return changed(frames, "shared_shifts", given, {"holder_id": "holder_id"}, both_minutes=0)


def log_completed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The missing entries of the log."""
    del as_of
    return changed(frames, "visits", given, {"holder_id": "holder_id"}, hours_count=24.0)


def own_account(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A bank account that is one person's alone."""
    del as_of
    return changed(frames, "people", given, {"holder_id": "holder_id"}, account_ref=None)


def account_put_right(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The number of a bank account as the payroll agent says it is."""
    del as_of
    ours = given.select("holder_id", account_ref="subject_id").unique()
    return frames | {"shared_accounts": frames["shared_accounts"].join(ours, on=["holder_id", "account_ref"], how="anti")}


SLIPS = ("a corrected pay slip{}", "{{count}} corrected pay slips{}")


def _slip(code: str, what: str, rules: tuple[str, ...], change: Change) -> Fact:
    one, many = (words.format(what) for words in SLIPS)
    return Fact(code, one, many, "the payroll agent", rules, change)


FACTS = (
    Fact(
        "family_agreed",
        "a written agreement from before the first payment",
        "a written agreement from before the first payment",
        "the commissioner",
        ("W-01",),
        family_agreed,
    ),
    Fact(
        "lives_elsewhere",
        "proof that the person lives elsewhere",
        "proof that the person lives elsewhere",
        "the holder",
        ("W-01",),
        lives_elsewhere,
    ),
    _slip("not_worked", ", for leave or notice", ("W-03", "W-04", "W-07", "W-05", "W-06"), not_worked),
    _slip("fewer_hours", " with fewer hours", ("W-05", "W-06", "W-23", "W-03"), fewer_hours),
    Fact(
        "hours_agreed",
        "a plan line that agrees these hours and this rate",
        "a plan line that agrees these hours and this rate",
        "the care co-ordinator",
        ("W-05", "W-13"),
        hours_agreed,
    ),
    Fact(
        "live_in_agreed",
        "a plan line for live-in support",
        "a plan line for live-in support",
        "the care co-ordinator",
        ("W-06",),
        live_in_agreed,
    ),
    Fact(
        "rate_put_right",
        "corrected pay slips at a higher rate",
        "corrected pay slips at a higher rate",
        "the payroll agent",
        ("W-12",),
        rate_put_right,
    ),
    _slip("lower_rate", " with a lower rate", ("W-13",), lower_rate),
    _slip("net_put_right", " with the sum that was paid", ("W-09",), net_put_right),
    Fact("pay_slip", "a pay slip for it", "pay slips for the {count} payments", "the payroll agent", ("W-10", "A-03", "A-16"), pay_slip),
    Fact(
        "number_given",
        "the person\u2019s own National Insurance number",
        "their own National Insurance numbers",
        "the payroll agent",
        ("W-18",),
        number_given,
    ),
    Fact(
        "pension_paid",
        "a pension payment on the next pay slip",
        "pension payments on the next pay slips",
        "the payroll agent",
        ("W-15",),
        pension_paid,
    ),
    Fact(
        "hmrc_paid",
        "a statement from HMRC that it was paid on time",
        "a statement from HMRC that it was paid on time",
        "the payroll agent",
        ("W-11",),
        hmrc_paid,
    ),
    Fact(
        "stay_agreed",
        "an agreement to pay through the whole stay",
        "an agreement to pay through the whole stay",
        "the commissioner",
        ("W-03",),
        stay_agreed,
    ),
    Fact("trip_agreed", "a holiday in the plan", "a holiday in the plan", "the care co-ordinator", ("W-04",), trip_agreed),
    Fact(
        "contract",
        "the contract, on the list of papers",
        "the {count} contracts, on the list of papers",
        "the holder",
        ("E-14",),
        paper("contract"),
    ),
    Fact(
        "dbs", "a newer check, on the list of papers", "{count} newer checks, on the list of papers", "the holder", ("W-24",), paper("dbs")
    ),
    Fact(
        "training",
        "the training with its sign-off, on the list of papers",
        "the training of {count} people, on the list of papers",
        "the holder",
        ("P-13",),
        paper("training"),
    ),
    Fact(
        "cqc_registration",
        "the agency\u2019s registration, on the list of papers",
        "the agency\u2019s registration, on the list of papers",
        "the agency",
        ("W-20",),
        paper("cqc_registration"),
    ),
    Fact(
        "professional_registration",
        "the therapist\u2019s registration, on the list of papers",
        "the therapist\u2019s registration, on the list of papers",
        "the therapist",
        ("P-12",),
        paper("professional_registration"),
    ),
    Fact(
        "employers_liability",
        "insurance that holds for these days, on the list of papers",
        "insurance that holds for these days, on the list of papers",
        "the holder",
        ("W-14",),
        paper("employers_liability"),
    ),
    Fact("times_signed", "timesheets that the holder signed", "timesheets that the holder signed", "the holder", ("W-19",), times_signed),
    Fact("times_put_right", "corrected timesheets", "corrected timesheets", "the holder", ("W-08",), times_put_right),
    Fact(
        "log_completed",
        "the missing entries of the visit log",
        "the missing entries of the visit log",
        "the agency",
        ("W-21",),
        log_completed,
    ),
    Fact(
        "own_account",
        "an account that is one person\u2019s alone",
        "an account that is one person\u2019s alone",
        "the holder",
        ("A-01", "A-11"),
        own_account,
    ),
    Fact(
        "account_put_right",
        "the account number put right",
        "the account numbers put right",
        "the payroll agent",
        ("A-23",),
        account_put_right,
    ),
    Fact("on_payroll", "pay slips for this person", "pay slips for these people", "the payroll agent", ("W-16",), on_payroll),
)
