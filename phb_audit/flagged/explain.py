"""Why a line was flagged, or why not: the line, its category, plan, budget and receipt, then every rule that was tried."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from phb_audit.errors import UsageError
from phb_audit.flagged.clearing_night import would_clear
from phb_audit.flagged.explain_facts import About, Fact, WouldChange, about_payment, about_receipt, say_nothing
from phb_audit.flagged.explain_receipts import Beside, Told, in_lines, none_told
from phb_audit.flagged.findings import flag_keys, worded
from phb_audit.flagged.lanes import SEES
from phb_audit.flagged.reading import horizon, read_spending
from phb_audit.rules.register import Registered
from phb_audit.rules.wording import plain
from phb_audit.tables.flagged import ORDINARY
from phb_audit.warehouse import Warehouse, sql

FLAGGED, SETTLED, CLEARED, WAITS, LEFT_ALONE, OTHER = "flagged", "settled", "cleared", "waits", "left alone", "not for this"
APART = (
    "A rule whose findings may be for the safeguarding lead or the Local Counter Fraud Specialist is named only where it asks "
    "something openly."
)
DRAWN = "Drawn at random, not flagged: it was read so that we learn what our flags miss."
TO_BE_READ = (
    "A purchase to be read from the beginning: it stands on the list by chance, or with its reasons kept back for a first reading. Which "
    "it is, and what rules made of it, is told once it has been decided on and a night has taken that up."
)
ASIDES = {"holder": "the holder", "feed": "the night's files, not this person"}
ORDER_OF_VERDICTS = (FLAGGED, SETTLED, WAITS, CLEARED, LEFT_ALONE, OTHER)
WHAT_VERDICTS_MEAN = {
    FLAGGED: "put before a person",
    SETTLED: "settled by what was agreed",
    WAITS: "held back until refused rows are mended",
    CLEARED: "flagged once, no longer found",
    LEFT_ALONE: "looked at and left alone",
    OTHER: "the rule looks at other things",
}


@dataclass(frozen=True)
class Verdict:
    """What one rule made of the line; `about` says what it looked at: the line itself, the holder, or a feed, which is nobody's own."""

    rule_id: str
    title: str
    verdict: str
    about: str
    words: str
    rule_version: str
    is_on_file: bool = False  # the night wrote it down, and it was not only worked out for this answer


@dataclass(frozen=True)
class Explanation:
    """Everything known of one reference. `as_text` for people, `as_json` for programs."""

    ref: str
    kind: str
    as_of: date
    holder_shown: str
    headline: str
    case_refs: tuple[str, ...]
    facts: tuple[Fact, ...]
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]
    clears: tuple[str, ...]
    receipts: tuple[Beside, ...] = ()

    def as_json(self) -> str:
        """One JSON object."""
        body: dict[str, Any] = asdict(self) | {"as_of": self.as_of.isoformat()}
        for verdict in body["verdicts"]:
            del verdict["is_on_file"]
        return json.dumps(body, ensure_ascii=False, indent=1)

    def as_text(self) -> str:
        """Plain lines."""
        lines = [
            f"{self.kind.capitalize()} {self.ref}: {self.headline}",
            f"Holder {self.holder_shown}. As of {self.as_of.isoformat()}.",
            "",
        ]
        lines += [*self.notes, ""] if self.notes else []
        for fact in self.facts:
            lines += [f"{fact.heading}: {fact.words}"]
        lines += in_lines(self.receipts)
        if self.clears:
            lines += ["", "What would clear it, found by running the rules again with it:", *(f"  {words}" for words in self.clears)]
        lines += ["", "Rules that were tried", ""] if self.verdicts else []
        for code in ORDER_OF_VERDICTS:
            chosen = [one for one in self.verdicts if one.verdict == code]
            if chosen:
                lines.append(f"{code.capitalize()} ({WHAT_VERDICTS_MEAN[code]}):")
                lines += [f"  {one.rule_id} {one.title}{_aside(one)}: {one.words}" for one in chosen]
                lines.append("")
        return "\n".join(_printable(line) for line in lines).rstrip() + "\n"


def explain(
    warehouse: Warehouse,
    ref: str,
    rules: Sequence[Registered],
    as_of: date | None = None,
    would_change: WouldChange = say_nothing,
    lane: str = ORDINARY,
    receipts: Told = none_told,
) -> Explanation:
    """Explain a case reference, flag, payment or receipt. Raises UsageError for an unknown reference.

    `lane`: whose reader asks. To an ordinary reader what is of another lane is not there, and an answer is the same whether there is
    something or not: a rule that may find such things is named only where it asks something openly.

    `would_change` says of a payment what would change its category; that stands above this room, where the classifier can be asked.
    So does `receipts`, which tells of the receipts of payments, or of one receipt, side by side.
    """
    sees = pl.DataFrame({"lane_code": SEES[lane]})
    run_id, night_on = _night(warehouse)
    day = as_of or night_on
    drawn = warehouse.frame(sql(__file__, "explain_drawn"), {"ref": ref}).to_dicts()
    if drawn and not drawn[0]["is_decided"]:
        return _to_be_read(warehouse, ref, drawn[0], day, would_change, receipts)
    kind, thing_id, holder_id, payment_id = _thing(warehouse, drawn[0]["payment_id"] if drawn and drawn[0]["is_its_own"] else ref, sees)
    flags = warehouse.frame(sql(__file__, "explain_flags"), {"holder_id": holder_id}, sees=sees)
    about = _about(warehouse, kind, thing_id, payment_id, would_change)
    first_on = min(filter(None, (horizon(day), about.subject_on if about else None)))
    subject = payment_id or (thing_id if kind == "receipt" else None)
    held = warehouse.frame(sql(__file__, "read_held_back"), {"run_id": run_id}).filter(pl.col("holder_id") == holder_id)
    spending = read_spending(warehouse, run_id, day, pl.DataFrame({"holder_id": [holder_id]}), first_on)
    frames = pl.collect_all([one.considered(spending) for one in rules])
    verdicts = [verdict for one, frame in zip(rules, frames, strict=True) for verdict in _verdicts(one, frame, subject, flags, held)]
    chosen = flags.filter(_touches(flags, kind, thing_id, payment_id))
    verdicts = _for_reader(_with_its_flags(verdicts, chosen, rules), rules, lane)
    return Explanation(
        ref=ref,
        kind=kind,
        as_of=day,
        holder_shown=f"PHB-{holder_id[1:7].upper()}",
        headline=about.headline if about else _case_headline(warehouse, thing_id, chosen),
        case_refs=tuple(chosen["case_ref"].drop_nulls().unique().sort()),
        facts=about.facts if about else tuple(Fact("Flag", words) for words in _own_first(chosen, rules)),
        verdicts=tuple(_ordered(verdicts, rules)),
        notes=(*([DRAWN] if drawn else []), *_notes(chosen, held, lane), *_stories(warehouse, holder_id, chosen, sees)),
        clears=tuple(would_clear(warehouse, _standing(chosen), run_id, day, rules, sees)),
        receipts=_receipts(warehouse, kind, thing_id, payment_id, chosen, receipts),
    )


def _thing(warehouse: Warehouse, ref: str, sees: pl.DataFrame) -> tuple[str, str, str, str | None]:
    """What a reference names: kind, id, holder and payment. Raises UsageError where it names nothing."""
    found = warehouse.frame(sql(__file__, "explain_ref"), {"ref": ref}, sees=sees)
    if found.is_empty():
        raise UsageError(f"Nothing here is called {ref}.", do="Use a reference from the report, or the id of a payment, receipt or flag.")
    kind, thing_id, holder_id, payment_id = found.row(0)
    return kind, thing_id, holder_id, payment_id


def _about(warehouse: Warehouse, kind: str, thing_id: str, payment_id: str | None, would_change: WouldChange) -> About | None:
    """The facts of the payment or receipt; None for what is about neither."""
    if payment_id:
        return about_payment(warehouse, payment_id, would_change)
    return about_receipt(warehouse, thing_id) if kind == "receipt" else None


def _receipts(
    warehouse: Warehouse, kind: str, thing_id: str, payment_id: str | None, chosen: pl.DataFrame, told: Told
) -> tuple[Beside, ...]:
    """The receipts of the payment, of the payments a case is about, or of those one receipt may belong to."""
    if kind == "receipt":
        beside = warehouse.frame(sql(__file__, "explain_receipts"), {"receipt_id": thing_id})
        return told(warehouse, beside["payment_id"].to_list(), thing_id)
    payments = [payment_id] if payment_id else chosen["payment_id"].drop_nulls().unique(maintain_order=True).to_list()
    return told(warehouse, payments, None)


def _printable(line: str) -> str:
    """The line without what would steer a terminal: senders' words stand in it."""
    return "".join(letter if letter.isprintable() else " " for letter in line)


def _to_be_read(warehouse: Warehouse, ref: str, case: dict[str, Any], day: date, would_change: WouldChange, receipts: Told) -> Explanation:
    """What is told of a purchase nobody has decided on yet: what was bought, and not why it stands there, for its reader may ask."""
    about = about_payment(warehouse, case["payment_id"], would_change)
    holder_shown = f"PHB-{case['holder_id'][1:7].upper()}"
    headline, facts = (about.headline, about.facts) if about else ("not in the warehouse", ())
    told = receipts(warehouse, [case["payment_id"]], None)
    return Explanation(ref, "purchase", day, holder_shown, headline, (case["case_ref"],), facts, (), (TO_BE_READ,), (), told)


def _standing(chosen: pl.DataFrame) -> list[str]:
    """The cases of the flags shown that stand."""
    return chosen.filter(pl.col("verdict") == FLAGGED)["case_id"].drop_nulls().unique().sort().to_list()


def _aside(one: Verdict) -> str:
    """' (version 1a2b3c4d)' of a flag, ' (the holder)' where the rule looked at the holder."""
    told = [ASIDES[one.about]] if one.about in ASIDES else []
    told += [f"version {one.rule_version}"] if one.verdict == FLAGGED else []
    return f" ({', '.join(told)})" if told else ""


def _night(warehouse: Warehouse) -> tuple[str, date]:
    rows = warehouse.frame(sql(__file__, "explain_night"))
    if rows.is_empty():
        raise UsageError("No night has been run here yet.", do="Run `phb-audit run` first.")
    run_id, night_on = rows.row(0)
    return run_id, night_on


def _touches(flags: pl.DataFrame, kind: str, thing_id: str, payment_id: str | None) -> pl.Expr:
    own = pl.col("case_id").fill_null("") == thing_id if kind == "case" else pl.col("flag_id") == thing_id
    if kind in ("payment", "receipt") and payment_id:
        own = own | (pl.col("payment_id") == payment_id).fill_null(False)
    return own


def _case_headline(warehouse: Warehouse, case_id: str, chosen: pl.DataFrame) -> str:
    rows = warehouse.frame(sql(__file__, "explain_case"), {"case_id": case_id})
    return rows.item() if rows.height else f"{chosen.height} flags"


def _own_first(chosen: pl.DataFrame, rules: Sequence[Registered]) -> list[str]:
    own = [one.rule.id for one in rules if one.rule.is_commissioners]
    return chosen.sort(~pl.col("rule_id").is_in(own), maintain_order=True)["sentence"].to_list()


def _ordered(verdicts: list[Verdict], rules: Sequence[Registered]) -> list[Verdict]:
    """By verdict; within each, the organisation's own duties before anything about the holder, and what is nobody's own last."""
    own = {one.rule.id for one in rules if one.rule.is_commissioners}

    def place(one: Verdict) -> tuple[int, bool, bool, str, str]:
        return ORDER_OF_VERDICTS.index(one.verdict), one.about == "feed", one.rule_id not in own, one.about, one.rule_id

    return sorted(verdicts, key=place)


def _for_reader(verdicts: list[Verdict], rules: Sequence[Registered], lane: str) -> list[Verdict]:
    """The verdicts a reader may see: of a rule that may find what is of another lane, an ordinary reader sees only what it asks openly."""
    openly = (FLAGGED, SETTLED, CLEARED)
    apart = {one.rule.id for one in rules if one.rule.may_be_apart}
    return [one for one in verdicts if lane != ORDINARY or one.rule_id not in apart or (one.verdict in openly and one.is_on_file)]


def _stories(warehouse: Warehouse, holder_id: str, chosen: pl.DataFrame, sees: pl.DataFrame) -> list[str]:
    """One sentence a story that one of the flags shown bears out."""
    told = warehouse.frame(sql(__file__, "explain_stories"), {"holder_id": holder_id}, sees=sees)
    shown = set(chosen["flag_id"])
    return [
        f"It belongs to a larger picture, {row['title'].lower()} ({row['story_code']}): {row['sentence']} It may be quite ordinary: "
        f"{row['innocent']} Ask first: {row['ask']} {row['ask_whom']}"
        for row in told.iter_rows(named=True)
        if shown & set(row["flag_ids"].split("|"))
    ]


def _notes(chosen: pl.DataFrame, held: pl.DataFrame, lane: str) -> tuple[str, ...]:
    notes = []
    standing = chosen.filter(pl.col("verdict") == FLAGGED)
    if refs := standing["case_ref"].drop_nulls().unique().sort().to_list():
        notes.append(f"It is part of {'case' if len(refs) == 1 else 'cases'} {', '.join(refs)}. A flag is a prompt to look, not a finding.")
    else:
        notes.append("It is not flagged.")
    notes += [APART] if lane == ORDINARY else []
    if "restricted" in standing["lane_code"]:
        notes.append("For the Local Counter Fraud Specialist alone. Do not contact the holder about it first.")
    if "safeguarding" in standing["lane_code"]:
        notes.append("For the safeguarding lead alone: it is about keeping the person safe. Nobody who handles the money is told.")
    if held.height:
        feeds = ", ".join(held["feed_code"].unique().sort())
        notes.append(f"Rows of this holder were refused in: {feeds}. Rules that wait for them are held back.")
    return tuple(notes)


def _verdicts(one: Registered, frame: pl.DataFrame, subject: str | None, flags: pl.DataFrame, held: pl.DataFrame) -> list[Verdict]:
    """One verdict on the line, or one on the holder where the rule looks at no single payment."""
    own = frame.filter((pl.col("payment_id") == subject) | (pl.col("subject_id") == subject)) if subject else frame.clear()
    about = "line"
    if own.is_empty():
        own, about = frame.filter(pl.col("payment_id").is_null() & ~pl.col("subject_code").is_in(["payment", "receipt"])), "holder"
    if own.is_empty():
        return [_verdict(one, OTHER, "line", f"This rule looks only at {plain(one.rule.looks_at, one.limits)}.")]
    ((one, best),) = one.by_limits(own.sort("is_found", "subject_on", "subject_id", descending=[True, True, False]).head(1))
    if best["subject_code"].item() == "feed" and one.rule.family == "A8":
        about = "feed"
    if not best["is_found"].item():
        return [_verdict(one, LEFT_ALONE, about, best.select(worded(one, best, "not_found")).item())]
    flag_id = flag_keys(one.rule, best).item()
    known = flags.filter(pl.col("flag_id") == flag_id)
    said = best.select(worded(one, best, "sentence")).item()
    if known.height:
        return [
            _verdict(
                one,
                known["verdict"].sort(descending=True)[0] if FLAGGED not in known["verdict"] else FLAGGED,
                about,
                known["sentence"][0],
                is_on_file=True,
            )
        ]
    if one.rule.settles:
        return [_verdict(one, LEFT_ALONE, about, said)]
    if held.filter(pl.col("feed_code").is_in(one.rule.waits_for)).height:
        return [_verdict(one, WAITS, about, said)]
    return [_verdict(one, FLAGGED, about, said)]


def _with_its_flags(verdicts: list[Verdict], chosen: pl.DataFrame, rules: Sequence[Registered]) -> list[Verdict]:
    """The verdicts, with what its own flags say in place of what their rules say of the line: a case may be about several things."""
    by_id = {one.rule.id: one for one in rules}
    own = [row for row in chosen.sort("flag_id").iter_rows(named=True) if row["rule_id"] in by_id]
    spoken = {row["rule_id"] for row in own}
    kept = [verdict for verdict in verdicts if verdict.rule_id not in spoken]
    told = [(row, _verdict(by_id[row["rule_id"]], row["verdict"], "line", row["sentence"], is_on_file=True)) for row in own]
    return kept + [replace(verdict, rule_version=row["rule_version"] or verdict.rule_version) for row, verdict in told]


def _verdict(one: Registered, verdict: str, about: str, words: str, *, is_on_file: bool = False) -> Verdict:
    return Verdict(one.rule.id, one.rule.title, verdict, about, words, one.version, is_on_file)
