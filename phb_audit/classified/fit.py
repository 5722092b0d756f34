"""Learning the weights of words from the reference files: `python -m phb_audit.classified.fit` writes weights.npz.

Learned from: the descriptions of the categories, the example lines of taxonomy.csv, classifier_examples.csv, the names of known
merchants and the titles of merchant codes. Nothing real is learned from. The result is shipped, so a night never learns.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from phb_audit.classified import clean
from phb_audit.classified.reference import WHOLE_NAME, read
from phb_audit.classified.table import shipped_table, unit
from phb_audit.classified.words import Floats, Vocabulary, letter_runs, occurrences, pair_keys
from phb_audit.settings import shipped

WEIGHTS = Path(__file__).with_name("weights.npz")
SOFTNESS = 5.0
"""Inverse strength of the penalty on large weights (scikit-learn's C), chosen by cross-validation over the examples."""
STRANGE_IN_WORDS, STRANGE_IN_TABLE = 3.0, 1.0
"""The same for 'belongs to no category', in words and letters and in the static table."""
POINTS, ROUNDS = 16, 8
"""Points of the static table for each category, and how often they are moved to the middle of the lessons nearest to them."""
OWN = "decided"
TRUST = {"example": 1.0, "definition": 1.0, "merchant": 0.6, "title": 0.5, "named": 0.4}
# Halves of made-up place names and surnames: 'ASHWORTH TAXIS' must be told by TAXIS, whatever the place is called.
FIRST_HALVES = (
    "ASH BRAD LONG WHIT HOLM THORN MILL STAN KIRK NOR WEST EAST SUT HAR WEN CAL BEX DUN FAR GLEN HART KEN LANG MAR NEW OAK PEN RED "
    "SHEL TOWN UPPER WALD YARN BECK CLAY DRAY EL FERN GRAN HAZEL IVY LINDEN MOR OLD PRIEST ROW SIL TEN WIL"
)
SECOND_HALVES = (
    "WORTH FORD LEY TON FIELD BURY DALE WOOD HAM BY GATE SHAW MOOR STONE RIDGE BROOK COMBE WELL HURST THORPE WICK MERE BOROUGH LAND "
    "MAN SON ER INGTON COTT HEAD SIDE CROFT BANK HILL VALE"
)
SHORT_ENOUGH = 3
"""Examples of at most so many words are also taught behind a made-up name, and cut off as banks and cards do."""
CUTS = (18, 22, 25)
GLUED_ONE_IN = 3
"""One in so many single words is run into the made-up name ('ASHWORTHCARE'), as firms and banks do."""
NAMES_ITS_GOODS = 0.7
"""A known merchant's name teaches only where the shop sells one kind of thing."""


def lessons(folder: Path) -> pl.DataFrame:
    """All that is learned from: `text` (cleaned), `code`, `trust`, `source`."""
    taxonomy = read(folder, "taxonomy.csv", ["code", "category", "definition", "example_lines"])
    examples = read(folder, "classifier_examples.csv", ["code", "merchant", "description", "mcc"])
    merchants = read(folder, "merchants.csv", ["pattern", "code", "probability"])
    merchants = merchants.filter((pl.col("probability").cast(pl.Float64) >= NAMES_ITS_GOODS) & (pl.col("code") != "M04"))
    titles = read(folder, "merchant_codes.csv", ["title", "code", "weight"])
    titles = titles.filter((pl.col("weight").cast(pl.Float64) >= NAMES_ITS_GOODS) & (pl.col("code") != "M04"))
    both = pl.concat_str("merchant", "description", separator=" ")
    definitions = pl.concat(
        [
            taxonomy.select("code", text="category"),
            taxonomy.select("code", text="definition"),
            taxonomy.select("code", text=pl.col("example_lines").str.split("; ")).explode("text"),
        ]
    )
    parts = {
        "example": examples.select("code", text=both),
        "definition": definitions,
        "merchant": merchants.select("code", text=pl.col("pattern").str.strip_suffix(WHOLE_NAME)),
        "title": titles.select("code", text="title"),
    }
    frame = pl.concat([part.select("text", "code", source=pl.lit(name)) for name, part in parts.items()])
    cleaned = clean.cleaned(frame["text"].str.replace_all("J SMITH", "PERSON"), is_payee=False)["text"]
    plain = frame.with_columns(cleaned.alias("text")).filter(pl.col("text").str.len_chars() > 1)
    return pl.concat([plain, behind_a_name(plain)]).with_columns(trust=pl.col("source").replace_strict(TRUST))


def behind_a_name(frame: pl.DataFrame) -> pl.DataFrame:
    """Short examples behind a made-up name, cut at the length of a bank's or card's field; the same names whenever it is run."""
    short = frame.filter((pl.col("source") == "example") & (pl.col("text").str.count_matches(" ") < SHORT_ENOUGH))
    first, second = FIRST_HALVES.split(), SECOND_HALVES.split()
    lots = [zlib.crc32(text.encode()) for text in short["text"]]
    names = [first[lot % len(first)] + second[lot // 97 % len(second)] for lot in lots]
    cut = [
        f"{name}{'' if lot % GLUED_ONE_IN == 0 and ' ' not in text else ' '}{text}"[: CUTS[lot % len(CUTS)]]
        for name, text, lot in zip(names, short["text"], lots, strict=True)
    ]
    return short.with_columns(pl.Series("text", cut), source=pl.lit("named"))


def weigh(counts: dict[str, int], total: int, *, at_least: int) -> tuple[dict[str, int], Floats]:
    """Places (in alphabetical order) and inverse document frequencies of the keys met often enough."""
    kept = sorted(key for key, count in counts.items() if count >= at_least)
    idf = np.array([np.log((1 + total) / (1 + counts[key])) + 1 for key in kept], np.float32)
    return {key: place for place, key in enumerate(kept)}, idf


def count(keys: Iterable[str]) -> dict[str, int]:
    """How often each key was met."""
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return counts


def vocabulary(taught: pl.DataFrame) -> Vocabulary:
    """What is known after reading the lessons (made-up names left out); a letter run must be met in two different words.

    Words of examples, definitions and titles may be said in a reason; words met only in the names of firms or in decided lines may
    not, for they are often surnames.
    """
    plain = taught.filter(pl.col("source") != "named")
    found = occurrences(plain["text"])
    uses = np.bincount(found.word, minlength=len(found.words))
    words = {word: int(times) for word, times in zip(found.words, uses, strict=True)}
    runs = count(run for word in found.words for run in set(letter_runs(word)))
    total = found.text_count
    places, idf = weigh(words, total, at_least=1)
    sayable = set(occurrences(plain.filter(~pl.col("source").is_in(["merchant", OWN]))["text"]).words)
    return Vocabulary(
        *weigh(runs, len(found.words), at_least=2),
        places,
        idf,
        np.array([word in sayable for word in places], dtype=bool),
        *weigh(count(pair_keys(found)[1]), total, at_least=1),
    )


def learn(
    features: sparse.csr_array, codes: Sequence[str], trust: Floats, *, softness: float = SOFTNESS
) -> tuple[Floats, Floats, list[str]]:
    """Weights (features by categories), the starting score of each category, and the categories in order."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=softness, max_iter=400, tol=1e-4, class_weight="balanced")
    model.fit(features, np.array(codes), sample_weight=trust)
    return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32), [str(code) for code in model.classes_]


def strangers(folder: Path) -> pl.Series:
    """Cleaned wordings of purchases that belong to no category (trade supplies and the like): what a strange line looks like."""
    texts = read(folder, "classifier_strangers.csv", ["description"])["description"]
    return clean.cleaned(texts, is_payee=False)["text"]


def learn_strange(features: sparse.csr_array | Floats, is_strange: npt.NDArray[np.bool_], *, softness: float) -> tuple[Floats, float]:
    """Weights and starting score of 'belongs to no category' against everything else."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=softness, max_iter=400, tol=1e-5, class_weight="balanced")
    model.fit(features, is_strange)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def near_points(vectors: Floats, of_code: npt.NDArray[np.int64], count: int) -> Floats:
    """POINTS for each category: the middles of groups of its lessons in the static table (k-means, started by a fixed draw)."""
    every = []
    for code in range(count):
        mine = vectors[of_code == code]
        middles = mine[np.random.default_rng(code).choice(len(mine), POINTS, replace=len(mine) < POINTS)]
        for _ in range(ROUNDS):
            nearest = (mine @ middles.T).argmax(axis=1)
            sums = [mine[nearest == point].sum(axis=0) if (nearest == point).any() else middles[point] for point in range(POINTS)]
            middles = unit(np.stack(sums))
        every.append(middles)
    return np.concatenate(every)


def by_table(taught: pl.DataFrame, strange: pl.Series, codes: Sequence[str]) -> dict[str, np.ndarray]:
    """What is learned in the static table: the points of each category, and the direction of lines that belong to none."""
    table = shipped_table()
    plain = taught.filter(pl.col("source") != "named")
    vectors, others = table.of_texts(occurrences(plain["text"])), table.of_texts(occurrences(strange))
    read = np.abs(vectors).max(axis=1) > 0
    of_code = plain["code"].cast(pl.Enum(codes)).to_physical().cast(pl.Int64).to_numpy()[read]
    is_strange = np.repeat([False, True], [int(read.sum()), len(others)])
    weights, start = learn_strange(np.concatenate([vectors[read], others]), is_strange, softness=STRANGE_IN_TABLE)
    return {
        "near_weights": near_points(vectors[read], of_code, len(codes)).astype(np.float16),
        "strange_by_table": np.append(weights, np.float32(start)),
    }


def fit(folder: Path, more: pl.DataFrame | None = None) -> dict[str, np.ndarray]:
    """Everything that is shipped, by name: keys as UTF-8 bytes joined by newlines, weights as 16-bit floats.

    `more` are lessons of a commissioner's own: `text` (cleaned), `code`, `trust`.
    """
    taught, strange = lessons(folder), strangers(folder)
    if more is not None:
        taught = pl.concat([taught, more.select("text", "code", pl.lit(OWN).alias("source"), "trust")])
    known = vocabulary(taught)
    trust = taught["trust"].to_numpy().astype(np.float32)
    features = known.features(occurrences(taught["text"]))
    weights, start, learned = learn(features, taught["code"].to_list(), trust)
    codes = read(folder, "taxonomy.csv", ["code"])["code"].to_list()
    in_order = [learned.index(code) for code in codes]
    plain = np.flatnonzero((taught["source"] != "named").to_numpy())
    both = sparse.csr_array(sparse.vstack([features[plain], known.features(occurrences(strange))], format="csr"))
    is_strange = np.repeat([False, True], [len(plain), len(strange)])
    strange_weights, strange_start = learn_strange(both, is_strange, softness=STRANGE_IN_WORDS)
    weights, start = np.column_stack([weights[:, in_order], strange_weights]), np.append(start[in_order], np.float32(strange_start))
    ends = np.cumsum([len(known.runs), len(known.words)])
    by_runs, by_words, by_pairs = np.split(weights, ends)
    return {
        "codes": as_bytes(codes),
        "start": start,
        "sayable": known.sayable.astype(np.uint8),
        **{f"{name}_keys": as_bytes(keys) for name, keys in (("runs", known.runs), ("words", known.words), ("pairs", known.pairs))},
        **{f"{name}_idf": idf for name, idf in (("runs", known.runs_idf), ("words", known.words_idf), ("pairs", known.pairs_idf))},
        **by_table(taught, strange, codes),
        **{f"{name}_weights": w.astype(np.float16) for name, w in (("runs", by_runs), ("words", by_words), ("pairs", by_pairs))},
    }


def as_bytes(keys: Iterable[str]) -> np.ndarray:
    """Texts as one array of bytes, so that the file holds plain numbers only (no pickle)."""
    return np.frombuffer("\n".join(keys).encode(), dtype=np.uint8)


def write(path: Path = WEIGHTS) -> Path:
    """Learn from the shipped reference files and write the weights."""
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **fit(shipped("reference")))
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{write()} {WEIGHTS.stat().st_size:,} bytes\n")
