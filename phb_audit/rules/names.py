"""Payments whose payee's name says something by itself. A pattern is tried once a name, not once a payment."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import Spending, shared

# Lenders that let a purchase be paid later in parts, as they stand on statements.
PAY_LATER = (
    r"(?i)\bklarn\*?a|\bclear ?pay\b|\blay ?buy\b|\bzilch\b|\bafter ?pay\b|\bpay ?l8r\b|\bscala ?pay\b|"
    r"\bpay ?pal ?\*? ?(credit|pay in (3|4|three|four)|pay later)|\bvery pay\b"
)
# Money that is a person's own income: wages, benefits and pensions, as they stand on statements.
OTHER_INCOME = (
    r"(?i)\bdwp\b|\buniversal credit\b|\b(state|private|works|occupational) pension\b|\bpensions?\b|\bpension credit\b|"
    r"\bpersonal independence\b|\battendance allow|\bcarers? allow|\bchild benefit\b|\btax credits?\b|\bhousing benefit\b|"
    r"\bdwp (pip|esa|jsa|aa)\b|\b(salary|wages|payroll)\b"
)
# Public money for care that may lie in the same account.
PUBLIC_BODY = (
    r"(?i)\bcouncil\b|\bborough\b|\bcity of\b|\bcounty\b|\b[lm]bc\b|\bilf\b|\bindependent living fund\b|\badult social care\b|"
    r"\bicbs?\b|\bintegrated care (board|system)\b|\bccgs?\b|\bclinical commissioning\b|\bnhs\b|\bhealth authority\b"
)
# Firms that carry a payment for somebody else, as they stand at the beginning of a line.
CARRIED = (
    r"(?i)^(pay ?pal|pp|amzn?|amazon|sum ?up|i?zettle|iz|stripe|sq|square|sp|shopify|go ?cardless|gc|world ?pay)"
    r"(mktp|mktplace|marketplace)?[\s*_.-]"
)
# The same firms where a receipt has no name but theirs.
CARRIER = r"(?i)^\W*(pay ?pal|amazon|sum ?up|i?zettle|stripe|square|shopify|go ?cardless|world ?pay)\b[^*]*$"


@shared
def business_names(spending: Spending) -> pl.LazyFrame:
    """One row per name of a business as it is shown (payee_shown)."""
    return spending.payments.filter(pl.col("payee_ref").is_null()).select("payee_shown").unique()


def named(spending: Spending, payments: pl.LazyFrame, pattern: str) -> pl.LazyFrame:
    """The payments to businesses whose name has the pattern."""
    names = business_names(spending).filter(pl.col("payee_shown").str.contains(pattern))
    return payments.filter(pl.col("payee_ref").is_null()).join(names, on="payee_shown", how="semi")
