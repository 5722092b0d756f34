"""Words as numbers. A text's score for each category is a sum over its words, so every answer can say which words made it.

Each word counts twice: as itself, and as its runs of 2 to 5 letters (which is how misspelled and cut-off words are still known).
Known pairs of neighbouring words ('hydro pool') count besides. All scores of a batch are three sparse products.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

SAYING_NOTHING = (
    "AN AND AT BY FOR FROM IN OF ON OR THE TO WITH MY YOUR OUR HIS HER WE THIS THAT IS AS NO INV INVOICE REF LTD PLC UK CO "
    "COM MR MRS MS MISS DR WK WEEK NEW #X #P #D #W"
)
EMPTY_WORDS = frozenset(SAYING_NOTHING.split())
LETTERS_WEIGHT = 1.4
"""How much the letter runs of a word count beside the word itself."""
GLUED_LETTERS, SHORTEST_PART, LONGEST_PART, COVERED_SHARE = 8, 3, 14, 0.75
"""When a strange word is taken apart into known ones: its least length, theirs, and how much of it they must cover."""
SHORTEST_CUT, AGREED_SHARE, ENDING = 4, 0.6, 3
"""When a cut word is completed: its least letters, how much of what the known words beginning with it are worth must be one word's, and the
letters of an ending in which these may differ (THERAPY, THERAPIST)."""
STRANGE_WORD_IDF = 6.0
"""Weight of a word never met while learning: it thins out what is known, without drowning it."""


@dataclass(frozen=True)
class Occurrences:
    """The words of a batch of texts: one entry per word met, in order of text and place. `words` are the distinct words."""

    text_count: int
    text: Ints
    word: Ints
    words: list[str]


def occurrences(texts: pl.Series, known: Vocabulary | None = None) -> Occurrences:
    """The words of cleaned texts (upper case, single blanks), empty words and single letters left out.

    With a vocabulary, a strange word glued from known ones ('GARDENCENTRE') is followed by those, where the text tells nothing else.
    """
    frame = (
        pl.DataFrame({"text": texts})
        .with_row_index("row")
        .with_columns(pl.col("text").str.split(" "))
        .explode("text")
        .filter((pl.col("text").str.len_chars() > 1) & ~pl.col("text").is_in(list(EMPTY_WORDS)))
    )
    if known is not None:
        knows = pl.col("text").is_in(list(known.words)).any().over("row")
        strange = frame.filter(~knows)["text"].unique().sort()
        glued = [(word, parts) for word in strange if len(parts := known.split(word)) > 1]
        parts_of = pl.DataFrame(glued, schema={"text": pl.String, "parts": pl.List(pl.String)}, orient="row")
        joined = frame.with_columns(knows=knows).join(parts_of, on="text", how="left", maintain_order="left")
        frame = joined.select("row", text=pl.when("knows").then(None).otherwise("parts").fill_null(pl.concat_list("text"))).explode("text")
    words = frame["text"].unique().sort()
    word = frame["text"].cast(pl.Enum(words)).to_physical().cast(pl.Int64).to_numpy() if len(words) else np.zeros(0, np.int64)
    return Occurrences(len(texts), frame["row"].cast(pl.Int64).to_numpy(), word, words.to_list())


def letter_runs(word: str) -> list[str]:
    """Runs of 2 to 5 letters of a word, its edges marked by a blank: 'GYM' gives ' G', 'GY', ..., ' GYM '."""
    edged = f" {word} "
    return [edged[start : start + size] for size in (2, 3, 4, 5) for start in range(len(edged) - size + 1)]


def pair_keys(found: Occurrences) -> tuple[Ints, list[str]]:
    """Neighbouring words of one text: the text's number and 'FIRST SECOND', in order."""
    if len(found.word) < 2:
        return np.zeros(0, np.int64), []
    beside = found.text[:-1] == found.text[1:]
    names = np.array(found.words, dtype=object)
    first, second = names[found.word[:-1][beside]], names[found.word[1:][beside]]
    return found.text[:-1][beside], list(first + " " + second)


@dataclass(frozen=True)
class Vocabulary:
    """What is known of runs, words and pairs: their place and their weight (inverse document frequency)."""

    runs: dict[str, int]
    runs_idf: Floats
    words: dict[str, int]
    words_idf: Floats
    sayable: npt.NDArray[np.bool_]
    pairs: dict[str, int]
    pairs_idf: Floats

    def split(self, word: str) -> list[str]:
        """A strange long word as the known words it is glued from ('GARDENCENTRE'), or itself. Most letters must be covered."""
        if len(word) < GLUED_LETTERS or word in self.words or not word.isalpha():
            return [word]
        best: list[tuple[int, list[str]]] = [(0, [])]
        for end in range(1, len(word) + 1):
            covered, parts = best[end - 1]
            options = [(covered, parts)]
            for start in range(max(0, end - LONGEST_PART), end - SHORTEST_PART + 1):
                if (part := word[start:end]) in self.words or part in EMPTY_WORDS:
                    options.append((best[start][0] + len(part), [*best[start][1], part]))
            best.append(max(options, key=lambda option: (option[0], -len(option[1]))))
        covered, parts = best[-1]
        return [word, *(part for part in parts if part not in EMPTY_WORDS)] if covered >= COVERED_SHARE * len(word) else [word]

    @cached_property
    def whole_words(self) -> pl.DataFrame:
        """`cut, whole`: beginnings of ordinary words ('DOMICILIA') and the word they mean, where those who begin so agree on one."""
        words = pl.DataFrame({"word": list(self.words), "worth": np.exp(-self.words_idf), "is_sayable": self.sayable}).filter(
            pl.col("is_sayable") & (pl.col("worth") > np.exp(-self.words_idf.max())) & pl.col("word").str.contains("^[A-Z]{5,}$")
        )
        sizes = pl.int_ranges(SHORTEST_CUT, pl.col("word").str.len_chars())
        begun = words.with_columns(size=sizes).explode("size").with_columns(cut=pl.col("word").str.head(pl.col("size")))
        order = ["cut", "worth", "word"]
        best = begun.sort(order, descending=[False, True, False]).group_by("cut", maintain_order=True).agg(whole=pl.col("word").first())
        stem = pl.max_horizontal(pl.col("cut").str.len_chars() + 1, pl.col("whole").str.len_chars().cast(pl.Int64) - ENDING)
        agrees = pl.col("word").str.starts_with(pl.col("whole").str.head(stem))
        worth = begun.join(best, on="cut").group_by("cut", "whole").agg(share=(pl.col("worth") * agrees).sum() / pl.col("worth").sum())
        return worth.filter((pl.col("share") >= AGREED_SHARE) & ~pl.col("cut").is_in(list(self.words))).select("cut", "whole")

    def completed(self, texts: pl.Series, is_cut: pl.Series) -> pl.Series:
        """Texts that may have been cut off, the last word made whole where it begins one known word ('OAK DOMICILIA')."""
        last = pl.when(is_cut).then(texts.str.extract(rf"(?:^| )([A-Z]{{{SHORTEST_CUT},}})$"))
        found = pl.DataFrame({"text": texts}).with_columns(cut=last).join(self.whole_words, on="cut", how="left", maintain_order="left")
        begun = pl.col("text").str.head(pl.col("text").str.len_chars() - pl.col("cut").str.len_chars())
        return found.select(pl.coalesce(begun + pl.col("whole"), "text"))["text"]

    def word_weights(self, words: list[str]) -> Floats:
        """Weight of each word; a strange word has a middling one."""
        places = [self.words.get(word, -1) for word in words]
        known = np.append(self.words_idf, np.float32(STRANGE_WORD_IDF))
        return known[np.array(places, dtype=np.int64)] if places else np.zeros(0, np.float32)

    def is_known(self, words: list[str]) -> npt.NDArray[np.bool_]:
        """Which words were met while learning."""
        return np.array([word in self.words for word in words], dtype=bool)

    def is_sayable(self, words: list[str]) -> npt.NDArray[np.bool_]:
        """Which words may be quoted in a reason: ordinary words, never a unit, nor one met only in the names of firms."""
        sayable = {word for word, place in self.words.items() if self.sayable[place] and not word.startswith("#")}
        return np.array([word in sayable for word in words], dtype=bool)

    def runs_of(self, words: list[str]) -> sparse.csr_array:
        """One row per word: its known letter runs, scaled so that all its runs, known or not, would make length 1."""
        strange = float(self.runs_idf.max()) if len(self.runs_idf) else 1.0
        if not words:
            return sparse.csr_array((0, len(self.runs)), dtype=np.float32)
        where, every = self.runs.get, [letter_runs(word) for word in words]
        place = np.array([where(run, -1) for runs in every for run in runs], dtype=np.int32)
        counts = np.array([len(runs) for runs in every], dtype=np.int64)
        weight = np.where(place >= 0, np.append(self.runs_idf, np.float32(strange))[place], strange).astype(np.float64)
        row = np.repeat(np.arange(len(words)), counts)
        length = np.sqrt(np.bincount(row, weights=weight * weight, minlength=len(words)))
        kept = place >= 0
        values = (weight[kept] / length[row[kept]]).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(np.bincount(row[kept], minlength=len(words)))])
        return sparse.csr_array((values, place[kept], starts), shape=(len(words), len(self.runs)))

    def words_of(self, words: list[str]) -> sparse.csr_array:
        """One row per word with a 1 at its place, when it is known."""
        place = np.array([self.words.get(word, -1) for word in words], dtype=np.int64)
        row = np.flatnonzero(place >= 0)
        return sparse.csr_array((np.ones(len(row), np.float32), (row, place[row])), shape=(len(words), len(self.words)))

    def pairs_of(self, found: Occurrences) -> sparse.csr_array:
        """One row per text: the weights of its known pairs."""
        text, keys = pair_keys(found)
        place = np.array([self.pairs.get(key, -1) for key in keys], dtype=np.int64)
        kept = np.flatnonzero(place >= 0)
        weights = self.pairs_idf[place[kept]] if len(kept) else np.zeros(0, np.float32)
        return sparse.csr_array((weights, (text[kept], place[kept])), shape=(found.text_count, len(self.pairs)))

    def shares(self, found: Occurrences) -> tuple[Floats, Floats]:
        """Weight of each occurrence in its text, and the scale of each text: longer texts do not score higher for being long."""
        weight = self.word_weights(found.words)[found.word] if len(found.word) else np.zeros(0, np.float32)
        squared = np.bincount(found.text, weights=(weight * weight) * (1 + LETTERS_WEIGHT**2), minlength=found.text_count)
        scale = (1.0 / np.sqrt(np.maximum(squared, 1e-9))).astype(np.float32)
        return (weight * scale[found.text]).astype(np.float32), scale

    def features(self, found: Occurrences) -> sparse.csr_array:
        """One row per text, columns runs, words and pairs: what the categories are learned from."""
        share, scale = self.shares(found)
        uses = sparse.csr_array((share, (found.text, found.word)), shape=(found.text_count, len(found.words)))
        pairs = sparse.diags_array(scale) @ self.pairs_of(found)
        parts = [uses @ self.runs_of(found.words) * LETTERS_WEIGHT, uses @ self.words_of(found.words), pairs]
        return sparse.csr_array(sparse.hstack(parts, format="csr"))
