"""Landed contracts to `validated.contracts`: one row per service or cost beside a budget."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.tables.beside import CONTRACT_KINDS
from phb_audit.validated.plan_lines import FREQUENCIES, TIMES_A_YEAR
from phb_audit.validated.reading import code, holder, read_days, read_pence
from phb_audit.validated.reference import codes
from phb_audit.validated.steps import Part, Step

SAYS_SAME = {"contract": "commissioned", "setup": "set_up", "start_up": "set_up", "quote": "alternative"}


def typed(landed: pl.DataFrame, categories: pl.Series) -> pl.DataFrame:
    """One row per landed row; a category that is not among `categories` stands in `category_given` only."""
    read = read_days(
        read_pence(landed, amount_pence="amount_text"), starts_on="starts_on_text", ends_on="ends_on_text", paid_to_on="paid_to_on_text"
    )
    kind = code(pl.col("kind_text")).str.replace_all("[ -]", "_").replace(SAYS_SAME)
    return read.with_columns(
        contract_id=pl.concat_str(pl.lit("K"), "row_id"),
        holder_id=holder(),
        contract_ref="contract_ref_text",
        supplier_name="supplier_name_text",
        kind_code=pl.when(kind.is_in(CONTRACT_KINDS)).then(kind),
        category_given=pl.col("category_text").str.to_uppercase(),
        service="service_text",
        frequency_code=code(pl.col("frequency_text")).replace_strict(FREQUENCIES, default=None, return_dtype=pl.String),
    ).with_columns(
        category_code=pl.when(pl.col("category_given").is_in(categories.implode())).then("category_given"),
        annual_pence=pl.col("amount_pence") * pl.col("frequency_code").replace_strict(TIMES_A_YEAR, default=None, return_dtype=pl.Int64),
    )


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows."""
    return typed(landed, codes("taxonomy.csv", "code")["code"])


STEP = Step(
    "landed.contracts",
    (Part("validated.contracts"),),
    candidates,
    same_row=(("contract_ref_text", "holder_ref", "starts_on_text"), ("file_name", "line_number", "kind_text")),
    latest_by=("holder_id", "contract_ref", "supplier_name", "kind_code", "category_code", "starts_on"),
    is_optional=True,
)
