"""Truth beside the night: where each planted thing went, and which findings touch it.

A finding touches a thing when it is about it, about its payment, or about the receipt beside that payment. A finding about an
account, a holder or a plan, or a planted thing that is no payment, cannot be held against one line: there the rule must be one of
those the truth names, for the same holder, and within two months (a planted thing about a holder or a plan has no one day).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from phb_audit.assurance.truth import with_file_ids, with_holders
from phb_audit.errors import UsageError
from phb_audit.identity import read_or_make_key
from phb_audit.sentences import filled_in
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

NEAR_DAYS = 62
WIDE = ("account", "holder", "plan")  # findings about these are not about one line
LASTING = ("holder", "plan")  # planted things that have no one day


@dataclass(frozen=True)
class Found:
    """What one night left in its warehouse, as frames; the grain of each is in the .sql file of its name."""

    lines: pl.DataFrame
    subjects: pl.DataFrame
    findings: pl.DataFrame
    anchors: pl.DataFrame
    cases: pl.DataFrame
    refused: pl.DataFrame
    receipts_matched: pl.DataFrame
    care_groups: pl.DataFrame

    @classmethod
    def read(cls, warehouse: Warehouse) -> Found:
        """Read all of it."""
        return cls(**{name: warehouse.frame(sql(__file__, name)) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Linked:
    """One commissioner's truth beside its night.

    `truth`: one row per truth row, with `place_code`, `thing_id` and `unit_id`. `findings`, `cases`: as the night left them.
    `links`: one row per truth row and finding that touches it, `is_rule_named` telling whether the truth names the rule. `care_groups`: one
    row per holder with a budget: what only a comparison after the event may look at.
    """

    truth: pl.DataFrame
    lines: pl.DataFrame
    findings: pl.DataFrame
    cases: pl.DataFrame
    links: pl.DataFrame
    care_groups: pl.DataFrame

    @classmethod
    def together(cls, parts: list[Linked]) -> Linked:
        """Several commissioners as one."""
        return cls(**{name: pl.concat([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__})


def read_linked(world: Path, home: Path, commissioner_code: str, truth: pl.DataFrame) -> Linked:
    """Read one commissioner's warehouse below `home` and lay its share of the truth beside it.

    Raises UsageError where its last night is not published: half a night would look like a night that found nothing.
    """
    settings = Settings(home)
    mine = truth.filter(pl.col("commissioner_code") == commissioner_code)
    mine = with_holders(mine, read_or_make_key(settings.key_path(commissioner_code)))
    warehouse = Warehouse(settings.warehouse_path(commissioner_code), read_only=True)
    try:
        _require_published(warehouse, commissioner_code)
        found = Found.read(warehouse)
    finally:
        warehouse.close()
    return linked(with_file_ids(mine, world / commissioner_code), found)


def _require_published(warehouse: Warehouse, commissioner_code: str) -> None:
    nights = warehouse.frame(sql(__file__, "last_night"))
    if nights.is_empty() or nights["state_code"][0] != "published":
        raise UsageError(f"The last night of {commissioner_code} did not come to its end.", do="Run it again, or leave --home out.")


def linked(truth: pl.DataFrame, found: Found) -> Linked:
    """Place every truth row, then join findings to it. `truth` has holder_id and file_id."""
    placed = place(truth, found)
    placed = with_units(placed, found.receipts_matched)
    findings = _refusals(placed, found.findings)
    return Linked(placed, found.lines, findings, found.cases, links(placed, found, findings), found.care_groups)


def place(truth: pl.DataFrame, found: Found) -> pl.DataFrame:
    """The truth with `thing_id` (what the night calls it) and `place_code`.

    admitted, person (about a holder), refused (in quarantine), repeat (the same line in a second file), absent.
    """
    things = pl.concat(
        [
            found.lines.select(pl.lit("payment").alias("subject_code"), "file_id", "line_number", thing_id="payment_id"),
            found.subjects.select("subject_code", "file_id", "line_number", "thing_id"),
        ]
    ).unique(["subject_code", "file_id", "line_number"], keep="first", maintain_order=True)
    refused = found.refused.group_by("file_id", "line_number", maintain_order=True).agg(refused_rules=pl.col("rule_ids").first())
    placed = truth.join(things, on=["subject_code", "file_id", "line_number"], how="left").join(
        refused, on=["file_id", "line_number"], how="left"
    )
    placed = _second_copies(placed, found.lines)
    about_person = pl.col("subject_code") == "holder"
    return (
        placed.with_columns(
            place_code=pl.when(about_person)
            .then(pl.lit("person"))
            .when(pl.col("is_repeat"))
            .then(pl.lit("repeat"))
            .when(pl.col("thing_id").is_not_null())
            .then(pl.lit("admitted"))
            .when(pl.col("refused_rules").is_not_null())
            .then(pl.lit("refused"))
            .otherwise(pl.lit("absent")),
            thing_id=pl.when(about_person).then(pl.col("holder_id")).otherwise(pl.col("thing_id")),
        )
        .drop("is_repeat")
        .sort("truth_id")
    )


def _second_copies(placed: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Payment lines not found where they were written are the copy of a line in another file: join them to that one.

    A copy of a line that is in the truth itself is a repeat, and counts no further.
    """
    same = ["holder_id", "on", "amount_pence"]
    nth = pl.int_range(pl.len()).over(same).alias("nth")
    lost = placed.filter((pl.col("subject_code") == "payment") & pl.col("thing_id").is_null() & pl.col("refused_rules").is_null())
    unclaimed = lines.join(placed.drop_nulls("thing_id"), left_on="payment_id", right_on="thing_id", how="anti")
    unclaimed = unclaimed.select("holder_id", "amount_pence", on="paid_on", copy_id="payment_id").sort("copy_id")
    first = lost.sort("truth_id").with_columns(nth).join(unclaimed.with_columns(nth), on=[*same, "nth"], how="inner")
    known = placed.filter(pl.col("thing_id").is_not_null() & (pl.col("subject_code") == "payment"))
    likely = lost.join(first, on="truth_id", how="anti").join(known, on=[*same, "kind_code", "label"])
    repeats = likely.filter(pl.col("file_id") != pl.col("file_id_right"))
    return (
        placed.join(first.select("truth_id", "copy_id"), on="truth_id", how="left")
        .with_columns(
            thing_id=pl.coalesce("thing_id", "copy_id"),
            is_repeat=pl.col("truth_id").is_in(repeats["truth_id"].unique().implode()),
        )
        .drop("copy_id")
    )


def with_units(placed: pl.DataFrame, receipts_matched: pl.DataFrame) -> pl.DataFrame:
    """The truth with `unit_id`: equal for rows that speak of one planted thing, as a payment and its receipt, pay slip or instalment do.

    A row that is no payment belongs to the payment of the same holder and kind beside it, or else on the same day.
    """
    planted = placed.filter((pl.col("label") != "fine") & (pl.col("place_code") != "repeat"))
    payments = planted.filter(pl.col("subject_code") == "payment").select(
        "holder_id", "kind_code", "on", payment_id="thing_id", payment_truth="truth_id"
    )
    others = planted.filter(pl.col("subject_code").is_in(["receipt", "pay_slip", "instalment"]))
    beside = (
        others.join(receipts_matched, left_on="thing_id", right_on="receipt_id")
        .join(payments, on=["payment_id", "holder_id", "kind_code"])
        .select("truth_id", beside="payment_truth")
    )
    same_day = others.join(payments, on=["holder_id", "kind_code", "on"]).group_by("truth_id").agg(same_day=pl.col("payment_truth").min())
    units = placed.join(beside.unique("truth_id"), on="truth_id", how="left").join(same_day, on="truth_id", how="left")
    return units.with_columns(unit_id=pl.coalesce("beside", "same_day", "truth_id")).drop("beside", "same_day").sort("truth_id")


def _refusals(placed: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Findings, and each refused row of something planted whose refusal names a rule of family A8 as a finding of that rule."""
    rows = placed.filter((pl.col("place_code") == "refused") & (pl.col("refused_rules") != "") & (pl.col("label") != "fine"))
    refusals = rows.select(
        flag_id=filled_in("refused-{}-{}", "commissioner_code", "truth_id"),
        case_id=pl.lit(None, pl.String),
        rule_id=pl.col("refused_rules").str.split("|").list.first(),
        holder_id="holder_id",
        subject_code=pl.lit("refused"),
        payment_id=pl.lit(None, pl.String),
        subject_on="on",
        outcome_code=pl.lit("information"),
        is_commissioners=pl.lit(value=False),
    )
    return pl.concat([findings, refusals])


def links(placed: pl.DataFrame, found: Found, findings: pl.DataFrame) -> pl.DataFrame:
    """One row per truth row and finding that touches it: truth_id, flag_id, is_rule_named, is_exact."""
    counted = placed.filter(pl.col("place_code") != "repeat")
    both = pl.concat([_exact(counted, found), _refused_links(counted, findings), _wide(counted, findings)])
    rules = counted.select("truth_id", "rule_ids")
    return (
        both.group_by("truth_id", "flag_id")
        .agg(is_exact=pl.col("is_exact").any())
        .join(rules, on="truth_id")
        .join(findings.select("flag_id", "rule_id"), on="flag_id")
        .with_columns(is_rule_named=pl.col("rule_id").is_in(pl.col("rule_ids")))
        .select("truth_id", "flag_id", "is_exact", "is_rule_named")
        .sort("truth_id", "flag_id")
    )


def _exact(counted: pl.DataFrame, found: Found) -> pl.DataFrame:
    things = counted.select("truth_id", "thing_id").drop_nulls()
    beside = things.join(found.receipts_matched, left_on="thing_id", right_on="receipt_id").select("truth_id", thing_id="payment_id")
    touching = pl.concat([things, beside]).join(found.anchors, on="thing_id")
    return touching.select("truth_id", "flag_id", is_exact=pl.lit(value=True))


def _refused_links(counted: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    refused = counted.select("truth_id", flag_id=filled_in("refused-{}-{}", "commissioner_code", "truth_id"))
    return refused.join(findings, on="flag_id", how="semi").with_columns(is_exact=pl.lit(value=True))


def _wide(counted: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    planted = counted.filter(pl.col("rule_ids").list.len() > 0).select(
        "truth_id", "holder_id", "on", truth_subject="subject_code", rule_id="rule_ids"
    )
    pairs = planted.explode("rule_id").join(
        findings.select("flag_id", "holder_id", "rule_id", "subject_code", "subject_on"), on=["holder_id", "rule_id"]
    )
    near = (pl.col("subject_on") - pl.col("on")).dt.total_days().abs() <= NEAR_DAYS
    about_lines = pl.col("subject_code").is_in(WIDE) | (pl.col("truth_subject") != "payment")
    return pairs.filter(pl.col("truth_subject").is_in(LASTING) | (about_lines & near)).select(
        "truth_id", "flag_id", is_exact=pl.lit(value=False)
    )
