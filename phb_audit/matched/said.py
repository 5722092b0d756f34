"""What payments say (payee, words, category): each distinct answer once, and each payment with the number of its own.

Thousands of payments say the same week after week; whatever depends only on what is said is worked out once.
"""

from __future__ import annotations

import polars as pl

SAID = ("payee_text", "payee_ref", "kind_code", "description", "mcc_code", "country_code")
DAYS = 2**32  # two numbers as one, the second a day


def in_order(payments: pl.DataFrame, categories: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The payments that have a category, by holder, day and id, with `said_idx` and `id_rank`; and what is said, by `said_idx`.

    `id_rank` rises with `payment_id`: for comparing ids as numbers. `categories` may hold other payments too.
    """
    at = categories.select("payment_id", category_row=pl.int_range(pl.len(), dtype=pl.UInt32)).join(
        payments.select("payment_id", payment_row=pl.int_range(pl.len(), dtype=pl.UInt32)), on="payment_id", maintain_order="left"
    )
    if not at["payment_id"].is_sorted():
        at = at.sort("payment_id")
    at = at.drop("payment_id").with_row_index("id_rank")
    day = pl.col("paid_on").to_physical().cast(pl.Int64)
    place = payments.select(place=pl.col("holder_idx").cast(pl.Int64) * DAYS + day)[at["payment_row"]]
    at = at[place.select(pl.arg_sort_by("place", maintain_order=True)).to_series()]  # of one holder and day by id, as they stood
    categories = categories.drop("payment_id")
    parts = [(payments.select(SAID), at["payment_row"]), (categories, at["category_row"])]
    said = pl.DataFrame([part.hash_rows().gather(row).alias(row.name) for part, row in parts]).hash_rows()
    number = pl.DataFrame({"said": said})
    first = number["said"].arg_unique()
    numbered = number[first].with_row_index("said_idx")
    said_idx = number.join(numbered, on="said", how="left", maintain_order="left")["said_idx"]
    distinct = pl.concat([part[row.gather(first)] for part, row in parts], how="horizontal")
    return payments.drop(SAID)[at["payment_row"]].hstack([at["id_rank"], said_idx]), distinct
