"""Cleaning the words a bank, card or shop wrote, as Polars expressions: what is left is what can be recognised.

`CARD PAYMENT TO SUMUP *JANES ART 2231 LEEDS GB 12JUN` becomes `JANES ART`, with SumUp remembered. Nothing here knows a category.
"""

from __future__ import annotations

import polars as pl

# Who carried the payment for someone else: the pattern at the start of the line, and the name a person knows it by.
AGGREGATORS: tuple[tuple[str, str], ...] = (
    (r"^SUM ?UP\b[ *_.-]*", "SumUp"),
    (r"^(?:IZ|I ?ZETTLE|ZETTLE|ZTL)(?:[*_ .-]+|$)", "Zettle"),
    (r"^(?:SQ|SQUARE|SQUAREUP)(?: ?[*_.-]+ ?| *$)", "Square"),
    (r"^(?:PP ?[*]+ ?|(?:PAYPAL|PYPL)(?: ?[*_.-]+ ?| PAYMENT\b| *$| ))", "PayPal"),
    (r"^STRIPE\b[ *_.-]*", "Stripe"),
    (r"^(?:WORLDPAY|WPY|WP)(?: ?[*_.-]+ ?| *$)", "Worldpay"),
    (r"^(?:GOCARDLESS|GC)(?: ?[*_.-]+ ?| *$| )", "GoCardless"),
    (r"^(?:SP|TST|DOJO|CKO|CRV|NYA|EVENT|LS|FS|DRI|CCB|BLS|2CO|MSP|PY|SMP) ?[*]+ ?", "a card reader"),
    (r"^SHOPIFY(?: ?[*_.-]+ ?| *$)", "Shopify"),
    (r"^KLARNA ?[*] ?", "Klarna"),
)
MARKETPLACE_NOISE = (
    r"^(?:AMZN? ?\*|AMZN ?MKTP|AMZN ?MKTPLACE|AMZNMKT\w*|AMZN\b|AMZ\b"
    r"|AMAZON\.? ?(?:CO[ .]?UK|UK|MKTPLACE|MKTPLC|MKTP|MARKETPLACE|EU|PMTS|RETAIL|SVCS))"
)
MARKETPLACE_NAMED = r"PRIME|VIDEO|MUSIC|KINDLE|AUDIBLE"

# Words of the bank, not of the shop. Words that say what kind of movement it was (TFR, ATM, CASH) are kept.
BANK_WORDS = (
    r"^(?:CARD (?:PAYMENT|PURCHASE|PYMT)(?: TO)?|CONTACTLESS(?: PAYMENT)?|VISA (?:PURCHASE|DEBIT)"
    r"|DEBIT CARD(?: PAYMENT| PURCHASE)?(?: TO)?|DIRECT DEBIT(?: PAYMENT)?(?: TO)?|D ?/ ?D|DD|STANDING ORDER(?: TO)?|STO|S/O"
    r"|FPO|FPI|FASTER (?:PAYMENTS?|PYMT)(?: TO)?|BGC|BACS|BBP|BILL PAYMENT(?: TO)?|POS|DEB|CHQ|ONLINE (?:PAYMENT|TRANSACTION)(?: TO)?"
    r"|PAYMENT TO|PYMT TO|MOBILE PAYMENT|INTERNET PAYMENT(?: TO)?|E-?COMMERCE|APPLE PAY|GOOGLE PAY)[ :.-]+"
)
BANK_TAILS = (
    r"\b(?:VIA MOBILE(?: - PYMT)?|REF(?:ERENCE)?(?: NO)?|MANDATE NO|VALUE DATE|CLEARED|NON-STERLING|RATE [\d.]+|FP|VDP|PYMTS?|PMTS?)\b"
)
MONTHS = r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)[A-Z]{0,6}"
DATES = (
    rf"\b\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?\b|\b\d{{1,2}}(?:ST|ND|RD|TH)? ?{MONTHS}(?: ?\d{{2,4}})?\b"
    rf"|\b{MONTHS} ?\d{{2,4}}\b|\b\d{{1,2}}:\d{{2}}\b"
)
CARD_DIGITS = r"\b(?:CARD|CD|A/C|ACC(?:OUNT)?) (?:ENDING |NO )?[X*]*\d{3,4}\b|[X*]{2,}[ -]?\d{2,6}|\b\d{4}[X*]{3,}\d*"
MONEY = r"(?:£|\bGBP ?)\d[\d,.]*|\b\d+\.\d\d\b"
WEB = r"\bWWW[. ]|\bHTTPS?://|[. ](?:CO[. ]UK|ORG[. ]UK|GOV[. ]UK|CO|COM|ORG|NET|EU|UK)\b|(?:\.C|\.CO\.|\.CO\.U|\.)$"
REFERENCE = r"\b(?:[A-Z]{0,4}\d[A-Z0-9]*\d[A-Z0-9]*[A-Z][A-Z0-9]*|\d{2,}[A-Z]{1,3}\d[A-Z0-9]{2,}|[A-Z]{1,2}[-/]?\d{3,}[A-Z0-9/-]*|\d{5,})\b"
GLUED = r"\b([A-Z]{3,})(\d{4,})\b"  # a branch number run into the name
UNITS = (
    r"\b\d+(?:[.]\d+)?[ ]?(HRS?|HOURS?|H|MINS?|MINUTES?|M|NIGHTS?|NTS?|N|WKS?|WEEKS?|W|KG|ML|CL|L|G|PK|PACK|PKT|CM|MM|IN|INCH|FT"
    r"|MILES?|X|TKTS?|TB|GB|D|DAYS?|P)\b"
)
TOWNS = (
    "LONDON|LEEDS|MANCHESTER|BIRMINGHAM|LIVERPOOL|SHEFFIELD|BRADFORD|BRISTOL|CARDIFF|EDINBURGH|GLASGOW|BELFAST|LEICESTER|"
    "COVENTRY|NOTTINGHAM|NEWCASTLE|SUNDERLAND|BRIGHTON|HULL|PLYMOUTH|STOKE|WOLVERHAMPTON|DERBY|SWANSEA|SOUTHAMPTON|SALFORD|"
    "PORTSMOUTH|YORK|PETERBOROUGH|DUNDEE|LANCASTER|OXFORD|NEWPORT|PRESTON|CAMBRIDGE|NORWICH|CHESTER|EXETER|GLOUCESTER|"
    "WAKEFIELD|HALIFAX|HUDDERSFIELD|BARNSLEY|DONCASTER|ROTHERHAM|BOLTON|BURY|ROCHDALE|OLDHAM|STOCKPORT|WIGAN|WARRINGTON|"
    "BLACKPOOL|BLACKBURN|BURNLEY|MIDDLESBROUGH|DARLINGTON|DURHAM|GATESHEAD|CARLISLE|HARROGATE|KEIGHLEY|DEWSBURY|BATLEY|"
    "BRIGHOUSE|ELLAND|SLOUGH|LUTON|BEDFORD|NORTHAMPTON|MILTON|KEYNES|IPSWICH|COLCHESTER|CHELMSFORD|SOUTHEND|BASILDON|"
    "CROYDON|BROMLEY|MAIDSTONE|CANTERBURY|DOVER|HASTINGS|EASTBOURNE|CRAWLEY|GUILDFORD|WOKING|BASINGSTOKE|WINCHESTER|"
    "BOURNEMOUTH|POOLE|SWINDON|CHELTENHAM|WORCESTER|HEREFORD|SHREWSBURY|TELFORD|STAFFORD|WALSALL|DUDLEY|SOLIHULL|LINCOLN|"
    "GRIMSBY|SCUNTHORPE|TRURO|TORQUAY|TAUNTON|ABERDEEN|INVERNESS|STIRLING|PERTH|WREXHAM|DUBLIN|LUXEMBOURG|CUMBERNAULD|SHIPLEY|"
    "ENGLAND|GREAT|BRITAIN|GBR|GB|GBP|UK"
)
SHORTEST_FIELD = 18
"""Banks and cards cut the name of a seller at 18, 22 or 25 letters; a shorter one is whole."""
LEGAL_FORMS = r"(?: (?:LTD|LIMITED|PLC|LLP|LT|LIMIT|LIMITE|& CO|INC))+$"
ENDINGS = rf"(?: (?:{TOWNS}))+$"


def plain(text: pl.Expr) -> pl.Expr:
    """Upper case, one kind of apostrophe (then none), '&' set apart, one space; null becomes ''."""
    return (
        text.fill_null("")
        .str.normalize("NFKC")
        .str.to_uppercase()
        .str.replace_all(r"[\u2018\u2019\u00b4`']", "")
        .str.replace_all("&AMP;", "&")
        .str.replace_all(r"\bB ?& ?BS?\b", "BNB")
        .str.replace_all("&", " & ")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )


def without_bank_words(text: pl.Expr) -> pl.Expr:
    """A plain text without 'CARD PAYMENT TO', 'DD', 'FPO' and their kind before it."""
    return text.str.replace(BANK_WORDS, "").str.replace(BANK_WORDS, "").str.strip_chars()


def carrier(line: pl.Expr) -> pl.Expr:
    """Name of the firm that carried the payment for someone else (SumUp, PayPal, Amazon ...), or null; of a line without bank words."""
    branches = [pl.when(is_marketplace(line)).then(pl.lit("Amazon"))]
    branches += [pl.when(line.str.contains(pattern)).then(pl.lit(name)) for pattern, name in AGGREGATORS]
    return pl.coalesce(*branches)


def is_marketplace(line: pl.Expr) -> pl.Expr:
    """True for a marketplace's line that does not name one of its own services."""
    return line.str.contains(MARKETPLACE_NOISE) & ~line.str.contains(MARKETPLACE_NAMED)


def without_carrier(line: pl.Expr) -> pl.Expr:
    """A line without the firm that carried the payment."""
    for pattern, _ in AGGREGATORS:
        line = line.str.replace(pattern, "")
    return line


NO_WORD = r"[A-Z0-9#]{61,}"
"""No word, nor several run together, is as long as this: letters that go on say nothing, however alike they are to those of words."""


def words_only(text: pl.Expr) -> pl.Expr:
    """A plain text without dates, money, masked cards, references and bare numbers; '28HRS' becomes '#HRS', for the unit is a word."""
    return (
        text.str.replace_all(CARD_DIGITS, " ")
        .str.replace_all(DATES, " ")
        .str.replace_all(BANK_TAILS, " ")
        .str.replace_all(MONEY, " ")
        .str.replace_all(UNITS, " #${1} ")
        .str.replace_all(GLUED, "${1} ${2}")
        .str.replace_all(REFERENCE, " ")
        .str.replace_all(WEB, " ")
        .str.replace_all(r"[^A-Z0-9#& ]+", " ")
        .str.replace_all(r"(^| )\d+(?: \d+)*( |$)", " ")
        .str.replace_all(r"(^| )\d+( |$)", " ")
        .str.replace_all(NO_WORD, " ")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )


def without_endings(words: pl.Expr) -> pl.Expr:
    """Words of a payee without its legal form and town; a name that is nothing but a town keeps it."""
    return words.str.replace(LEGAL_FORMS, "").str.replace(ENDINGS, "").str.replace(LEGAL_FORMS, "").str.strip_chars()


def cleaned(texts: pl.Series, *, is_payee: bool) -> pl.DataFrame:
    """What is left of each text, row by row: `text` ('' when nothing is) and `carrier`, the firm that stood before the seller, or null.

    Of a payee the branch number, town and legal form go as well; in a description a town stays (a journey names it). Equal texts
    are cleaned once, and step by step: one long expression would work out its beginnings again and again.
    """
    steps = (
        {"line": plain(pl.col("raw"))},
        {"line": without_bank_words(pl.col("line"))},
        {"carrier": carrier(pl.col("line")), "is_marketplace": is_marketplace(pl.col("line"))},
        {"line": without_carrier(pl.col("line"))},
        {"is_marketplace": pl.col("is_marketplace") | is_marketplace(pl.col("line"))},
        {"line": words_only(pl.col("line"))},
        {"line": without_endings(pl.col("line")) if is_payee else pl.col("line")},
        {"line": pl.when("is_marketplace").then(pl.lit("AMAZON")).otherwise("line")},
    )
    distinct = texts.unique().sort().to_frame("raw")
    for step in steps:
        distinct = distinct.with_columns(**step)
    every = texts.to_frame("raw").join(distinct, on="raw", how="left", nulls_equal=True, maintain_order="left")
    return every.select(text="line", carrier="carrier")


def tidy_mcc(code: pl.Expr) -> pl.Expr:
    """A merchant code as four digits ('742', '5411.0', ' 5411 ' are read); anything else becomes ''."""
    digits = code.fill_null("").cast(pl.String).str.strip_chars().str.replace(r"\.0+$", "")
    return pl.when(digits.str.contains(r"^\d{3,4}$")).then(digits.str.zfill(4)).otherwise(pl.lit(""))
