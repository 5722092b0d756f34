"""What a source is: it says what it offers, hands a file over, and is told when the file is safe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from phb_audit.errors import FAILED, PhbAuditError


class SourceDown(PhbAuditError):
    """A source cannot be reached, or broke off; it may answer at the next try."""

    exit_code = FAILED


class FileTooLarge(PhbAuditError):
    """A source offers a file larger than any that a night would read."""


@dataclass(frozen=True)
class Offered:
    """A file at a source: its name there, its size where it is told, and what changes when the file does (a time, a tag, an id)."""

    name: str
    size: int | None
    mark: str


class Source(Protocol):
    """One place where files are left. Every method raises SourceDown where the place does not answer."""

    def offered(self) -> list[Offered]:
        """What lies there, by name."""
        ...

    def copy(self, one: Offered, out: BinaryIO) -> str:
        """Write the file's bytes; returns the name the sender gave it."""
        ...

    def done(self, one: Offered) -> None:
        """The file is safe with us: what the source wants to hear then."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...
