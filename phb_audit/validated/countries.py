"""Countries as card processors write them, to ISO's two letters."""

from __future__ import annotations

import polars as pl

# Three letters, ISO's numbers and English names of the countries cards of UK holders are used in.
NAMED = {
    "GB": ("GBR", "826", "UK", "UNITED KINGDOM", "GREAT BRITAIN", "ENGLAND", "SCOTLAND", "WALES", "NORTHERN IRELAND"),
    "IE": ("IRL", "372", "IRELAND", "REPUBLIC OF IRELAND"),
    "FR": ("FRA", "250", "FRANCE"),
    "ES": ("ESP", "724", "SPAIN"),
    "PT": ("PRT", "620", "PORTUGAL"),
    "IT": ("ITA", "380", "ITALY"),
    "DE": ("DEU", "276", "GERMANY"),
    "NL": ("NLD", "528", "NETHERLANDS"),
    "BE": ("BEL", "056", "BELGIUM"),
    "LU": ("LUX", "442", "LUXEMBOURG"),
    "AT": ("AUT", "040", "AUSTRIA"),
    "CH": ("CHE", "756", "SWITZERLAND"),
    "GR": ("GRC", "300", "GREECE"),
    "CY": ("CYP", "196", "CYPRUS"),
    "MT": ("MLT", "470", "MALTA"),
    "TR": ("TUR", "792", "TURKEY", "TURKIYE"),
    "PL": ("POL", "616", "POLAND"),
    "RO": ("ROU", "642", "ROMANIA"),
    "BG": ("BGR", "100", "BULGARIA"),
    "LT": ("LTU", "440", "LITHUANIA"),
    "LV": ("LVA", "428", "LATVIA"),
    "EE": ("EST", "233", "ESTONIA"),
    "CZ": ("CZE", "203", "CZECHIA", "CZECH REPUBLIC"),
    "SK": ("SVK", "703", "SLOVAKIA"),
    "HU": ("HUN", "348", "HUNGARY"),
    "HR": ("HRV", "191", "CROATIA"),
    "DK": ("DNK", "208", "DENMARK"),
    "SE": ("SWE", "752", "SWEDEN"),
    "NO": ("NOR", "578", "NORWAY"),
    "FI": ("FIN", "246", "FINLAND"),
    "IS": ("ISL", "352", "ICELAND"),
    "US": ("USA", "840", "UNITED STATES", "UNITED STATES OF AMERICA"),
    "CA": ("CAN", "124", "CANADA"),
    "AU": ("AUS", "036", "AUSTRALIA"),
    "NZ": ("NZL", "554", "NEW ZEALAND"),
    "CN": ("CHN", "156", "CHINA"),
    "HK": ("HKG", "344", "HONG KONG"),
    "JP": ("JPN", "392", "JAPAN"),
    "SG": ("SGP", "702", "SINGAPORE"),
    "TH": ("THA", "764", "THAILAND"),
    "IN": ("IND", "356", "INDIA"),
    "PK": ("PAK", "586", "PAKISTAN"),
    "BD": ("BGD", "050", "BANGLADESH"),
    "AE": ("ARE", "784", "UNITED ARAB EMIRATES"),
    "ZA": ("ZAF", "710", "SOUTH AFRICA"),
    "NG": ("NGA", "566", "NIGERIA"),
    "GH": ("GHA", "288", "GHANA"),
    "KE": ("KEN", "404", "KENYA"),
    "MA": ("MAR", "504", "MOROCCO"),
    "EG": ("EGY", "818", "EGYPT"),
    "JM": ("JAM", "388", "JAMAICA"),
    "GG": ("GGY", "831", "GUERNSEY"),
    "JE": ("JEY", "832", "JERSEY"),
    "IM": ("IMN", "833", "ISLE OF MAN"),
    "GI": ("GIB", "292", "GIBRALTAR"),
}
TWO_LETTERS = {name: letters for letters, names in NAMED.items() for name in names}


def country_code(text: pl.Expr) -> pl.Expr:
    """Country text to two letters; two letters stay as they are ('UK' becomes GB); null where it is not known."""
    tidy = text.str.strip_chars().str.to_uppercase()
    named = tidy.replace_strict(TWO_LETTERS, default=None, return_dtype=pl.String)
    return pl.coalesce(named, pl.when(tidy.str.contains("^[A-Z]{2}$")).then(tidy))
