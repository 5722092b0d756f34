"""Cut nhsuk-frontend's stylesheet down to the parts our pages use: `python trim.py nhsuk-frontend.css > nhsuk.css`.

Takes out the font (its files are not ours to pass on), anything that would ask another machine for a file, and every rule
about a class we do not use. See README.md beside this file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

PARTS = (
    "nhsuk-(template|template__body|width-container|main-wrapper)",
    "nhsuk-grid-(row|column-(full|two-thirds|one-third|one-half))",
    "nhsuk-(heading|caption|body)-[a-z]{1,2}",
    "nhsuk-(list|list--(bullet|number)|body|hint|lede-text|section-break|section-break--.+)",
    "nhsuk-(skip-link|inset-text|warning-callout|details)(__.+)?",
    "nhsuk-summary-list(__(row|key|value)|--no-border)?",
    "nhsuk-tag(--.+)?",
    "nhsuk-table(-responsive)?(__(head|body|row|header|header--numeric|cell|cell--numeric|heading|caption|caption--.))?",
    "nhsuk-table--(responsive|compact)",
    "nhsuk-u-(visually-hidden|nowrap|font-weight-bold|text-align-right|secondary-text-colour|margin-(bottom|top)-[0-6])",
)
USED = re.compile("|".join(f"^(?:{part})$" for part in PARTS))
REACHES_OUT = re.compile(r"url\((?!['\"]?data:)|@import")


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """(selector or at-rule, text between its braces) of each outermost block; the body may hold blocks of its own."""
    depth, start, head = 0, 0, ""
    for found in re.finditer(r"[{}]", css):
        if found.group() == "{":
            if depth == 0:
                head, start = css[start : found.start()].strip().rpartition(";")[2].strip(), found.end()
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                yield head, css[start : found.start()]
                start = found.end()


def is_used(selector: str) -> bool:
    """True when every class the selector names is one we use."""
    names = re.findall(r"\.([A-Za-z][\w-]*)", selector)
    return all(USED.match(name) for name in names)


def trim(css: str) -> str:
    """The stylesheet without comments, fonts, outside files and rules we do not use; one rule a line."""
    kept = []
    for head, body in blocks(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        if head.startswith(("@media", "@supports")):
            if inner := trim(body):
                kept.append(f"{head}{{\n{inner}\n}}")
        elif head.startswith("@"):
            continue  # @font-face, @charset, @keyframes
        elif selectors := ",".join(part for part in re.split(r",(?![^(]*\))\s*", head) if is_used(part)):
            kept.append(f"{selectors}{{{declarations(body)}}}")
    return "\n".join(rule for rule in kept if not rule.endswith("{}"))


def declarations(body: str) -> str:
    """What is left of a rule's body when the font's name and outside files are taken out."""
    parts = (" ".join(part.split()) for part in re.split(r";(?![^(]*\))", body))
    return ";".join(re.sub(r'"?Frutiger W01"?,\s*', "", part) for part in parts if part and not REACHES_OUT.search(part))


if __name__ == "__main__":
    sys.stdout.write(trim(Path(sys.argv[1]).read_text(encoding="utf-8")) + "\n")
