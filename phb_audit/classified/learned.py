"""Classifiers a commissioner's own decisions taught: kept side by side, one of them in use.

`home/models/<commissioner>/<version>/` holds `weights.npz`, `calibration.json` (how sure it may be) and `card.json` (what taught it, how it
was judged); `in_use` names one of them,
or is absent where the shipped classifier is in use. Plain arrays, no pickle.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from phb_audit.classified.calibration import CALIBRATION, Calibration, as_json
from phb_audit.classified.experts import WEIGHTS
from phb_audit.classified.model import read_lines
from phb_audit.errors import UsageError
from phb_audit.settings import Settings, shipped

SHIPPED, IN_USE = "shipped", "in_use"
VERSION = re.compile(r"learned-\d{4}-\d{2}-\d{2}(-\d+)?")


def learned_folder(settings: Settings, commissioner_code: str) -> Path:
    """Where a commissioner's learned classifiers are kept; not made."""
    return settings.home / "models" / commissioner_code


def version_in_use(settings: Settings, commissioner_code: str) -> str:
    """The classifier in use: 'shipped', or the version of a learned one."""
    pointer = learned_folder(settings, commissioner_code) / IN_USE
    return pointer.read_text(encoding="utf-8").strip() if pointer.exists() else SHIPPED


def weights_path(settings: Settings, commissioner_code: str, version: str) -> Path:
    """The weights of a version. Raises UsageError where there is none."""
    if version == SHIPPED:
        return WEIGHTS
    path = learned_folder(settings, commissioner_code) / version / "weights.npz"
    if not VERSION.fullmatch(version) or not path.exists():
        raise UsageError(
            f"There is no classifier {version!r} of {commissioner_code}.", do="`phb-audit model list` names those there are, and 'shipped'."
        )
    return path


def versions(settings: Settings, commissioner_code: str) -> list[str]:
    """The learned classifiers, oldest first."""
    folder = learned_folder(settings, commissioner_code)
    return sorted(path.parent.name for path in folder.glob("learned-*/weights.npz")) if folder.is_dir() else []


def lessons_of(decided: pl.DataFrame) -> pl.DataFrame:
    """Decided lines as lessons for `fit`: `text` (as cleaned), `code`, `trust`; lines without a word teach nothing."""
    lines = read_lines(decided.select("description", merchant="payee_text", mcc="mcc_code"))
    text = lines.select(pl.concat_str("merchant", "description", separator=" ").str.strip_chars())
    return pl.DataFrame({"text": text.to_series(), "code": decided["category_code"], "trust": decided["trust"]}).filter(
        pl.col("text").str.len_chars() > 1
    )


def teach(lessons: pl.DataFrame) -> dict[str, np.ndarray]:
    """The shipped lessons and these, learned anew; takes a minute or two."""
    from phb_audit.classified.fit import fit

    return fit(shipped("reference"), lessons)


def keep(settings: Settings, commissioner_code: str, version: str, arrays: dict[str, np.ndarray], card: dict[str, Any]) -> Path:
    """Write a learned classifier beside the others, whole or not at all; it is not in use yet."""
    folder = learned_folder(settings, commissioner_code) / version
    half_made = folder.with_name(f".{version}.{os.getpid()}")
    half_made.mkdir(parents=True)
    with (half_made / "weights.npz").open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    (half_made / "card.json").write_text(json.dumps(card, indent=1, sort_keys=True, default=str) + "\n", encoding="utf-8")
    half_made.rename(folder)
    return folder


def keep_calibration(settings: Settings, commissioner_code: str, version: str, found: Calibration) -> Path:
    """Write how sure a learned classifier may be beside its weights, before it is asked by its version."""
    path = weights_path(settings, commissioner_code, version).with_name(CALIBRATION.name)
    half_made = path.with_suffix(f".{os.getpid()}.new")
    half_made.write_text(as_json(found), encoding="utf-8")
    half_made.replace(path)
    return path


def put_in_use(settings: Settings, commissioner_code: str, version: str) -> None:
    """From the next night on this classifier answers; those before it stay where they are."""
    weights_path(settings, commissioner_code, version)
    pointer = learned_folder(settings, commissioner_code) / IN_USE
    pointer.parent.mkdir(parents=True, exist_ok=True)
    half_made = pointer.with_suffix(f".{os.getpid()}.new")
    half_made.write_text(version + "\n", encoding="utf-8")
    half_made.replace(pointer)


def free_version(settings: Settings, commissioner_code: str, day: str) -> str:
    """'learned-<day>', or with a number behind it where that day already has one."""
    taken = set(versions(settings, commissioner_code))
    name, number = f"learned-{day}", 1
    while name in taken:
        number += 1
        name = f"learned-{day}-{number}"
    return name
