"""Reading age by Flesch and Kincaid: grade = 0.39 x words a sentence + 11.8 x syllables a word - 15.59; the age is five years more.

Kincaid, Fishburne, Rogers and Chissom, "Derivation of new readability formulas for Navy enlisted personnel" (1975). Syllables are counted
by runs of vowels, with a silent e. A term of `TERMS` is a word of the field that cannot be put otherwise: it counts as one easy word, and
so does an amount, a day, a name of a rule and what stands in quotation marks.
"""

from __future__ import annotations

import re

TERMS = (
    "care co-ordinator",
    "care plan",
    "direct payment",
    "personal health budget",
    "budget",
    "plan line",
    "payroll agent",
    "commissioner",
    "agreed exception",
    "National Insurance number",
    "reviewer",
    "receipt",
    "receipts",
    "therapist",
    "agency",
    "HMRC",
    "clinician",
    "registration",
    "payment",
    "payments",
    "holder",
    "statement",
    "statements",
    "timesheets",
    "pension",
    "insurance",
)
ONE_WORD = (r"£[\d,.]+", r"\d{1,2} [A-Z][a-z]+ \d{4}", r"[A-Z]-\d\d", "\u2018[^\u2019]*\u2019", "\u201c[^\u201d]*\u201d", r"\d[\d,.]*%?")
WORD = "[A-Za-z][A-Za-z'\u2019-]*"
HARD_SYLLABLES = 4
EASY_AGE = 12.0
"""A text for budget holders is easy below this age."""


def syllables(word: str) -> int:
    """Runs of vowels; a final e is silent, but not that of 'le'."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    runs = len(re.findall(r"[aeiouy]+", bare))
    is_silent = bare.endswith("e") and not bare.endswith(("le", "ee", "ye")) and runs > 1
    is_silent_ed = bare.endswith("ed") and not bare.endswith(("ted", "ded")) and runs > 1
    return max(runs - is_silent - is_silent_ed, 1)


def hard_words(text: str) -> list[str]:
    """The words of four syllables and more that are no term of the field, in order, each once."""
    words = re.findall(WORD, _plain(text))
    return list(dict.fromkeys(word for word in words if syllables(word) >= HARD_SYLLABLES))


def reading_age(text: str) -> float:
    """The age in years at which the text is read with ease. Raises ValueError for a text without words."""
    plain = _plain(text)
    sentences = [part for part in re.split(r"[.?!;:]+(?:\s|$)", plain) if re.search("[A-Za-z]", part)]
    words = re.findall(WORD, plain)
    if not words:
        raise ValueError("a text without words has no reading age")
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return round(grade + 5, 1)


def _plain(text: str) -> str:
    """The text with each term, amount, day and quotation as one easy word."""
    plain = text
    for term in sorted(TERMS, key=len, reverse=True):
        plain = re.sub(rf"\b{re.escape(term)}\b", "term", plain, flags=re.IGNORECASE)
    for pattern in ONE_WORD:
        plain = re.sub(pattern, "term", plain)
    return plain
