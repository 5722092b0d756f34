"""`phb-audit model compare OLD NEW`: which lines two classifiers answer differently, and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl

from phb_audit.classified.command import lines_of
from phb_audit.classified.learned import IN_USE, SHIPPED, learned_folder, version_in_use, versions, weights_path
from phb_audit.errors import CLEAN, UsageError
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

MOST_LINES = 200_000
MOST_SHOWN = 20
Say = Callable[[str], None]


def list_models(settings: Settings, commissioner_code: str, *, as_json: bool, say: Say) -> int:
    """The classifiers of a commissioner, which is in use, and the verdict on each."""
    used = version_in_use(settings, commissioner_code)
    found = [{"version": SHIPPED, "is_in_use": used == SHIPPED, "verdict": "came with the package"}]
    for version in versions(settings, commissioner_code):
        card = json.loads((learned_folder(settings, commissioner_code) / version / "card.json").read_text(encoding="utf-8"))
        reason = card.get("verdict", {}).get("reason", "not yet judged")
        found.append({"version": version, "is_in_use": used == version, "verdict": reason})
    lines = [f"{one['version']:<24}{'in use   ' if one['is_in_use'] else '         '}{one['verdict']}" for one in found]
    say(json.dumps({"classifiers": found}, indent=1) if as_json else "\n".join(lines))
    return CLEAN


def compare_models(
    old: str, new: str, *, source: Path | None, out: Path | None, settings: Settings, commissioner_code: str, as_json: bool, say: Say
) -> int:
    """Ask two classifiers about the lines of a CSV file, or about every text the warehouse has met, and say what changes.

    `old`, `new`: 'shipped', 'in_use', or a version `phb-audit model list` names. `out` takes every changed line as CSV.
    """
    lines = lines_of(source).with_columns(payments_count=pl.lit(1)) if source else texts_met(settings, commissioner_code)
    changed = changes(lines, *(weights_path(settings, commissioner_code, named(settings, commissioner_code, name)) for name in (old, new)))
    if out:
        changed.write_csv(out)
    told = {
        "lines": lines.height,
        "changed": changed.height,
        "payments_changed": int(changed["payments_count"].sum()),
        "codes": pairs(changed).to_dicts(),
    }
    say(json.dumps(told, indent=1) if as_json else in_words(told, changed, old, new))
    return CLEAN


def named(settings: Settings, commissioner_code: str, name: str) -> str:
    """The version meant by a name."""
    return version_in_use(settings, commissioner_code) if name == IN_USE else name


def texts_met(settings: Settings, commissioner_code: str) -> pl.DataFrame:
    """The texts the warehouse has met, most used first. Raises UsageError where no night has been run."""
    path = settings.home / "warehouse" / commissioner_code / "night.duckdb"
    if not path.exists():
        raise UsageError("No night has been run here yet, so there are no lines to compare on.", do="Give a CSV file with --file.")
    warehouse = Warehouse(path, read_only=True)
    try:
        return warehouse.frame(sql(__file__, "compared_strings"), {"most": MOST_LINES})
    finally:
        warehouse.close()


def changes(lines: pl.DataFrame, old: Path, new: Path) -> pl.DataFrame:
    """One row per line whose code, or whose being settled, differs: what each said, how surely, and why."""
    from phb_audit.classified.classifier import classify

    asked = lines.select("merchant", "description", "mcc")
    both = [
        classify(asked, None, weights).select(
            pl.col("category_code").alias(f"{side}_code"),
            pl.col("probability_share").alias(f"{side}_share"),
            pl.col("is_abstained").alias(f"{side}_abstained"),
            pl.col("because").alias(f"{side}_because"),
        )
        for side, weights in (("old", old), ("new", new))
    ]
    every = pl.concat([lines, *both], how="horizontal")
    differs = (pl.col("old_code") != pl.col("new_code")) | (pl.col("old_abstained") != pl.col("new_abstained"))
    return every.filter(differs).sort("payments_count", "merchant", "description", descending=[True, False, False], nulls_last=True)


def pairs(changed: pl.DataFrame) -> pl.DataFrame:
    """How many lines moved from which code to which, most first."""
    return (
        changed.group_by("old_code", "new_code")
        .agg(lines=pl.len(), payments=pl.col("payments_count").sum())
        .sort("lines", "old_code", "new_code", descending=[True, False, False])
    )


def in_words(told: dict[str, object], changed: pl.DataFrame, old: str, new: str) -> str:
    """The comparison for a reader: how many, from what to what, and the first lines with both reasons."""
    lines = [f"{told['changed']:,} of {told['lines']:,} lines change from {old} to {new} ({told['payments_changed']:,} payments)."]
    lines += [f"  {row['old_code']} -> {row['new_code']}: {row['lines']:,} lines" for row in pairs(changed).head(MOST_SHOWN).to_dicts()]
    for row in changed.head(MOST_SHOWN).to_dicts():
        words = " / ".join(text for text in (row["merchant"], row["description"]) if text)
        lines.append(f"{words}: {row['old_code']} {row['old_share']:.0%} ({row['old_because']})")
        lines.append(f"{' ' * len(words)}  {row['new_code']} {row['new_share']:.0%} ({row['new_because']})")
    if changed.height > MOST_SHOWN:
        lines.append(f"and {changed.height - MOST_SHOWN:,} more; --out writes them all.")
    return "\n".join(lines)
