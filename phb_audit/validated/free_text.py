"""Numbers that say who a person is, written into free text (Q-10): found, and masked before the text is admitted."""

from __future__ import annotations

import re

import polars as pl

from phb_audit.identity import is_nhs_number

MASK = "[number removed]"
# A first look at every text, without the look-around that the patterns below need.
MAYBE = (
    r"(?i)(^|[^\d-])\d{3}[ .-]?\d{3}[ .-]?\d{4}([^\d-]|$)"
    r"|\d{2}[ -]?\d{2}[ -]?\d{2}[ ,]*\d{8}|@|\b07\d{3} ?\d{6}|\b[a-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[a-d]\b"
    r"|\b(a/?c|acct?|account)\b( ?(no|num|number)\b)?[ .:#]*\d{8}"
)
TEN_DIGITS = re.compile(r"(?<![\d-])\d{3}[ .-]?\d{3}[ .-]?\d{4}(?![\d-])")
ACCOUNT = re.compile(
    r"\bGB\d{2} ?[A-Z]{4}[ \d]{14,18}"  # IBAN
    r"|(?<!\w)\d{2}([ -]?)\d{2}\1\d{2}[ ,]*\d{8}(?!\w)"  # sort code and account number
    r"|\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"  # National Insurance number
    r"|\b07\d{3} ?\d{6}\b"  # mobile telephone
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # e-mail
    r"|\b(?:a/?c|acct?|account)\b(?: ?(?:no|num|number)\b)?[ .:#]*\d{8}(?!\d)",  # 'account no 12345678'
    re.IGNORECASE,
)


def masked_text(text: str) -> str:
    """The text with NHS numbers (by their check digit), account and National Insurance numbers, mobile numbers and e-mail replaced."""
    hidden = TEN_DIGITS.sub(lambda found: MASK if is_nhs_number(found.group().replace(".", "")) else found.group(), text)
    return ACCOUNT.sub(MASK, hidden)


def masked(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """The frame with those columns masked, and `has_identity_text`: true where something was found in any of them."""
    found = pl.Series("has_identity_text", [False]).new_from_index(0, frame.height)
    for name in columns:
        maybe = frame[name].filter(frame[name].str.contains(MAYBE).fill_null(False)).unique().sort()
        changed = {text: hidden for text in maybe if (hidden := masked_text(text)) != text}
        if changed:
            found = found | frame[name].is_in(list(changed)).fill_null(False)
            frame = frame.with_columns(pl.col(name).replace(changed))
    return frame.with_columns(found.alias("has_identity_text"))
