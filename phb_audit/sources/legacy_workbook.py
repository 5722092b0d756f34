"""Run as a process of its own: an .xls workbook from standard input to Arrow streams on standard output, one a sheet.

A damaged .xls can ask for tens of gigabytes, which ends the process that reads it; so that process must not be the night's.
"""

from __future__ import annotations

import sys

import fastexcel
import pyarrow as pa

MOST_BYTES = 4 * 1024**3
UNREADABLE = 3


def main() -> int:
    """Read, write, and return the exit code: 0, or 3 where the workbook cannot be opened."""
    try:
        import resource  # not on every system; there the size stays unlimited

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    except (ImportError, ValueError, OSError):
        pass
    try:
        book = fastexcel.read_excel(sys.stdin.buffer.read())
        sheets = [book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow() for name in book.sheet_names]
    except fastexcel.FastExcelError:
        return UNREADABLE
    for batch in sheets:
        with pa.ipc.new_stream(sys.stdout.buffer, batch.schema) as stream:
            stream.write_batch(batch)
    return 0


if __name__ == "__main__":
    sys.exit(main())
