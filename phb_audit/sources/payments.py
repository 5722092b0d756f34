"""What the four feeds of payments share: text columns, masked payees, the account's pseudonym."""

from __future__ import annotations

import polars as pl

from phb_audit.sources.names import PERSON, described, payees
from phb_audit.sources.pseudonyms import Identity, distinctly, holder_refs, refs
from phb_audit.sources.unheard_names import follows_way, without_payees, without_unheard, without_way

IDENTITY_CELLS = ("nhs_number", "sort_code", "account_number", "card_token", "managed_account", "account_stand_in")


def payments(cells: pl.DataFrame, identity: Identity, feed_code: str, account: pl.Expr) -> pl.DataFrame:
    """Cells of a payment feed to the columns of landed.payments, without provenance.

    `account` gives the account's identity as text; where it is null, the layout's stand-in for an account is taken.
    """
    accounts = distinctly(cells, list(IDENTITY_CELLS), pl.coalesce(account, pl.col("account_stand_in")))
    told = said(cells["payee_text"], cells["description_text"], identity)
    return cells.with_columns(
        feed_code=pl.lit(feed_code),
        account_ref=refs(accounts, "B", identity.key),
        holder_ref=holder_refs(cells["nhs_number"], identity.key),
        payee_text=told["payee_text"],
        payee_ref=told["payee_ref"],
        description_text=told["description_text"],
    )


def said(payee_texts: pl.Series, descriptions: pl.Series, identity: Identity) -> pl.DataFrame:
    """Columns `payee_text`, `payee_ref`, `description_text` with persons' names replaced, in the order they came.

    A description is looked at as a payee is: it often repeats the payee, or is the only place where the bank put the name. What a
    business sold is not: HENRY HOOVER and B VITAMINS are goods.
    """
    paid = payees(payee_texts, identity)
    told = described(descriptions, identity)
    words = without_unheard(told)
    payee = without_way(paid["text"])
    is_business = (payee != "") & ~payee.str.contains(PERSON)
    words = pl.select(pl.when(is_business & ~follows_way(told)).then(told).otherwise(words)).to_series()
    return pl.DataFrame(
        {
            "payee_text": paid["text"],
            "payee_ref": paid["payee_ref"],
            "description_text": without_payees(words, payee_texts, paid["text"]),
        }
    )
