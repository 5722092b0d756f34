"""Lines of one account, day and amount that more than one file tells, and how alike the words of two of them are."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from phb_audit.landed.contents import by_distinct, signed_pence, with_one_pence
from phb_audit.periods import day, utc_day
from phb_audit.run import Run
from phb_audit.sources.names import PERSON
from phb_audit.sources.payments import said
from phb_audit.sources.pseudonyms import Identity
from phb_audit.warehouse import sql

CUT_LETTERS = 17  # banks cut words at 18 letters and more; a blank at the cut is gone
SAME, SAME_PAYEE, CUT, IN_PART, SENT_AGAIN = 5, 4, 3, 2, 1
LEAST_LETTERS = 3
LEAST_AGAIN, SHARE_AGAIN = 5, 0.9  # so many lines of a file, and this share of them, stand elsewhere with account, day and amount
THEN = "_then"
WORDS = pl.col("words")
LINE = ["account_ref", "moved_on", "pence"]


@dataclass(frozen=True)
class Lines:
    """`now`: tonight's lines that did not land before, with their `place`; `then`: earlier ones of the same accounts, days and amounts.

    Both have `moved_on`, `pence`, `plain` (words of payee and description, letters and figures only), `said` (the words themselves) and
    the length as written. `sent_again` are the files of tonight that tell again what is known: there the words need not agree, since
    each known line takes one line of the file only.
    """

    now: pl.DataFrame
    then: pl.DataFrame
    sent_again: pl.Series

    def likeness(self) -> pl.Expr:
        """How alike the words of two of tonight's lines are (0: cannot be told for certain), names as written."""
        return pl.max_horizontal(likeness("plain", "letters", "said"), self.is_sent_again())

    def masked_likeness(self) -> pl.Expr:
        """The same for one of tonight's lines and an earlier one, of which names are kept as pseudonyms only."""
        is_same_person = pl.col("payee_ref").eq_missing(pl.col("payee_ref" + THEN))
        can_tell = ~pl.col("masked").str.contains(PERSON, literal=True) | pl.col("payee_ref").is_not_null()
        told = pl.when(is_same_person & can_tell).then(likeness("masked", "masked_letters", "masked_said")).otherwise(0)
        return pl.max_horizontal(told, self.is_sent_again())

    def is_sent_again(self) -> pl.Expr:
        """The least likeness of a line of a file that tells again what is known."""
        return pl.when(pl.col("file_index").is_in(self.sent_again.implode())).then(SENT_AGAIN).otherwise(0)


def likeness(words: str, letters: str, said: str) -> pl.Expr:
    """SAME words; the SAME_PAYEE where one has no further words; words that one CUT; or all words of one are IN_PART of the other."""
    now, then = pl.col(words), pl.col(words + THEN)
    is_said = (now != "") & (then != "")
    begins = now.str.starts_with(then) | then.str.starts_with(now)
    one_says_more = pl.col("has_more") != pl.col("has_more" + THEN)
    same_payee = (pl.col("masked_payee") == pl.col("masked_payee" + THEN)) & one_says_more & begins
    shorter = pl.min_horizontal(letters, letters + THEN)
    told = pl.when(now == then).then(SAME).when(same_payee).then(SAME_PAYEE).when(begins & (shorter >= CUT_LETTERS)).then(CUT)
    told = told.when(is_within(said, said + THEN) | is_within(said + THEN, said)).then(IN_PART)
    return pl.when(is_said).then(told.otherwise(0)).otherwise(0)


def is_within(fewer: str, more: str) -> pl.Expr:
    """True where every word of the one stands in the other too, and one of them is a word."""
    lacks = pl.col(fewer).list.set_difference(pl.col(more)).list.len()
    return (lacks == 0) & pl.col(fewer).list.eval(pl.element().str.contains(rf"\p{{L}}{{{LEAST_LETTERS}}}")).list.any()


def lines_of_other_files(run: Run, rows: pl.DataFrame, identity: Identity) -> Lines | None:
    """The lines to compare; None where no line came in two files with the same account, day and amount."""
    rows = with_moved_on(rows.filter(pl.col("words").is_not_null()))
    fresh = rows.filter(~pl.col("is_repeat"))
    earlier = earlier_ones(run, fresh)
    known = pl.concat([of_several_files(rows, LINE), earlier.select(LINE)]).unique()
    now = fresh.join(known, on=LINE, how="semi", maintain_order="left")
    if now.is_empty():
        return None
    then = earlier.join(now.select(LINE).unique(), on=LINE, how="semi", maintain_order="left")
    now = with_words(now).with_columns(plain=plain(WORDS), letters=WORDS.str.len_chars(), said=in_words(WORDS))
    then = with_words(masked_anew(then, identity)).with_columns(plain="masked", letters="masked_letters", said="masked_said")
    days = pl.concat([of_several_files(rows, LINE[:2]), earlier.select(LINE[:2])]).unique()
    return Lines(now, then, sent_again(rows, known, days))


def of_several_files(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """What more than one file of tonight has."""
    files = rows.group_by(by).agg(files=pl.col("file_index").n_unique())
    return files.filter(pl.col("files") > 1).select(by)


def sent_again(rows: pl.DataFrame, known: pl.DataFrame, days: pl.DataFrame) -> pl.Series:
    """The files of which nearly every line, of the accounts and days that another file tells of too, stands there."""
    told = rows.join(days, on=LINE[:2], how="semi")
    there = told.join(known, on=LINE, how="semi").group_by("file_index").agg(there=pl.len())
    counts = told.group_by("file_index").agg(told=pl.len()).join(there, on="file_index")
    return counts.filter(pl.col("there") >= LEAST_AGAIN, pl.col("there") >= SHARE_AGAIN * pl.col("told"))["file_index"]


def earlier_ones(run: Run, fresh: pl.DataFrame) -> pl.DataFrame:
    """The lines in the warehouse with account and day of one of these."""
    accounts = fresh.select("account_ref").unique()
    days = run.warehouse.frame(sql(__file__, "other_file_days"), tonights_accounts=accounts)
    near = fresh["moved_on"].drop_nulls().unique()
    near = pl.concat([near, near.dt.offset_by("1d"), near.dt.offset_by("-1d")]).unique()  # a time of day may fall into the next
    wanted = with_moved_on(days.with_columns(paid_on_text="day_text", feed_code=pl.lit("bank")))
    wanted = wanted.filter(pl.col("moved_on").is_in(near.implode())).select("day_text")
    found = run.warehouse.frame(sql(__file__, "other_file_lines"), tonights_accounts=accounts, wanted_days=wanted)
    found = with_moved_on(found).with_columns(pence=signed_pence(with_one_pence(found)))
    return found.join(fresh.select(LINE[:2]).unique(), on=LINE[:2], how="semi", maintain_order="left")


def with_moved_on(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `moved_on`, the day in London; a card's time of day is UTC."""
    texts = rows["paid_on_text"]
    is_card = rows["feed_code"] == "card"
    of_cards, others = (
        by_distinct(texts.set(~is_card, None), utc_day(pl.col("text"))),
        by_distinct(texts.set(is_card, None), day(pl.col("text"))),
    )
    return rows.with_columns(moved_on=pl.select(pl.coalesce(of_cards, others).cast(pl.Date)).to_series())


def masked_anew(rows: pl.DataFrame, identity: Identity) -> pl.DataFrame:
    """Earlier rows as they would land tonight: persons have become known since."""
    told = said(rows["payee_text"], rows["description_text"], identity)
    return rows.with_columns(
        payee_text=told["payee_text"],
        payee_ref=pl.select(pl.coalesce(rows["payee_ref"], told["payee_ref"])).to_series(),
        description_text=told["description_text"],
    )


def with_words(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the words that landed, names replaced, as letters and figures: of the payee, and of payee and description."""
    both = pl.concat_str("payee_text", "description_text", separator=" ", ignore_nulls=True)
    return rows.with_columns(
        masked_payee=plain(pl.col("payee_text").fill_null("")),
        masked=plain(both),
        masked_letters=both.str.strip_chars().str.len_chars(),
        masked_said=in_words(both),
        has_more=pl.col("description_text").str.strip_chars().fill_null("") != "",
    )


def plain(words: pl.Expr) -> pl.Expr:
    """Letters and figures in capitals, nothing between them."""
    return words.str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", "")


def in_words(words: pl.Expr) -> pl.Expr:
    """The words, in capitals."""
    return words.str.to_uppercase().str.extract_all(r"[\p{L}\p{N}]+")
