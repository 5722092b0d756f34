"""Names of persons nobody has told us of, where a text of a payment is such a name and little else: 'JOHN SMITH', 'FROM D JONES 12'.

`names` finds persons by a title, a word of pay, or the people and payroll feeds. Somebody who stands in none of them is told by a given
name with a surname, and, where words such as FROM or FPO stand before, by an initial with one. A sole trader with a word of their trade
('JANE SMITH PHYSIO') and known shops ('JOHN LEWIS') stay as they are.
"""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from phb_audit.settings import shipped
from phb_audit.sources.names import PERSON, WORD, Found, is_business_name, name_at, person_words

WAYS = (
    r"FROM|TO|FAO|C/O|REF|RE|VIA|MOBILE|ONLINE|INTERNET|RECEIVED|INWARD|FASTER\s+(?:PAYMENTS?|PYMT)|BILL\s+PAYMENT|BANK\s+TRANSFER|TRANSFER|TFR"
    r"|STANDING\s+ORDER|PAYMENT|FPO|FPI|FPS?|BGC|BACS|BBP|BP|SO|STO|CR|CHQ|CHEQUE"
)
WAY = re.compile(rf"^\s*(?:(?:{WAYS})\b[\s:/.,*-]*)+", re.IGNORECASE)
VIA = re.compile(r"\s+(?:VIA|BY)\s+(?:MOBILE|ONLINE|INTERNET|APP|PHONE|BRANCH)\b.*$", re.IGNORECASE)
# Of a profession.
LETTERS_AFTER = frozenset(("MCSP", "HCPC", "RGN", "RMN", "BACP", "MBACP", "UKCP", "RCOT", "RCSLT", "BSC", "MSC", "PHD", "DIP"))
FOLLOWING = re.compile(rf"\s+({WORD})\b")
MOST_WORDS = 4  # of a name, with its particles or a town
LEAST_OF_A_WORD = 3  # banks cut texts short: 'MILE' is mileage


@cache
def sounding_like() -> re.Pattern[str]:
    """How texts begin that are known shops or things with a given name or a letter first: 'DOROTHY PERKINS', 'JACK DANIELS'."""
    shops = pl.read_csv(shipped("reference") / "merchants.csv")["pattern"]
    things = pl.read_csv(shipped("reference") / "classifier_examples.csv", infer_schema=False)
    said = pl.concat([shops, things["merchant"], things["description"]]).drop_nulls().str.to_uppercase().unique().sort()
    given = person_words().given
    known = [text for text in said if " " in text and ((first := text.split()[0]) in given or len(first) == 1)]
    return re.compile("|".join(rf"{re.escape(text.removesuffix('$'))}(?![^\W\d_]){'$' * text.endswith('$')}" for text in known))


def unheard(text: str) -> Found | None:
    """The name a text is, and where it stands; None where the text is more than a name, or names a shop or a thing."""
    text = VIA.sub("", text)
    way = WAY.match(text)
    start = way.end() if way else 0
    rest = text[start:].upper()
    if is_business_name(text[start:]) or sounding_like().match(rest):
        return None
    found = name_at(text, start, needs_two=True)
    if not found:
        return None
    name, end = found
    first, *others = re.findall(WORD, text[start:end])
    if not could_be_name(first, others, stands_after_way=way is not None):
        return None
    given = person_words().given
    if (third := FOLLOWING.match(text, end)) and any(word.upper() in given for word in others):
        end = end if is_beside(third.group(1).upper()) else third.end()
    left = [word.upper() for word in re.findall(WORD, text[end:])]
    return (name, start, end) if all(map(is_beside, left)) else None


def begins_as_name(text: str) -> bool:
    """True for two to four words of which the first is a given name and none is of business: 'JOHN DE SOUZA', 'PRIYA SHARMA LEEDS'.

    What is more than a name cannot be told from a place or a second surname here; whoever shows the text shows none of it.
    """
    listed = person_words()
    words = [word for word in re.findall(WORD, text.upper()) if word not in listed.beside]
    return (
        len(words) in range(2, MOST_WORDS + 1)
        and words[0] in listed.given
        and not listed.words.intersection(words)
        and not is_business_name(text)
        and not sounding_like().match(text.upper())
    )


def could_be_name(first: str, others: list[str], *, stands_after_way: bool) -> bool:
    """True for a given name or a capital initial before others, and, after words such as FROM, for a surname before an initial.

    'LANGTON S' alone may be a shop cut short, 'A STONE' a stone. Of 42,000 names on councils' cards hardly one reads like 'J SMITH'.
    """
    if first.upper() in person_words().given:
        return True
    if len(first) == 1 and (stands_after_way or first != "A"):
        return first.isupper() and others[0][0].isupper()
    return stands_after_way and min(map(len, others)) == 1


def is_beside(word: str) -> bool:
    """True for a word that stands beside names (WAGES, JULY), also one that a bank cut short, and for the letters of a profession."""
    beside = person_words().beside
    return word in beside or word in LETTERS_AFTER or (len(word) >= LEAST_OF_A_WORD and any(whole.startswith(word) for whole in beside))


def is_worth_reading(text: pl.Expr) -> pl.Expr:
    """A first look at many texts: a given name or a letter stands first, or a letter second."""
    bare = text.str.to_uppercase().str.replace(WAY.pattern, "")
    first, second = bare.str.extract(r"^\s*(\p{L}[\p{L}'\u2019-]*)[.,]?\s+\p{L}"), bare.str.extract(r"^\s*\S+\s+(\p{L}+)")
    has_letter = (first.str.len_chars() == 1) | (second.str.len_chars() == 1)
    return first.is_not_null() & (first.is_in(sorted(person_words().given)) | has_letter)


def follows_way(texts: pl.Series) -> pl.Series:
    """True where words such as FROM or FPO stand first."""
    return texts.fill_null("").str.to_uppercase().str.contains(WAY.pattern)


def without_way(texts: pl.Series) -> pl.Series:
    """The texts without such words before them; empty where they are all there is."""
    return texts.fill_null("").str.to_uppercase().str.replace(WAY.pattern, "").str.strip_chars()


def without_unheard(texts: pl.Series) -> pl.Series:
    """The texts with such names replaced by PERSON; each distinct text is looked at once."""
    changed = {}
    for text in texts.drop_nulls().unique(maintain_order=True).to_frame("text").filter(is_worth_reading(pl.col("text")))["text"]:
        if found := unheard(text):
            changed[text] = text[: found[1]] + PERSON + text[found[2] :]
    return texts.replace(changed) if changed else texts


def without_payees(texts: pl.Series, payees: pl.Series, masked: pl.Series) -> pl.Series:
    """Descriptions without the words of the payee's name, where that is a person's: 'Patel July' beside the payee 'MRS A PATEL'.

    `masked` is the payee as `names.payees` gives it. All three have the same length and order.
    """
    rows = pl.DataFrame({"text": texts, "payee": payees, "masked": masked})
    is_person = (pl.col("payee") != pl.col("masked")) | is_worth_reading(pl.col("payee"))
    pairs = rows.filter(pl.col("text").is_not_null() & is_person).unique(maintain_order=True)
    changed = []
    for text, payee, hidden in pairs.iter_rows():
        if (words := name_words(payee, hidden)) and (
            bare := re.sub(rf"\b(?:{'|'.join(words)})\b", PERSON, text, flags=re.IGNORECASE)
        ) != text:
            changed.append((text, payee, re.sub(rf"{PERSON}(?:\W+{PERSON})+", PERSON, bare)))
    if not changed:
        return texts
    bare_texts = pl.DataFrame(changed, schema={"text": pl.String, "payee": pl.String, "bare": pl.String}, orient="row")
    joined = rows.join(bare_texts, on=["text", "payee"], how="left", maintain_order="left")
    return joined.select(pl.coalesce("bare", "text").alias(texts.name)).to_series()


def name_words(payee: str, masked: str) -> list[str]:
    """The words of a payee that are a person's name, those of four letters or more: shorter ones (MAY, LEE) say other things as well."""
    if payee != masked:
        kept = set(re.findall(WORD, masked))
        words = [word for word in re.findall(WORD, payee) if word not in kept]
    elif found := unheard(payee):
        words = re.findall(WORD, payee[found[1] : found[2]])
    else:
        return []
    listed = person_words()
    return [re.escape(word) for word in words if len(word) > LEAST_OF_A_WORD and word.upper() not in listed.words | listed.beside]
