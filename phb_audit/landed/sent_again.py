"""Statements sent again in other words: lines known by account, day and amount, where the files as a whole show that they are the same.

A bank's statement of some days is complete. Where the lines of a file on one account, and the lines known of that account, are the same
days and amounts to nine in ten, counted one to one and both ways over the days that both cover (three in four where every line of one
stands in the other), they are one statement's lines. It must show in `LEAST_LINES` different days and amounts of which the words agree or
tell nothing, or in `LEAST_BALANCES` of which the balances agree. Lines whose words name somebody else stay two whatever the rest shows: a
line lost cannot be asked about. Cards, receipts and managed accounts are no complete statements, and an account must be told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from phb_audit.landed.alike_words import Alike, Said, alike
from phb_audit.landed.contents import signed_pence, with_one_pence
from phb_audit.landed.other_layouts import masked_anew, with_moved_on
from phb_audit.landed.same_payments import DETAILS, THEN, differ, with_details
from phb_audit.run import Run
from phb_audit.sources.pseudonyms import Identity
from phb_audit.warehouse import sql

STATEMENTS = "bank"
LEAST_SHARE = 0.9
LEAST_SHARE_WITHIN = 0.75  # of the fuller one, where every line of the other stands in it
LEAST_OF_A_WAY = 0.25  # of the lines compared, told in more words, in fewer, or in none
LEAST_LINES, LEAST_SUMS, LEAST_SUMS_UNTOLD, LEAST_BALANCES = 5, 3, 5, 3
MOST_OTHERS = 0.1  # share of the lines that agree whose words name somebody else
MOST_EQUAL = 6  # lines of one account, day and amount in one file; more are not compared
DAY = ["account_ref", "moved_on"]
LINE = [*DAY, "pence"]
COMPARED = [*LINE, "row_id", "file", "layout_code", "paid_on_text", "payee_ref", "spoken", "masked", *DETAILS]
TIME = r"(\d{1,2}:\d{2})"


@dataclass
class Known:
    """What came of one night's files: `stood` are places of rows and the id of the line that each is; `told` counts for each file."""

    stood: dict[int, str] = field(default_factory=dict)
    told: dict[int, Counter[str]] = field(default_factory=dict)

    def reasons(self) -> dict[int, str]:
        """One sentence a file, by its index."""
        return {file: in_words(counts) for file, counts in sorted(self.told.items())}


def in_words(counts: Counter[str]) -> str:
    """What a reader of the list of files is told."""
    again, new, missing = counts["again"], counts["new"], counts["missing"]
    told = f"{lines(again)} here came before, told otherwise, with the same account, day and amount, and {count_or_counts(again)} once."
    told += f" {lines(new)} of the same days did not come before and landed." if new else ""
    return told + (f" {lines(missing)} that came before for these days {is_or_are(missing)} not in this file." if missing else "")


def lines(count: int) -> str:
    """'1 line', '2 lines'."""
    return f"{count:,} line" + ("" if count == 1 else "s")


def count_or_counts(count: int) -> str:
    """'counts' for one."""
    return "counts" if count == 1 else "count"


def is_or_are(count: int) -> str:
    """'is' for one."""
    return "is" if count == 1 else "are"


def lines_sent_again(run: Run, rows: pl.DataFrame, in_parts: frozenset[int], identity: Identity) -> tuple[pl.DataFrame, dict[int, str]]:
    """The rows of landed.payments with `is_repeat` and `row_id` of lines of a statement sent again, and what to say of each such file.

    `in_parts` are files of which other rows are read earlier or later: they are never judged as a whole.
    """
    rows = rows.with_row_index("place").with_columns(pl.col("place").cast(pl.Int64))
    is_line = (pl.col("feed_code") == STATEMENTS) & pl.col("words").is_not_null() & (pl.col("pence") != 0)
    tonight = rows.lazy().filter(is_line).select("place", "file_index", "is_repeat", "paid_on_text", "feed_code", "account_ref", "pence")
    accounts = accounts_to_compare(run, tonight.collect(), in_parts)
    if accounts.is_empty():
        return rows.drop("place"), {}
    tonights = comparable(rows.filter(is_line).join(accounts, on="account_ref", how="semi", maintain_order="left"))
    earlier = run.warehouse.frame(sql(__file__, "known_of_accounts"), wanted_accounts=accounts)
    earlier = masked_anew(earlier, identity).with_columns(pence=signed_pence(with_one_pence(earlier)), file=pl.col("file_id"))
    earlier = comparable(earlier).filter(pl.col("pence") != 0).select(COMPARED)
    known = Known()
    ranked = tonights.filter(~pl.col("is_repeat")).group_by("account_ref", "file_index").agg(first=pl.col("place").min())
    ranked = ranked.with_columns(rank=pl.col("first").rank("ordinal").over("account_ref"))
    for rank in range(1, int(str(ranked["rank"].max())) + 1):
        units = ranked.filter(pl.col("rank") == rank).select("account_ref", "file_index")
        file = tonights.join(units, on=["account_ref", "file_index"], how="semi", maintain_order="left")
        before = earlier.join(units, on="account_ref", how="semi", maintain_order="left")
        compare(file.filter(~pl.col("file_index").is_in(list(in_parts))), before, known)
        tonights = with_answers(tonights, known)
        landed = tonights.filter(~pl.col("is_repeat")).join(units, on=["account_ref", "file_index"], how="semi", maintain_order="left")
        earlier = pl.concat([earlier, landed.select(COMPARED)])
    return with_answers(rows, known).drop("place"), known.reasons()


def accounts_to_compare(run: Run, tonight: pl.DataFrame, in_parts: frozenset[int]) -> pl.DataFrame:
    """Accounts with a new line tonight of which another file, of tonight or before, has account, day and amount too."""
    none = pl.DataFrame(schema={"account_ref": pl.String})
    fresh = tonight.filter(~pl.col("is_repeat") & ~pl.col("file_index").is_in(list(in_parts)))
    if fresh.is_empty():
        return none
    days = run.warehouse.frame(sql(__file__, "known_days"), tonights_accounts=fresh.select("account_ref").unique())
    files = tonight.select("account_ref", "file_index").unique()
    several = files.filter(pl.col("account_ref").is_duplicated()).select("account_ref").unique()
    if days.is_empty() and several.is_empty():
        return none
    fresh = with_moved_on(fresh)
    days = with_moved_on(days.with_columns(paid_on_text="day_text", feed_code=pl.lit(STATEMENTS)))
    wanted = fresh.select(DAY).unique().join(days.select("day_text", "moved_on"), on="moved_on").select("account_ref", "day_text")
    known = run.warehouse.frame(sql(__file__, "known_on_days"), wanted_days=wanted)
    known = with_moved_on(known.with_columns(pence=signed_pence(with_one_pence(known)))).select(LINE).unique()
    others = with_moved_on(tonight.join(several, on="account_ref", how="semi")).group_by(LINE).agg(pl.col("file_index").n_unique())
    known = pl.concat([known, others.filter(pl.col("file_index") > 1).select(LINE)])
    return fresh.join(known, on=LINE, how="semi").select("account_ref").unique(maintain_order=True)


def comparable(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `moved_on`, every detail written one way, and their words: `spoken` (of tonight) and `masked`."""
    masked = pl.concat_str("payee_text", "description_text", separator=" ", ignore_nulls=True)
    spoken = pl.col("words") if "words" in rows.columns else pl.lit(None, dtype=pl.String)
    file = pl.col("file") if "file" in rows.columns else pl.lit("tonight ") + pl.col("file_index").cast(pl.String)
    rows = with_details(with_moved_on(rows).with_columns(masked=masked, spoken=spoken, file=file))
    return rows.filter(pl.all_horizontal(pl.col(LINE).is_not_null()))


def with_answers(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Rows again, those that are a known line marked as repeats of it, and so those that repeat them."""
    found = pl.DataFrame(
        {"place": list(known.stood), "row_id": list(known.stood.values())}, schema={"place": pl.Int64, "row_id": pl.String}
    )
    if found.is_empty():
        return rows
    own = rows.select("place", own="row_id").join(found, on="place").select(row_id="own", stands="row_id").unique("row_id")
    rows = rows.join(own, on="row_id", how="left", maintain_order="left")
    rows = rows.with_columns(row_id=pl.coalesce("stands", "row_id")).drop("stands")
    return rows.update(found.with_columns(is_repeat=True), on="place", how="left")


def compare(file: pl.DataFrame, before: pl.DataFrame, known: Known) -> None:
    """One file at most of each account, held against the lines known before."""
    groups = counted(file, before)
    groups = groups.join(best_of(pairs_of(file, before, groups)), on=LINE, how="left", maintain_order="left")
    accounts = accounts_sent_again(groups)
    but_ends = groups.filter(~pl.col("is_end")).join(accounts, on="account_ref", how="anti", maintain_order="left")
    but_ends = but_ends.join(accounts_sent_again(but_ends), on="account_ref", maintain_order="left")
    groups = pl.concat([groups.join(accounts, on="account_ref", maintain_order="left"), but_ends])
    if groups.is_empty():
        return
    groups = groups.with_columns(agreed=pl.min_horizontal("file_count", "known_count"))
    is_sure = (pl.col("file_count") == pl.col("known_count")) | pl.col("one_is_within")
    groups = groups.with_columns(room=pl.when(is_sure).then(pl.col("agreed") - pl.col("repeats")).otherwise(0))
    tell(file, groups, paired(groups, known), known)


def counted(file: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """One row an account, day and amount on the days that both cover: how many lines have it in the file and before.

    `is_end` says that it is of a day that one of them may have begun or ended with, told in part, and that the two differ on it.
    """
    windows = file.group_by("account_ref").agg(start=pl.col("moved_on").min(), end=pl.col("moved_on").max())
    told = before.join(windows, on="account_ref").filter(pl.col("moved_on").is_between("start", "end"))
    mine = (
        on_covered_days(file, before)
        .group_by(LINE)
        .agg(file_count=pl.len().cast(pl.Int64), repeats=pl.col("is_repeat").sum().cast(pl.Int64))
    )
    theirs = told.group_by(LINE).agg(known_count=pl.len().cast(pl.Int64))
    both = mine.join(theirs, on=LINE, how="full", coalesce=True)
    both = both.with_columns(pl.col("file_count", "repeats", "known_count").fill_null(0)).sort(LINE)
    ends = [frame.group_by("account_ref").agg(moved_on=end) for frame in (file, before) for end in (pl.min("moved_on"), pl.max("moved_on"))]
    differing = both.filter(pl.col("file_count") != pl.col("known_count")).join(pl.concat(ends), on=DAY, how="semi").select(DAY).unique()
    is_end = differing.with_columns(is_end=True)
    return both.join(is_end, on=DAY, how="left", maintain_order="left").with_columns(pl.col("is_end").fill_null(False))


def on_covered_days(file: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Lines of a file on days between the first and the last of a file that landed before."""
    spans = before.group_by("account_ref", "file").agg(start=pl.col("moved_on").min(), until=pl.col("moved_on").max())
    spans = spans.sort("account_ref", "start").with_columns(until=pl.col("until").cum_max().over("account_ref")).sort("start")
    days = file.select(DAY).unique().sort("moved_on")
    days = days.join_asof(
        spans.select("account_ref", "start", "until"), left_on="moved_on", right_on="start", by="account_ref", check_sortedness=False
    )
    return file.join(days.filter(pl.col("moved_on") <= pl.col("until")), on=DAY, how="semi")


def pairs_of(file: pl.DataFrame, before: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """New lines of the file and known ones that may be the same: account, day, amount, `place`, `known` row id and `likeness`."""
    few = groups.filter(pl.col("repeats") < pl.col("file_count"), pl.col("known_count") > 0)
    few = few.filter(pl.max_horizontal("file_count", "known_count") <= MOST_EQUAL).select(LINE)
    used = file.filter("is_repeat").select("row_id").unique()
    fresh = file.filter(~pl.col("is_repeat")).join(few, on=LINE, how="semi", maintain_order="left")
    pairs = fresh.join(before.join(used, on="row_id", how="anti"), on=LINE, suffix=THEN, maintain_order="left_right").filter(may_be_one())
    said = pairs.select("spoken", "masked", "payee_ref").rows(), pairs.select(f"spoken{THEN}", f"masked{THEN}", f"payee_ref{THEN}").rows()
    found = [int(alike(Said(*one), Said(*other))) for one, other in zip(*said, strict=True)]
    same_balance = (pl.col("balance_text") == pl.col("balance_text" + THEN)).fill_null(False)
    likeness = pl.when(same_balance).then(int(Alike.BALANCES)).otherwise(pl.Series(found, dtype=pl.Int64))
    return pairs.select(*LINE, "place", known="row_id" + THEN, likeness=likeness)


def best_of(pairs: pl.DataFrame) -> pl.DataFrame:
    """One row an account, day and amount with its `pairs` and their `best` likeness, those in a way of telling that the account has.

    One line that says more or less than another, where the others of the account are told alike, is another line.
    """
    best = pairs.group_by(LINE).agg(pl.col("likeness").max())
    ways = best.group_by("account_ref", "likeness").len().with_columns(share=pl.col("len") / pl.col("len").sum().over("account_ref"))
    is_way = (pl.col("likeness") >= int(Alike.EQUAL)) | (pl.col("share") >= LEAST_OF_A_WAY)
    ways = ways.filter(is_way, pl.col("likeness") >= int(Alike.UNTOLD)).select("account_ref", "likeness")
    pairs = pairs.join(ways, on=["account_ref", "likeness"], how="semi", maintain_order="left")
    told = pairs.group_by(LINE).agg(pairs=pl.struct("likeness", "place", "known"), told=pl.col("likeness").max())
    return best.select(*LINE, best="likeness").join(told, on=LINE, how="left")


def may_be_one() -> pl.Expr:
    """Pairs of which no detail speaks against it; layouts have words of their own for the type of a line."""
    times = pl.col("paid_on_text").str.extract(TIME) != pl.col("paid_on_text" + THEN).str.extract(TIME)
    return ~differ(but_types_of_layouts=True) & ~times.fill_null(False)


def accounts_sent_again(groups: pl.DataFrame) -> pl.DataFrame:
    """Accounts whose lines in the file and before are the same as a whole, and whether all of one stand in the other."""
    agreed = pl.min_horizontal("file_count", "known_count")
    is_repeat, told = pl.col("repeats") > 0, pl.col("told").fill_null(int(Alike.OTHERS))
    is_within = is_repeat | (told >= int(Alike.SHORTER))
    is_told = (agreed > 0) & (is_within | (told == int(Alike.UNTOLD)))
    is_compared = pl.max_horizontal("file_count", "known_count") <= MOST_EQUAL
    is_other = is_compared & (agreed > 0) & ~is_repeat & (pl.col("best").fill_null(int(Alike.OTHERS)) == int(Alike.OTHERS))
    sums = groups.group_by("account_ref").agg(
        in_file=pl.col("file_count").sum(),
        in_known=pl.col("known_count").sum(),
        agreed=agreed.sum(),
        told=is_told.sum(),
        told_lines=agreed.filter(is_told).sum(),
        sums=pl.col("pence").filter(is_told).n_unique(),
        within=((agreed > 0) & is_within).sum(),
        balances=((agreed > 0) & (told == int(Alike.BALANCES))).sum(),
        others=agreed.filter(is_other).sum(),
    )
    least_sums = pl.when(pl.col("within") >= LEAST_LINES).then(LEAST_SUMS).otherwise(LEAST_SUMS_UNTOLD)
    by_words = (pl.col("told") >= LEAST_LINES) & (pl.col("sums") >= least_sums) & (2 * pl.col("told_lines") >= pl.col("agreed"))
    one_is_within = pl.col("agreed") == pl.min_horizontal("in_file", "in_known")
    least = pl.when(one_is_within & (pl.col("within") >= LEAST_LINES)).then(LEAST_SHARE_WITHIN).otherwise(LEAST_SHARE)
    whole = pl.col("agreed") >= least * pl.max_horizontal("in_file", "in_known")
    sure = whole & (pl.col("others") <= MOST_OTHERS * pl.col("agreed")) & (by_words | (pl.col("balances") >= LEAST_BALANCES))
    return sums.filter(sure).select("account_ref", one_is_within=one_is_within)


def paired(groups: pl.DataFrame, known: Known) -> Counter[str]:
    """How many lines of each account are known ones, the likest first: each takes one line of the file, and a group has so much room."""
    taken: Counter[str] = Counter()
    wanted = groups.filter(pl.col("room") > 0, pl.col("pairs").is_not_null())
    for account, room, pairs in wanted.select("account_ref", "room", "pairs").rows():
        places: dict[int, str] = {}
        for _, place, row_id in sorted((-pair["likeness"], pair["place"], pair["known"]) for pair in pairs):
            if len(places) < room and place not in places and row_id not in places.values():
                places[place] = row_id
        known.stood.update(places)
        taken[account] += len(places)
    return taken


def tell(file: pl.DataFrame, groups: pl.DataFrame, taken: Counter[str], known: Known) -> None:
    """Count for each file what was known, what of the same days is new, and what is not there again."""
    files = dict(file.select("account_ref", "file_index").unique().rows())
    left = groups.group_by("account_ref", maintain_order=True).agg(
        fresh=(pl.col("file_count") - pl.col("repeats")).sum(), missing=(pl.col("known_count") - pl.col("agreed")).sum()
    )
    for account, fresh, missing in left.rows():
        if taken[account]:
            counts = known.told.setdefault(files[account], Counter())
            counts.update(again=taken[account], new=fresh - taken[account], missing=missing)
