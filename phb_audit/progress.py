"""What a terminal or a log sees while a night works: a line as each stage ends, a spinner between them on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable


def note(words: str) -> None:
    """A line about progress or trouble, on standard error."""
    sys.stderr.write(words + "\n")
    sys.stderr.flush()


class progress:  # noqa: N801 - reads as a block: `with progress() as tell`
    """A line as each stage ends; on a terminal, a spinner while it works. Never a bar in a log file."""

    def __enter__(self) -> Callable[[str, str, float], None]:
        self.status = None
        if sys.stderr.isatty() and not os.environ.get("NO_COLOR"):
            from rich.console import Console

            self.status = Console(stderr=True).status("Starting")
            self.status.start()
        return self.tell

    def tell(self, stage: str, words: str, seconds: float) -> None:
        """One line for a stage that has ended."""
        note(f"  {stage:<10} {seconds:6.1f} s  {words}")

    def __exit__(self, *problem: object) -> None:
        if self.status:
            self.status.stop()
