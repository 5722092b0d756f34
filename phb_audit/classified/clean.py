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
MARKETPLACE = r"^(?:AMZ|AMZN|AMAZON|WWW\.AMAZON)"
MARKETPLACE_NOISE = r"^(?:AMZN? ?\*|AMZN ?MKTP|AMZN ?MKTPLACE|AMZNMKT\w*|AMZN\b|AMZ\b|AMAZON\.? ?(?:CO ?UK|UK|MKTPLACE|MKTPLC|MKTP|MARKETPLACE|EU|PMTS|RETAIL|SVCS))"
MARKETPLACE_NAMED = r"PRIME|VIDEO|MUSIC|KINDLE|AUDIBLE"

# Words of the bank, not of the shop. Words that say what kind of movement it was (TFR, ATM, CASH) are kept.
BANK_WORDS = (
    r"^(?:CARD (?:PAYMENT|PURCHASE|PYMT)(?: TO)?|CONTACTLESS(?: PAYMENT)?|VISA (?:PURCHASE|DEBIT)|DEBIT CARD(?: PAYMENT| PURCHASE)?(?: TO)?"
    r"|DIRECT DEBIT(?: PAYMENT)?(?: TO)?|D ?/ ?D|DD|STANDING ORDER(?: TO)?|STO|S/O|FPO|FPI|FASTER (?:PAYMENTS?|PYMT)(?: TO)?|BGC|BACS|BBP|BILL PAYMENT(?: TO)?"
    r"|POS|DEB|CHQ|ONLINE (?:PAYMENT|TRANSACTION)(?: TO)?|PAYMENT TO|PYMT TO|MOBILE PAYMENT|INTERNET PAYMENT(?: TO)?|E-?COMMERCE|APPLE PAY|GOOGLE PAY)[ :.-]+"
)
BANK_TAILS = (
    r"\b(?:VIA MOBILE(?: - PYMT)?|REF(?:ERENCE)?(?: NO)?|MANDATE NO|VALUE DATE|CLEARED|NON-STERLING|RATE [\d.]+|FP|VDP|PYMTS?|PMTS?)\b"
)
MONTHS = r"(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC)[A-Z]{0,6}"
DATES = rf"\b\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?\b|\b\d{{1,2}}(?:ST|ND|RD|TH)? ?{MONTHS}(?: ?\d{{2,4}})?\b|\b{MONTHS} ?\d{{2,4}}\b|\b\d{{1,2}}:\d{{2}}\b"
CARD_DIGITS = r"\b(?:CARD|CD|A/C|ACC(?:OUNT)?) (?:ENDING |NO )?[X*]*\d{3,4}\b|[X*]{2,}[ -]?\d{2,6}|\b\d{4}[X*]{3,}\d*"
MONEY = r"(?:£|\bGBP ?)\d[\d,.]*|\b\d+\.\d\d\b"
WEB = r"\bWWW[. ]|\bHTTPS?://|[. ](?:CO[. ]UK|ORG[. ]UK|GOV[. ]UK|CO|COM|ORG|NET|EU|UK)\b|(?:\.C|\.CO\.|\.CO\.U|\.)$"
REFERENCE = r"\b(?:[A-Z]{0,4}\d[A-Z0-9]*\d[A-Z0-9]*[A-Z][A-Z0-9]*|\d{2,}[A-Z]{1,3}\d[A-Z0-9]{2,}|[A-Z]{1,2}[-/]?\d{3,}[A-Z0-9/-]*|\d{5,})\b"
GLUED = r"\b([A-Z]{3,})(\d{4,})\b"  # a branch number run into the name
UNITS = r"\b\d+(?:[.]\d+)?[ ]?(HRS?|HOURS?|H|MINS?|MINUTES?|M|NIGHTS?|NTS?|N|WKS?|WEEKS?|W|KG|ML|CL|L|G|PK|PACK|PKT|CM|MM|IN|INCH|FT|MILES?|X|TKTS?|TB|GB|D|DAYS?|P)\b"
TOWNS = (
    "LONDON LEEDS MANCHESTER BIRMINGHAM LIVERPOOL SHEFFIELD BRADFORD BRISTOL CARDIFF EDINBURGH GLASGOW BELFAST LEICESTER COVENTRY NOTTINGHAM NEWCASTLE "
    "SUNDERLAND BRIGHTON HULL PLYMOUTH STOKE WOLVERHAMPTON DERBY SWANSEA SOUTHAMPTON SALFORD PORTSMOUTH YORK PETERBOROUGH DUNDEE LANCASTER OXFORD "
    "NEWPORT PRESTON CAMBRIDGE NORWICH CHESTER EXETER GLOUCESTER WAKEFIELD HALIFAX HUDDERSFIELD BARNSLEY DONCASTER ROTHERHAM BOLTON BURY ROCHDALE "
    "OLDHAM STOCKPORT WIGAN WARRINGTON BLACKPOOL BLACKBURN BURNLEY MIDDLESBROUGH DARLINGTON DURHAM GATESHEAD CARLISLE HARROGATE KEIGHLEY DEWSBURY "
    "BATLEY BRIGHOUSE ELLAND READING SLOUGH LUTON BEDFORD NORTHAMPTON MILTON KEYNES IPSWICH COLCHESTER CHELMSFORD SOUTHEND BASILDON CROYDON BROMLEY "
    "MAIDSTONE CANTERBURY DOVER HASTINGS EASTBOURNE CRAWLEY GUILDFORD WOKING BASINGSTOKE WINCHESTER BOURNEMOUTH POOLE SWINDON BATH CHELTENHAM WORCESTER "
    "HEREFORD SHREWSBURY TELFORD STAFFORD WALSALL DUDLEY SOLIHULL LINCOLN GRIMSBY SCUNTHORPE TRURO TORQUAY TAUNTON ABERDEEN INVERNESS STIRLING PERTH "
    "WREXHAM DUBLIN LUXEMBOURG CUMBERNAULD SHIPLEY ENGLAND GREAT BRITAIN GBR GB GBP UK"
).split()
LEGAL_FORMS = r"(?: (?:LTD|LIMITED|PLC|LLP|LT|LIMIT|LIMITE|& CO|INC))+$"
ENDINGS = rf"(?: (?:{'|'.join(TOWNS)}))+$"


def plain(text: pl.Expr) -> pl.Expr:
    """Upper case, one kind of apostrophe (then none), '&' set apart, one space; null becomes ''."""
    return (
        text.fill_null("")
        .str.normalize("NFKC")
        .str.to_uppercase()
        .str.replace_all(r"[’‘`´']", "")
        .str.replace_all("&AMP;", "&")
        .str.replace_all(r"\bB ?& ?BS?\b", "BNB")
        .str.replace_all("&", " & ")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )


def without_bank_words(text: pl.Expr) -> pl.Expr:
    """A plain text without 'CARD PAYMENT TO', 'DD', 'FPO' and their kind before it."""
    return text.str.replace(BANK_WORDS, "").str.replace(BANK_WORDS, "").str.strip_chars()


def aggregator(text: pl.Expr) -> pl.Expr:
    """Name of the firm that carried the payment for someone else (SumUp, PayPal, Amazon ...), or null."""
    line = without_bank_words(plain(text))
    answer = pl.when(line.str.contains(MARKETPLACE_NOISE) & ~line.str.contains(MARKETPLACE_NAMED)).then(pl.lit("Amazon"))
    for pattern, name in AGGREGATORS:
        answer = answer.when(line.str.contains(pattern)).then(pl.lit(name))
    return answer.otherwise(pl.lit(None, dtype=pl.String))


def without_aggregator(text: pl.Expr) -> pl.Expr:
    """A plain text without the firm that carried the payment; a marketplace is written AMAZON however it was cut short."""
    for pattern, _ in AGGREGATORS:
        text = text.str.replace(pattern, "")
    is_marketplace = text.str.contains(MARKETPLACE_NOISE) & ~text.str.contains(MARKETPLACE_NAMED)
    return pl.when(is_marketplace).then(pl.lit("AMAZON")).otherwise(text)


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
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )


def cleaned_merchant(text: pl.Expr) -> pl.Expr:
    """What is left of a payee: no aggregator, branch number, town, date, reference or legal form; '' when nothing is left."""
    line = words_only(without_aggregator(without_bank_words(plain(text))))
    return line.str.replace(LEGAL_FORMS, "").str.replace(ENDINGS, "").str.replace(LEGAL_FORMS, "").str.strip_chars()


def cleaned_description(text: pl.Expr) -> pl.Expr:
    """What is left of a description: as a payee, but towns stay (a journey names them)."""
    return words_only(without_aggregator(without_bank_words(plain(text))))


def tidy_mcc(code: pl.Expr) -> pl.Expr:
    """A merchant code as four digits ('742', '5411.0', ' 5411 ' are read); anything else becomes ''."""
    digits = code.fill_null("").cast(pl.String).str.strip_chars().str.replace(r"\.0+$", "")
    return pl.when(digits.str.contains(r"^\d{3,4}$")).then(digits.str.zfill(4)).otherwise(pl.lit(""))
