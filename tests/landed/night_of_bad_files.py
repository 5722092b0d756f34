"""Lands the corpus of bad files in one night, as a program of its own whose memory can be measured.

`python -m tests.landed.night_of_bad_files FOLDER`: writes the corpus, lands it, and prints one JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from phb_audit import landed
from tests.benchmarks.one_night import peak_mib
from tests.builders import make_run
from tests.sources.bad_files import write

ROWS_OF_FILES = """
WITH problems AS (
    SELECT file_id, count(*) AS problems FROM (
        SELECT file_id, problem_text FROM landed.payments UNION ALL SELECT file_id, problem_text FROM landed.receipts
    ) WHERE problem_text IS NOT NULL GROUP BY file_id
)
SELECT f.file_name, f.state_code, f.reason, f.rows_read, coalesce(p.problems, 0) AS problems
FROM landed.files f LEFT JOIN problems p USING (file_id)
"""


def main() -> None:
    """Land the corpus and say what came of each file."""
    folder = Path(sys.argv[1])
    run = make_run(folder)
    good = write(run.inbox)
    began = time.monotonic()
    totals = landed.build(run)
    seconds = time.monotonic() - began
    files = {row["file_name"]: row for row in run.warehouse.frame(ROWS_OF_FILES).to_dicts()}
    run.warehouse.close()
    told = {
        "good_rows": good,
        "files": files,
        "books": {total.item: total.rows for total in totals.totals},
        "seconds": round(seconds, 1),
        "peak_mib": peak_mib(),  # getrusage would count what the program that started this one held
        "peak_child_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
