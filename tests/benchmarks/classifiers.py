"""The classifier beside three plainer ones, in one run: `python -m tests.benchmarks.classifiers` (a part of `make bench`).

Peers: a look-up of known sellers; TF-IDF with logistic regression (scikit-learn) taught by the same lessons; sentence embeddings held
against the category descriptions, taught nothing (only where the optional package of the dependency group `distil` is installed).
Each answers the same lines in a process of its own. Right: the first choice is an accepted code, over all lines (a peer that does not
answer is not right); answered: the share it did not abstain from; speed and peak memory over 50,000 lines made from the set.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from phb_audit.classified.distil import installed_model
from phb_audit.errors import PhbAuditError
from phb_audit.settings import shipped
from tests.benchmarks.one_night import peak_mib, reset_peak

SURE_ENOUGH = 0.4
TIMED_LINES = 50_000
SLOW_LINES = 2_000
"""Sentence embeddings are timed on fewer lines: they answer some hundreds a second."""
Answers = tuple[list[str], np.ndarray]
Peer = Callable[[pl.DataFrame], Answers]
NAMES = ("look-up", "tfidf", "embeddings", "ours")
WORDS = {
    "look-up": "a look-up of known sellers",
    "tfidf": "TF-IDF and logistic regression",
    "embeddings": "sentence embeddings, zero-shot",
    "ours": "phb-audit classify",
}


def texts(frame: pl.DataFrame) -> list[str]:
    """Seller and description as one text, in lower case: the sentence model knows no capitals."""
    both = pl.concat_str(pl.col("merchant", "description").fill_null(""), separator=" ")
    return frame.select(both.str.strip_chars().str.to_lowercase()).to_series().to_list()


def look_up() -> Peer:
    """Known sellers by their whole name; what is not known is not answered."""
    known = pl.read_csv(shipped("reference") / "merchants.csv", infer_schema=False).with_columns(pl.col("probability").cast(pl.Float64))
    best = known.sort("probability").group_by("pattern").last()
    codes = dict(best.select(pl.col("pattern").str.strip_suffix("$").str.to_uppercase(), "code").iter_rows())

    def ask(frame: pl.DataFrame) -> Answers:
        found = [codes.get((name or "").upper().strip(), "M04") for name in frame["merchant"]]
        return found, np.array([code != "M04" for code in found])

    return ask


def tfidf() -> Peer:
    """Letters of 2 to 5 and words of 1 to 2, weighed; one logistic regression over the same lessons as ours."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    from phb_audit.classified.fit import lessons

    taught = lessons(shipped("reference"))
    features = make_union(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
    )
    model = make_pipeline(features, LogisticRegression(C=20, max_iter=100, tol=1e-3))
    model.fit([text.lower() for text in taught["text"]], taught["code"].to_list())
    codes = model.classes_

    def ask(frame: pl.DataFrame) -> Answers:
        shares = model.predict_proba(texts(frame))
        return [str(codes[place]) for place in shares.argmax(axis=1)], shares.max(axis=1) >= SURE_ENOUGH

    return ask


def embeddings() -> Peer:
    """The sentence model's vectors of the lines against those of the category descriptions. Raises PhbAuditError where it is absent."""
    from phb_audit.classified.minilm import SentenceModel

    model = SentenceModel(installed_model())
    taxonomy = pl.read_csv(shipped("reference") / "taxonomy.csv", infer_schema=False)
    described = taxonomy.select(pl.concat_str("category", "definition", separator=": ").str.to_lowercase()).to_series().to_list()
    goals, codes = model.vectors(described), taxonomy["code"].to_list()

    def ask(frame: pl.DataFrame) -> Answers:
        near = model.vectors(texts(frame)) @ goals.T
        return [codes[place] for place in near.argmax(axis=1)], near.max(axis=1) >= SURE_ENOUGH

    return ask


def ours() -> Peer:
    """The product's door."""
    from phb_audit.classified.classifier import classify

    def ask(frame: pl.DataFrame) -> Answers:
        told = classify(frame.select("merchant", "description", "mcc"))
        return told["category_code"].to_list(), ~told["is_abstained"].to_numpy()

    return ask


PEERS: dict[str, Callable[[], Peer]] = {"look-up": look_up, "tfidf": tfidf, "embeddings": embeddings, "ours": ours}


def sets() -> dict[str, pl.DataFrame]:
    """The lines they answer: merchant, description, mcc, accepted."""
    from tests.classified.calibrate import read
    from tests.classified.measure import FROZEN

    frozen = pl.read_csv(FROZEN, infer_schema=False).with_columns(pl.all().fill_null(""))
    columns = ["merchant", "description", "mcc", "accepted"]
    return {"development lines": read("dev_lines.csv").select(columns), "frozen lines": frozen.select(columns)}


def many(frame: pl.DataFrame, count: int) -> pl.DataFrame:
    """So many distinct lines made from those of a set: a made-up word behind each, so that no two are equal after cleaning."""
    from tests.classified.measure import letters

    places = pl.Series("place", range(count))
    rows = frame[(places % frame.height).to_list()].with_columns(places)
    return rows.with_columns(description=pl.concat_str("description", pl.lit(" "), letters(pl.col("place")))).drop("place")


def measured(name: str) -> dict[str, Any]:
    """One peer in this process: what it got right, what it answered, how fast, how much memory."""
    try:
        ask = PEERS[name]()
    except PhbAuditError as error:
        return {"absent": str(error)}
    found: dict[str, Any] = {}
    every = sets()
    for title, frame in every.items():
        codes, is_answered = ask(frame)
        right = np.array([code in told.split("|") for code, told in zip(codes, frame["accepted"], strict=True)])
        answered = int(is_answered.sum())
        found[title] = [int(right.sum()), int((right & is_answered).sum()), answered, frame.height]
    timed = many(next(iter(every.values())), SLOW_LINES if name == "embeddings" else TIMED_LINES)
    reset_peak()
    began = time.perf_counter()
    ask(timed)
    return {"sets": found, "lines_a_second": timed.height / (time.perf_counter() - began), "peak_mib": peak_mib()}


def row(name: str, told: dict[str, Any]) -> list[str]:
    """The Markdown rows of one peer."""
    if "absent" in told:
        return [f"| {WORDS[name]} | not measured: {told['absent']} | | | | | |"]
    rows = []
    for title, (right, right_answered, answered, lines) in told["sets"].items():
        sure = f"{right_answered / answered:.3f}" if answered else "none answered"
        cells = [WORDS[name], f"{title} ({lines})", f"{right / lines:.3f}", f"{answered / lines:.2f}", sure]
        cells += [f"{told['lines_a_second']:,.0f}", f"{told['peak_mib']:,}"]
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def main() -> None:
    """Measure one peer (named as an argument, as JSON) or all of them, each in a process of its own, as Markdown."""
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(measured(sys.argv[1])) + "\n")
        return
    lines = [
        "| classifier | lines | right | answered | right where answered | lines a second | peak MiB |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for name in NAMES:
        command = [sys.executable, "-m", "tests.benchmarks.classifiers", name]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).resolve().parents[2])
        lines += row(name, json.loads(done.stdout.splitlines()[-1]))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
