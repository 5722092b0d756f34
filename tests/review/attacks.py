"""What tests of attacks have in common: words that mean harm, a night full of them, and signing in anew."""

from __future__ import annotations

import re
import stat

import duckdb
from starlette.testclient import TestClient

from phb_audit.review.night import SHOWN
from phb_audit.settings import Settings
from tests.review.world import (
    night_path,
    sign_in,
)

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
FORMULA = '=HYPERLINK("https://elsewhere.example","look")'
SECRET_WORDS = ("Traceback", "site-packages", "sqlalchemy", 'File "', "/tmp/")


def poisoned(settings: Settings, words: str) -> None:
    """The newest night, with those words in every text that came from outside: banks, receipts, plans and whatever is made from them."""
    path = night_path(settings)
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    columns = {
        "matched.payments": (
            "payee_shown",
            "description",
            "plan_line_words",
            "outcome_words",
            "match_because",
            "goal_because",
            "category_because",
        ),
        "flagged.cases": ("headline", "news"),
        "flagged.findings": ("sentence",),
        "validated.receipts": ("supplier_name", "invoice_number", "receipt_ref", "image_hash"),
        "validated.plan_outcomes": ("outcome_text",),
        "validated.plan_lines": ("description",),
        "validated.receipt_lines": ("description",),
        "validated.budgets": ("area_name",),
    }
    with duckdb.connect(str(path)) as night:
        for table, names in [(name, names) for whole, names in columns.items() for name in sorted({whole, SHOWN.get(whole, whole)})]:
            if not night.execute("SELECT 1 FROM duckdb_tables() WHERE schema_name || '.' || table_name = ?", [table]).fetchall():
                continue
            there = {row[0] for row in night.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall()}
            for name in (name for name in names if name in there):
                night.execute(f"UPDATE {table} SET {name} = ?", [words])


def as_role(client: TestClient, role: str) -> None:
    client.cookies.clear()
    assert sign_in(client, role) == 303


def without_secrets(text: str) -> str:
    return re.sub(r'(nonce|value)="[^"]*"', "", text)
