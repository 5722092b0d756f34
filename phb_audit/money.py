"""Money is integer pence until the last moment: `50_00` reads as fifty pounds.

`pence` is the one reader of amounts as senders write them; `pounds` is the one writer of amounts for people.
"""

from __future__ import annotations

import polars as pl

from phb_audit.sentences import filled_in

MOST_PENCE = 1_000_000_000_00


def pence(text: pl.Expr) -> pl.Expr:
    """Amount text to Int64 pence; null where it is not an amount.

    Copes with a leading or trailing minus, brackets for negatives, a pound sign or GBP, thousands commas, blanks,
    'CR'/'DR' endings (CR = negative), one or no decimals. More than two decimals is null (never rounded in silence),
    unless the further decimals are zeros (as spreadsheets write 12.5000).
    """
    trimmed = (
        text.str.strip_chars().str.replace_all(r"(?i)(£|gbp|\s|\x{00a0})", "").str.replace_all("[−–]", "-")  # noqa: RUF001
    )
    negative = trimmed.str.contains(r"^\(.*\)$") | trimmed.str.starts_with("-") | trimmed.str.contains(r"(-|(?i:cr))$")
    bare = trimmed.str.replace_all(r"^\(|\)$", "").str.replace(r"^[-+]", "").str.replace(r"(?i)(-|cr|dr)$", "").str.replace(r"^\.", "0.")
    grouped = bare.str.contains(r"^\d{1,3}(,\d{3})+(\.\d*)?$") | bare.str.contains(r"^\d{1,12}(\.\d*)?$")
    plain = bare.str.replace_all(",", "")
    parts = plain.str.extract_groups(r"^(\d{1,12})(?:\.(\d{0,2})0*)?$")
    whole = parts.struct.field("1").cast(pl.Int64, strict=False)
    part = parts.struct.field("2").fill_null("").str.pad_end(2, "0").cast(pl.Int64, strict=False)
    amount = whole * 100 + part
    signed = pl.when(negative).then(-amount).otherwise(amount)
    return pl.when(grouped & (amount <= MOST_PENCE)).then(signed).otherwise(None)


def pence_series(texts: pl.Series) -> pl.Series:
    """A column of amount texts to Int64 pence: the same answers as `pence`, many times faster. Keeps order and name.

    Amounts written plainly ('-1234.50') need no more than their point taken out; of the others each distinct text is read once.
    """
    found = texts.filter(texts.is_not_null())
    plain = found.str.contains(r"^-?\d{1,9}\.\d\d$")  # longer ones may be over MOST_PENCE
    quick = pl.when(plain).then(found.str.replace(".", "", literal=True)).cast(pl.Int64, strict=False)
    answers = pl.select(quick).to_series()
    if not plain.all():
        answers = answers.scatter((~plain).arg_true(), _odd_pence(found.filter(~plain)))
    if found.len() == texts.len():
        return answers.alias(texts.name)
    return pl.Series(texts.name, [None], dtype=pl.Int64).new_from_index(0, texts.len()).scatter(texts.is_not_null().arg_true(), answers)


def _odd_pence(texts: pl.Series) -> pl.Series:
    """Amounts with a pound sign or thousands commas by taking those out; of any others each distinct text is read once."""
    grouped = texts.str.contains(r"^-?£?\d{1,3}(,\d{3}){0,2}\.\d\d$")
    answers = pl.select(pl.when(grouped).then(texts.str.replace_all(r"[£,.]", "")).cast(pl.Int64, strict=False)).to_series()
    if grouped.all():
        return answers
    others = texts.filter(~grouped).alias("text").to_frame()
    read = others.unique().with_columns(careful=pence(pl.col("text")))
    joined = others.join(read, on="text", how="left", maintain_order="left")["careful"]
    return answers.scatter((~grouped).arg_true(), joined)


def pence_of(text: str) -> int | None:
    """One amount text to pence; the scalar form of `pence`."""
    value: int | None = pl.select(pence(pl.lit(text, dtype=pl.String))).item()
    return value


def pounds(amount_pence: int, *, sign: bool = False) -> str:
    """Pence to text for people: `pounds(1234567)` is '£12,345.67'; negatives carry a minus before the pound sign."""
    mark = "-" if amount_pence < 0 else "+" if sign and amount_pence > 0 else ""
    whole, part = divmod(abs(amount_pence), 100)
    return f"{mark}£{whole:,}.{part:02d}"


def pounds_expr(amount_pence: pl.Expr) -> pl.Expr:
    """Pence to text for people, as an expression; the same writing as `pounds`."""
    size = amount_pence.abs()
    whole = (size // 100).cast(pl.String).str.reverse().str.replace_all(r"(\d{3})", "$1,").str.reverse().str.strip_prefix(",")
    part = (size % 100).cast(pl.String).str.zfill(2)
    return filled_in("{}£{}.{}", pl.when(amount_pence < 0).then(pl.lit("-")).otherwise(pl.lit("")), whole, part)
