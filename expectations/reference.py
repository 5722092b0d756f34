"""The suites as a page of the documentation: `docs/reference/expectations.md` is this, and a test holds it up to date.

`python -m expectations.reference` writes it.
"""

from __future__ import annotations

from pathlib import Path

from expectations import all_suites
from phb_audit.tables import TABLES
from phb_audit.validated.suite import SENDER, Expectation, Suite

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "expectations.md"
WHAT_FOLLOWS = {"stop": "the night stops", "quarantine": "the row is refused", "inform": "admitted with a remark"}
OPENING = """# Expectations: what every table must be

Made from the suites in `expectations/` by `python -m expectations.reference`; do not edit it by hand.

Great Expectations gives the verdict on each, on the night's own DuckDB connection; one bit mask, made from the same suite, names the
rows that fail, and the night stops where the two do not count alike. **The night stops**: nothing is admitted until it is mended.
**The row is refused**: it goes whole to `validated.quarantine` and is tried again every night (`docs/how-to/mend-refused-rows.md`).
**Admitted with a remark**: it counts, and the remark stands on the data-quality page. Rules are those of family A8.
"""


def page() -> str:
    """The whole page."""
    return OPENING + "".join(section(suite) for suite in all_suites())


def section(suite: Suite) -> str:
    """One suite: its table, one row per what; then one line per expectation."""
    head = f"\n## {suite.table}\n\nOne row per {TABLES[suite.table].grain}.\n\n"
    head += "| expectation | why | if it fails | who mends it | rules |\n|---|---|---|---|---|\n"
    return head + "".join(line(expectation) for expectation in suite.expectations)


def line(expectation: Expectation) -> str:
    """One expectation as a row of the table."""
    owner = "the sender of the feed" if expectation.fix_owner == SENDER else expectation.fix_owner
    cells = (f"`{expectation.name}`", expectation.reason, WHAT_FOLLOWS[expectation.severity_code], owner, ", ".join(expectation.rule_ids))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
