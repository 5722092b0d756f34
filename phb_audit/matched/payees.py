"""Who was paid: a business as written, a person only ever as 'a named person (Y12ab)'."""

from __future__ import annotations

import polars as pl

from phb_audit.sentences import filled_in
from phb_audit.sources.unheard_names import begins_as_name, is_worth_reading, unheard
from phb_audit.warehouse import Warehouse, sql

COLLECTORS = (
    r"^(?:(?:AMZNMKTPLACE|AMZN MKTP|PAYPAL|SUMUP|SUM UP|ZETTLE|IZETTLE|IZ|SQ|SQUARE|PP|STRIPE|TYL|DOJO|SP|CRV|WORLDPAY|TAKEPAYMENTS|LNK)"
    r"\s*[*_-]+|(?:SUMUP|ZETTLE|PAYPAL|STRIPE|GOCARDLESS|SP|SQ|CRV|CARD|POS|DD|SO|FPO|BP) )\s*"
)
AMAZON_CODE = r"^(AM(?:AZON|ZN)[^*]*)\*\s*[A-Z0-9]*[0-9].*$"
AMAZON = r"\bAM(?:AZON|ZN)(?: ?(?:MKTPL\w*|MKTP|MARKETPLACE|RETAIL|EU|SVCS))*\b"  # written a dozen ways, one payee
LEGAL_FORM = r"\b(?:LTD|LIMITED|PLC|LLP|CIC|UK|CO|COM|GB|GBR)\b"
ALL_CAPITALS = ("HMRC", "NHS", "ICB", "PHB", "DP", "PAYE", "NEST", "RDA", "BBC", "ATM", "TV", "UK", "DBS", "AA", "PA", "PC")
CAPITALS = {f" {name.title()} ": f" {name} " for name in ALL_CAPITALS}
OF_KIND = {
    "cash": "Cash machine",
    "fee": "Bank or card charge",
    "interest": "Bank interest",
    "instalment": "The commissioner",
    "repayment": "The commissioner",
}
NOT_GIVEN = "Payee not given"


def business_key(payee_text: pl.Expr) -> pl.Expr:
    """The name of a business without collector, branch number, date, legal form and punctuation: 'SUMUP *JANES ART 0123' is 'JANES ART'."""
    upper = payee_text.str.to_uppercase().str.strip_chars()
    upper = upper.str.replace(AMAZON_CODE, "${1}")
    bare = upper.str.replace(COLLECTORS, "")
    uncollected = pl.when(bare.str.contains(r"[A-Z]{3}")).then(bare).otherwise(upper)
    letters = uncollected.str.replace_all(r"[^A-Z ]", " ").str.replace_all(LEGAL_FORM, " ")
    letters = letters.str.replace(AMAZON, "AMAZON")
    return letters.str.replace_all(r"\s+", " ").str.strip_chars()


def squeezed(key: pl.Expr) -> pl.Expr:
    """The key of a business without blanks, for comparing names that cards cut short; a person's name is no name."""
    return key.str.replace_all(r"\bPERSON\b", "").str.replace_all(" ", "", literal=True)


def tidy_case(payee_text: pl.Expr) -> pl.Expr:
    """'MEADOW RIDING SCHOOL' as people write it; text that already has small letters stays as it is."""
    spaced = payee_text.str.replace_all(r"\s+", " ").str.strip_chars()
    titled = filled_in(" {} ", spaced.str.to_titlecase()).str.replace_many(list(CAPITALS), list(CAPITALS.values()))
    shouted = spaced == spaced.str.to_uppercase()
    return pl.when(shouted).then(titled.str.replace_all("'S ", "'s ", literal=True).str.strip_chars()).otherwise(spaced)


def sounds_personal(payee_texts: pl.Series) -> pl.Series:
    """True where a text, without a collector before it, is a name and little else: 'ALAN BRIGHT', 'FROM D JONES', 'PAYPAL *ALAN BRIGHT'.

    So are up to four words that begin with a given name and have none of business: 'MARIA DA SILVA', 'SARAH KHAN BRISTOL'.
    Nobody has told us of such a person, so they have no pseudonym; still their name is not for showing. A company (LTD, PLC) is.
    """
    upper = pl.col("text").str.to_uppercase().str.strip_chars()
    look = pl.DataFrame({"text": payee_texts}).with_row_index("row").with_columns(bare=upper.str.replace(COLLECTORS, ""))
    worth = is_worth_reading(pl.col("text")) | is_worth_reading(pl.col("bare"))
    look = look.filter(worth & ~upper.str.contains(LEGAL_FORM))
    personal = [row for row, *texts in look.iter_rows() if any(unheard(text) or begins_as_name(text) for text in texts)]
    return pl.Series("has_name", [False], dtype=pl.Boolean).new_from_index(0, len(payee_texts)).scatter(personal, True)


def payees(warehouse: Warehouse, said: pl.DataFrame) -> pl.DataFrame:
    """One row per row of `said`, in its order: `payee_shown`, `payee_id`, and `payee_name` for comparing (see `squeezed`).

    A payee that holds a person's name (a `payee_ref`, or the word PERSON that stands where a name stood) is never shown in words.
    """
    named = said.select("payee_text", "kind_code").unique()
    is_personal = sounds_personal(named["payee_text"].fill_null(""))
    of_kind = pl.col("kind_code").replace_strict(OF_KIND, default=NOT_GIVEN, return_dtype=pl.String)
    text = pl.col("payee_text").fill_null("")
    blank = text.str.strip_chars().str.len_chars() == 0
    key = pl.col("key")
    named = (
        named.with_columns(key=business_key(text))
        .with_columns(
            business=pl.when(blank).then(of_kind).when(key.str.len_chars() == 0).then(text).otherwise(key),
            shown=pl.when(blank).then(of_kind).otherwise(tidy_case(text)),
            has_name=text.str.contains(r"\bPERSON\b") | is_personal,
            payee_name=squeezed(key),
        )
        .drop("key")
    )
    ids = warehouse.frame(sql(__file__, "payee_ids"), names_now=named.select("business").unique())
    known = filled_in("a named person ({})", pl.col("payee_ref").str.head(5))
    return (
        said.select("payee_text", "kind_code", "payee_ref")
        .join(named.join(ids, on="business"), on=["payee_text", "kind_code"], how="left", nulls_equal=True, maintain_order="left")
        .select(
            payee_shown=pl.when(pl.col("payee_ref").is_not_null())
            .then(known)
            .when("has_name")
            .then(pl.lit("a named person"))
            .otherwise("shown"),
            payee_id=pl.coalesce("payee_ref", "business_id"),
            payee_name="payee_name",
        )
    )
