"""What a validator says of a Data Package."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def refusals(folder: Path, *, rows: int = 10_000) -> dict[str, list[str]]:
    """What frictionless finds wrong with the package of a folder, by its table, looking at so many rows of each."""
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json", "--limit-rows", str(rows)]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    tasks = json.loads(ran.stdout)["tasks"]
    assert len(tasks) == len(list(folder.glob("*.parquet")))
    return {task["name"]: [error["message"] for error in task["errors"]] for task in tasks if not task["valid"]}
