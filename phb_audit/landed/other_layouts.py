"""Lines on accounts that more than one layout speaks of, and how alike the words of two lines of different layouts are."""

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
SAME, SAME_PAYEE, CUT = 3, 2, 1
THEN = "_then"


@dataclass(frozen=True)
class Lines:
    """`now`: tonight's lines that did not land before, with their `place`; `then`: earlier ones of other layouts on the same accounts.

    Both have `moved_on`, `pence`, `plain` (words of payee and description, letters and figures only) and its length as written.
    """

    now: pl.DataFrame
    then: pl.DataFrame

    def likeness(self) -> pl.Expr:
        """How alike the words of two of tonight's lines are (0: cannot be told for certain), names as written."""
        return likeness("plain", "letters")

    def masked_likeness(self) -> pl.Expr:
        """The same for one of tonight's lines and an earlier one, of which names are kept as pseudonyms only."""
        is_same_person = pl.col("payee_ref").eq_missing(pl.col("payee_ref" + THEN))
        can_tell = ~pl.col("masked").str.contains(PERSON, literal=True) | pl.col("payee_ref").is_not_null()
        return pl.when(is_same_person & can_tell).then(likeness("masked", "masked_letters")).otherwise(0)


def likeness(words: str, letters: str) -> pl.Expr:
    """SAME words; the SAME_PAYEE where one layout has no further words; or words that one layout CUT."""
    now, then = pl.col(words), pl.col(words + THEN)
    is_said = (now != "") & (then != "")
    begins = now.str.starts_with(then) | then.str.starts_with(now)
    one_says_more = pl.col("has_more") != pl.col("has_more" + THEN)
    same_payee = (pl.col("masked_payee") == pl.col("masked_payee" + THEN)) & one_says_more & begins
    shorter = pl.min_horizontal(letters, letters + THEN)
    told = pl.when(now == then).then(SAME).when(same_payee).then(SAME_PAYEE).when(begins & (shorter >= CUT_LETTERS)).then(CUT)
    return pl.when(is_said).then(told.otherwise(0)).otherwise(0)


def lines_of_other_layouts(run: Run, rows: pl.DataFrame, identity: Identity) -> Lines | None:
    """The lines to compare; None where every account came in one layout only, tonight and before."""
    is_fresh = ~pl.col("is_repeat") & pl.col("words").is_not_null()
    layouts = rows.lazy().filter(is_fresh).select("account_ref", "layout_code").unique(maintain_order=True).collect()
    several = layouts.filter(pl.col("account_ref").is_duplicated()).select("account_ref").unique()
    days = run.warehouse.frame(sql(__file__, "other_layout_days"), tonights_layouts=layouts)
    if several.is_empty() and days.is_empty():
        return None
    now = with_moved_on(rows.filter(is_fresh))
    near = now["moved_on"].drop_nulls().unique()
    near = pl.concat([near, near.dt.offset_by("1d"), near.dt.offset_by("-1d")]).unique()  # a time of day may fall into the next
    wanted = with_moved_on(days.with_columns(paid_on_text="day_text", feed_code=pl.lit("bank"))).filter(
        pl.col("moved_on").is_in(near.implode())
    )
    then = run.warehouse.frame(sql(__file__, "other_layout_lines"), tonights_layouts=layouts, wanted_days=wanted.select("day_text"))
    then = with_moved_on(then).with_columns(pence=signed_pence(with_one_pence(then)))
    then = with_words(masked_anew(then, identity)).with_columns(plain="masked", letters="masked_letters")
    accounts = pl.concat([several, then.select("account_ref")]).unique()
    now = with_words(now.join(accounts, on="account_ref", how="semi", maintain_order="left"))
    now = now.with_columns(plain=plain(pl.col("words")), letters=pl.col("words").str.len_chars())
    return Lines(now, then)


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
        has_more=pl.col("description_text").str.strip_chars().fill_null("") != "",
    )


def plain(words: pl.Expr) -> pl.Expr:
    """Letters and figures in capitals, nothing between them."""
    return words.str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", "")
