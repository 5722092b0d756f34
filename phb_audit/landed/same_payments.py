"""Payment lines that are the same line in another layout, or with and without a balance; and equal lines that are not the same.

A line's id is made of account, day, pence and words (contents.py). What only some layouts tell is held against an id that was seen
before: two coffees with different balances are two. Then lines of one account, day and amount in different layouts are compared by
their words. A line of one file stands for one line of another at most, and lines of one file never stand for one another. Where it
cannot be told for certain, both stay: a line too many shows in the balance and can be asked about, a line lost cannot.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import polars as pl

from phb_audit.landed.contents import by_distinct, canonical, read_pence
from phb_audit.landed.other_layouts import lines_of_other_layouts
from phb_audit.landed.rows import numbered
from phb_audit.run import Run
from phb_audit.sources.pseudonyms import Identity
from phb_audit.warehouse import sql

UNREADABLE = "?"
IN_PENCE = ("balance_text", "fee_text")
WHERE_BOTH_TELL = ("balance_text", "posted_on_text", "type_text")
ALWAYS = ("holder_ref", "entry_type_text", "currency_text", "fee_text")
UNLESS_A_LAYOUT_LACKS_IT = ("reference_text", "mcc_text", "merchant_ref_text", "city_text", "country_text")
DETAILS = (*WHERE_BOTH_TELL, *ALWAYS, *UNLESS_A_LAYOUT_LACKS_IT)
UNSAID = {"currency_text": "GBP", "fee_text": "0"}
NUMBERS_AT_ONCE = 16
THEN = "_then"


def settled(run: Run, rows: pl.DataFrame, seen: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """The rows of landed.payments with `row_id` and `is_repeat` put right.

    `seen` are the rows of earlier parts of a file read in parts: what stood for them stands for no other row of that file.
    """
    rows = rows.with_row_index("place").with_columns(pl.col("place").cast(pl.Int64))
    rows = equal_but_not_the_same(run, rows, seen)
    return in_another_layout(run, rows, seen, identity).drop("place")


def equal_but_not_the_same(run: Run, rows: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Rows again, those whose id was seen before although a balance or another detail differs paired anew with what stood before."""
    repeats = rows.filter(pl.col("is_repeat") & pl.col("is_line"))
    if repeats.is_empty():
        return rows
    first = rows.filter(~pl.col("is_repeat") & pl.col("has_equals")).join(repeats.select("row_id").unique(), on="row_id", how="semi")
    earlier = earlier_lines(run, repeats.join(first, on="row_id", how="anti").select("row_id").unique())
    known = pl.concat([with_details(first).select("row_id", "layout_code", *DETAILS), earlier])
    pairs = with_details(repeats).join(known, on="row_id", suffix=THEN)
    groups = pairs.filter(differ()).select("first_id").unique()
    return rows if groups.is_empty() else paired_anew(run, rows, groups, seen)


def earlier_lines(run: Run, ids: pl.DataFrame) -> pl.DataFrame:
    """Rows in the warehouse by their ids, with their details."""
    found = run.warehouse.frame(sql(__file__, "earlier_lines"), wanted_ids=ids)
    return with_details(found).select("row_id", "layout_code", *DETAILS)


def with_details(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with every detail written one way; an amount or day that cannot be read begins with '?'."""
    return rows.with_columns(written(rows[name]) for name in DETAILS)


def written(texts: pl.Series) -> pl.Series:
    """One column of details, comparable."""
    name = texts.name
    if name == "holder_ref":
        return texts
    if name in IN_PENCE:
        pence = read_pence(texts).cast(pl.String)
        told = pl.select(pl.coalesce(pence, pl.lit(UNREADABLE) + texts)).to_series().alias(name)
    elif name == "posted_on_text":
        is_day = pl.col("text").str.contains(r"^\d{4}-\d{2}-\d{2}$")
        told = by_distinct(canonical(texts), pl.when(is_day).then("text").otherwise(pl.lit(UNREADABLE) + pl.col("text")))
    else:
        told = canonical(texts)
    return told.fill_null(UNSAID[name]) if name in UNSAID else told


def differ(*, but_types_of_layouts: bool = False) -> pl.Expr:
    """True where the details of a row say that it is not the row of before (`..._then`); or all but what two layouts call its type."""
    elsewhere = pl.col("layout_code") != pl.col("layout_code" + THEN)
    balances_agree = (pl.col("balance_text") == pl.col("balance_text" + THEN)).fill_null(False)
    found = []
    for name in DETAILS:
        now, then = pl.col(name), pl.col(name + THEN)
        both_differ = (now != then).fill_null(False)
        one_lacks = now.is_null() != then.is_null()
        if name in ALWAYS:
            found.append(now.ne_missing(then))
        elif name == "type_text":  # every layout has its own words for types; where the balances agree they do not matter
            found.append(both_differ & ~(elsewhere & (balances_agree | but_types_of_layouts)))
        elif name in WHERE_BOTH_TELL:
            is_unreadable = pl.coalesce(now, then).str.starts_with(UNREADABLE).fill_null(False)
            found.append(both_differ | (one_lacks & is_unreadable))
        else:
            found.append(both_differ | (one_lacks & ~elsewhere))
    return pl.any_horizontal(found)


def agreeing() -> pl.Expr:
    """How many of the details that not every layout tells are told twice and agree."""
    return pl.sum_horizontal((pl.col(name) == pl.col(name + THEN)).fill_null(False).cast(pl.Int64) for name in WHERE_BOTH_TELL)


@dataclass
class Pairing:
    """Which row stands for which: each known line takes one row of a file at most, the likest first."""

    options: dict[int, list[tuple[int, Hashable]]] = field(default_factory=dict)
    used: dict[Hashable, set[int]] = field(default_factory=dict)
    gone: set[Hashable] = field(default_factory=set)

    def add(self, pairs: pl.DataFrame, key: str) -> None:
        """Pairs of a row's `place` and what may stand for it, with how much they agree (`likeness`)."""
        for place, known, likeness in pairs.select("place", key, "likeness").sort("place", key).rows():
            self.options.setdefault(place, []).append((-likeness, known))

    def use(self, known: Hashable, file_index: int) -> None:
        """A row of this file is the known line."""
        self.used.setdefault(known, set()).add(file_index)

    def take(self, place: int, own: Hashable, file_index: int) -> Hashable | None:
        """The known line that a row is, which then stands for no other row of its file; None where there is none."""
        for _, known in sorted(self.options.get(place, ()), key=lambda option: option[0]):
            if known not in self.gone and file_index not in self.used.get(known, ()):
                self.gone.add(own)
                self.used.setdefault(known, set()).update(self.used.get(own, set()), {file_index})
                return known
        return None


def paired_anew(run: Run, rows: pl.DataFrame, groups: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Rows again, with those of some groups of equal lines paired one by one with what stood before."""
    theirs = with_details(rows.filter("is_line").join(groups, on="first_id", how="semi").sort("place"))
    numbers = known_numbers(run, groups)
    then = numbers.join(earlier_lines(run, numbers.select("row_id")), on="row_id")
    pairing = Pairing()
    for file_index, known in seen.join(numbers, on="row_id", how="semi").select("file_index", "row_id").rows():
        pairing.use(known, file_index)
    pairs = theirs.join(then, on="first_id", suffix=THEN).filter(~differ()).with_columns(likeness=agreeing())
    pairing.add(pairs, "row_id" + THEN)
    pairs = theirs.join(theirs, on="first_id", suffix=THEN).filter(
        (pl.col("place" + THEN) < pl.col("place")) & (pl.col("file_index") != pl.col("file_index" + THEN)) & ~differ()
    )
    pairing.add(pairs.with_columns(likeness=agreeing()), "place" + THEN)
    taken: dict[str, set[int]] = {}
    for first, number in numbers.select("first_id", "number").rows():
        taken.setdefault(first, set()).add(number)
    stood: list[tuple[int, Hashable]] = []
    new: list[tuple[int, str, int]] = []
    for place, first, file_index in theirs.select("place", "first_id", "file_index").rows():
        known = pairing.take(place, place, file_index)
        if known is not None:
            stood.append((place, known))
            continue
        of_group = taken.setdefault(first, set())
        number = next(free for free in range(len(of_group) + 1) if free not in of_group)
        of_group.add(number)
        new.append((place, first, number))
    return with_answers(run, rows, stood, new)


def known_numbers(run: Run, groups: pl.DataFrame) -> pl.DataFrame:
    """The rows of these groups that the warehouse has: first_id, number (how many stand before it) and row_id."""
    found = pl.DataFrame(schema={"first_id": pl.String, "number": pl.Int64, "row_id": pl.String})
    asked, start = groups, 0
    while asked.height:
        numbers = pl.DataFrame({"number": range(start, start + NUMBERS_AT_ONCE)}, schema={"number": pl.Int64})
        tried = asked.join(numbers, how="cross")
        later = numbered(run, tried["first_id"], tried["number"])
        tried = tried.with_columns(row_id=pl.when(pl.col("number") == 0).then("first_id").otherwise(later))
        there = tried.join(run.warehouse.frame(sql(__file__, "earlier_lines"), wanted_ids=tried.select("row_id")), on="row_id", how="semi")
        found = pl.concat([found, there.select(found.columns)])
        asked, start = there.select("first_id").unique(maintain_order=True), start + NUMBERS_AT_ONCE
    return found


def with_answers(run: Run, rows: pl.DataFrame, stood: list[tuple[int, Hashable]], new: list[tuple[int, str, int]]) -> pl.DataFrame:
    """Rows with the ids of those paired anew: `stood` are places and the id (or place of tonight) they repeat, `new` the others."""
    fresh = pl.DataFrame(new, schema={"place": pl.Int64, "first_id": pl.String, "number": pl.Int64}, orient="row")
    later = numbered(run, fresh["first_id"], fresh["number"])
    fresh = fresh.with_columns(row_id=pl.when(pl.col("number") == 0).then("first_id").otherwise(later))
    ids: dict[Hashable, str] = dict(fresh.select("place", "row_id").rows())
    for place, known in stood:
        ids[place] = known if isinstance(known, str) else ids[known]
    is_stood = {place for place, _ in stood}
    answers = pl.DataFrame(
        [(place, row_id, place in is_stood) for place, row_id in ids.items()],
        schema={"place": pl.Int64, "row_id": pl.String, "is_repeat": pl.Boolean},
        orient="row",
    )
    return rows.update(answers, on="place", how="left")


def in_another_layout(run: Run, rows: pl.DataFrame, seen: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Rows again, those that came in another layout, tonight or before, marked as repeats."""
    lines = lines_of_other_layouts(run, rows, identity)
    if lines is None:
        return rows
    now = with_details(lines.now)
    pairing = Pairing()
    for row_id, file_index in rows.filter("is_repeat").join(lines.now, on="account_ref", how="semi").select("row_id", "file_index").rows():
        pairing.use(row_id, file_index)
    for file_index, row_id in seen.select("file_index", "row_id").rows():
        pairing.use(row_id, file_index)
    for then, likeness in ((with_details(lines.then), lines.masked_likeness()), (now, lines.likeness())):
        pairs = now.join(then, on=["account_ref", "moved_on", "pence"], suffix=THEN).with_columns(words_likeness=likeness)
        pairs = pairs.filter(pl.col("layout_code") != pl.col("layout_code" + THEN), pl.col("words_likeness") > 0, ~differ())
        if "place" + THEN in pairs.columns:
            pairs = pairs.filter(pl.col("place" + THEN) < pl.col("place"), pl.col("file_index") != pl.col("file_index" + THEN))
        pairing.add(pairs.with_columns(likeness=pl.col("words_likeness") * 10 + agreeing()), "row_id" + THEN)
    answers = []
    for place, row_id, file_index in now.sort("place").select("place", "row_id", "file_index").rows():
        known = pairing.take(place, row_id, file_index)
        if known is not None:
            answers.append((place, known, True))
    found = pl.DataFrame(answers, schema={"place": pl.Int64, "row_id": pl.String, "is_repeat": pl.Boolean}, orient="row")
    return rows.update(found, on="place", how="left") if found.height else rows
