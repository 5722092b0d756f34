"""Reads papers in a process of its own, with bounds on memory and time, so that a hostile file harms nothing but itself.

`python -m phb_audit.evidence.child ENGINE`: paths on standard input, each a JSON string on a line of its own; one JSON object a line on
standard output.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from phb_audit.errors import PhbAuditError
from phb_audit.evidence.alike import mark_of
from phb_audit.evidence.engines import engine_named, words_of
from phb_audit.evidence.intake import taken_in
from phb_audit.evidence.paper import Paper, Word, in_lines
from phb_audit.evidence.reading import read

MOST_MEMORY = 4 * 2**30
"""Bytes of address space: the engine's models and one page of 50 million pixels fit in it."""


def told(path: Path, engine_name: str | None) -> dict[str, Any]:
    """A paper's reading with the hash of its file, or what is wrong with it."""
    try:
        taken = taken_in(path)
        words, read_by = list(taken.words), "its own text"
        if taken.pictures:
            name, engine = engine_named(engine_name)
            words += as_sent(words_of(taken.pictures, engine), taken.times)
            read_by = name if not taken.words else f"its own text and {name}"
        reading = read(Paper(tuple(in_lines(words)), read_by, taken.pages, taken.remarks))
        reading = replace(reading, picture_mark=mark_of(taken.face) if taken.face else "")
    except PhbAuditError as error:
        return {"problem": error.what, "do": error.do, "exit_code": error.exit_code}
    except MemoryError:
        return {"problem": f"{path.name} needs more memory than a paper may.", "do": "Send a smaller picture.", "exit_code": 3}
    except Exception as error:  # a file may break a library in ways nobody foresaw; the others must still be read
        return {"problem": f"{path.name} could not be read ({type(error).__name__}).", "do": "Take the picture again.", "exit_code": 3}
    told: dict[str, Any] = {"sha256": taken.sha256, "reading": asdict(reading)}
    if not taken.pictures:  # a statement's columns can be told by where its words stand
        told["words"] = [(word.text, word.left, word.top, word.right, word.bottom, word.page) for word in taken.words]
    return told


def as_sent(words: list[Word], times: tuple[float, ...]) -> list[Word]:
    """Words with their places in the picture as it was sent, where a smaller one was read."""
    if not times or max(times) <= 1:
        return words
    sides = ("left", "top", "right", "bottom")
    return [replace(word, **{side: getattr(word, side) * times[word.page - 1] for side in sides}) for word in words]


def main() -> None:
    """Answer every path on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    engine_name = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] else None
    for line in sys.stdin:
        answer = told(Path(json.loads(line)), engine_name)
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
