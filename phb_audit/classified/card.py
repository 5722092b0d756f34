"""The model card: `python -m phb_audit.classified.card` brings model_card.json up to date and prints docs/reference/model-card.md."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

CARD = Path(__file__).with_name("model_card.json")
FILES = ("table.npz", "weights.npz", "council.npz", "calibration.json")


def checksums() -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of every learned file."""
    raw = {name: CARD.with_name(name).read_bytes() for name in FILES}
    return {name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} for name, content in raw.items()}


def read() -> dict[str, Any]:
    """The card as it stands beside the files."""
    card: dict[str, Any] = json.loads(CARD.read_text(encoding="utf-8"))
    return card


def page(card: dict[str, Any]) -> str:
    """The card as a page."""
    lines = ["# Model card: the classifier", "", card["what"], ""]
    lines += ["## Files", "", "| file | bytes | SHA-256 | what it is | made by |", "|---|---|---|---|---|"]
    for name, about in card["files"].items():
        lines.append(f"| `{name}` | {about['bytes']:,} | `{about['sha256']}` | {about['what']} | `{about['made_by']}` |")
    lines += ["", "## What taught it", "", "| source | licence | used for | what of it ships |", "|---|---|---|---|"]
    lines += [f"| {each['source']} | {each['licence']} | {each['used_for']} | {each['ships']} |" for each in card["taught_by"]]
    lines += ["", "## Figures", "", card["figures_how"], "", "| set | figure | value |", "|---|---|---|"]
    lines += [f"| {each['set']} | {each['figure']} | {each['value']} |" for each in card["figures"]]
    lines += ["", "## Limits", "", *(f"* {limit}" for limit in card["limits"]), ""]
    lines += ["Made from `phb_audit/classified/model_card.json` by `python -m phb_audit.classified.card`."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Bring the checksums up to date and print the page."""
    card = read()
    for name, sums in checksums().items():
        card["files"][name].update(sums)
    CARD.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(page(card))


if __name__ == "__main__":
    main()
