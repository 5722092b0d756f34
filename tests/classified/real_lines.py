"""Real lines with the codes a person would accept, read where they lie; never copied here and never learned from."""

from __future__ import annotations

from pathlib import Path

import polars as pl

WAKEFIELD = dict(pl.read_csv(Path(__file__).resolve().parents[2] / "data" / "reference" / "council_purposes.csv").iter_rows())
REAL = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
HIDDEN = r"(?i)amazon|amzn|amz\*|ebay|paypal"

# Purchases that holders really made, and what is never allowed, with the codes accepted.
PURCHASES = {
    "computer": "E06",
    "personal assistants at home": "C01",
    "complementary therapies": "T05",
    "team of personal assistants": "C01",
    "gym with exercise classes": "A01",
    "modified bicycle": "A02|E01",
    "weekly visit to the barber": "A14",
    "two-to-one support workers each weekday": "C01|C11|C08",
    "personal assistant as driver": "C01|R03",
    "mentor sessions": "C11|T03",
    "laptop": "E06",
    "deep tissue massage every four weeks": "T04",
    "swimming and gym programme at leisure centre": "A01",
    "hand cycle": "A02|E01",
    "Pilates class": "A01",
    "air fryer": "E07",
    "wheelchair headrest": "E01",
    "agency day support": "C08|C11",
    "locksmith visit": "E09|H04",
    "babysitter": "C11|C10",
    "fuel for family carer": "R03|C06",
    "family holiday": "R01|R02",
    "building a summer house": "E10",
    "sat nav": "E06",
    "aromatherapy": "T05",
    "pedalo hire": "A09",
    "Wii Fit games console": "A03",
    "shiatsu massage": "T04",
    "frozen ready meals": "H01",
    "dog": "A13",
    "bed and breakfast night at the seaside": "R01",
    "tablet or phone": "E06",
    "sports equipment": "A02",
    "physiotherapy or yoga sessions": "T01|A01",
    "acupuncture": "T04",
    "speech device": "E05",
    "short break / respite": "C10",
    "alcohol": "X01",
    "tobacco": "X02",
    "gambling": "X03",
    "debt repayment": "X04",
    "seeing a GP": "X06",
    "dental treatment": "X06",
    "prescriptions from a GP": "X08",
}


def calderdale() -> pl.DataFrame:
    """Distinct merchants of council cards and the codes accepted for their scheme's category: `merchant, accepted, category, lines`."""
    folder = REAL / "calderdale_pcard"
    lines = pl.read_csv(folder / "calderdale_2014-10_to_2018-12.csv.gz", infer_schema=False, encoding="utf8-lossy")
    codes = pl.read_csv(folder / "merchant_category_to_taxonomy.csv", infer_schema=False)
    joined = lines.rename({"Supplier Name": "merchant", "Merchant Category": "merchant_category"}).join(codes, on="merchant_category")
    kept = joined.filter(pl.col("acceptable_taxonomy_codes").fill_null("") != "", ~pl.col("merchant").str.contains(HIDDEN))
    grouped = kept.group_by("merchant", accepted="acceptable_taxonomy_codes", category="broad_category")
    return grouped.agg(lines=pl.len()).sort("merchant", "accepted")


def wakefield() -> pl.DataFrame:
    """Suppliers of an adults' directorate with the codes accepted for the purpose they were paid for, redacted names left out."""
    pairs = pl.read_csv(REAL / "wakefield_adult_care" / "supplier_by_purpose.csv", infer_schema=False, encoding="utf8-lossy")
    kept = pairs.filter(pl.col("purpose").is_in(list(WAKEFIELD)), ~pl.col("supplier").str.contains("(?i)redact"))
    accepted = pl.col("purpose").replace_strict(WAKEFIELD, default=None)
    return kept.select(merchant="supplier", category="purpose", accepted=accepted, lines=pl.col("lines").cast(pl.Int64))


def purchases() -> pl.DataFrame:
    """Purchases holders really made and things never allowed, as `description`, with the codes accepted."""
    folder = REAL / "phb_purchases"
    bought = pl.read_csv(folder / "purchases_and_goals.csv", infer_schema=False)["purchase"]
    barred = pl.read_csv(folder / "phb_exclusions.csv", infer_schema=False)["not_allowed"]
    frame = pl.concat([bought, barred.rename("purchase")]).to_frame("description")
    accepted = pl.col("description").replace_strict(PURCHASES, default=None)
    return frame.with_columns(accepted=accepted, category=accepted).filter(pl.col("accepted").is_not_null())
