"""A folder that others write to: a mounted share, or where an SFTP server puts what it is sent."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from phb_audit.fetched.source import Offered, SourceDown

HALF_SENT = (".part", ".filepart", ".tmp", ".partial", ".crdownload", ".swp")


def is_half_sent(name: str) -> bool:
    """True for hidden files and the names that programs give to files they are still sending."""
    return any(part.startswith(".") for part in name.split("/")) or name.lower().endswith(HALF_SENT)


@dataclass
class FolderSource:
    """Files below a folder that nobody has written to for `settle_seconds`; links are not followed."""

    path: Path
    settle_seconds: float = 60

    def offered(self) -> list[Offered]:
        """The settled files, sorted by name."""
        if not self.path.is_dir():
            raise SourceDown("The folder is not there.", do="Check that the share is mounted.")
        found = []
        try:
            for base, folders, names in os.walk(self.path, followlinks=False):
                folders.sort()
                for name in sorted(names):
                    path = Path(base) / name
                    shown = path.relative_to(self.path).as_posix()
                    told = path.stat(follow_symlinks=False)
                    if path.is_symlink() or is_half_sent(shown) or time.time() - told.st_mtime < self.settle_seconds:
                        continue
                    found.append(Offered(shown, told.st_size, str(told.st_mtime_ns)))
        except OSError as error:
            raise SourceDown("The folder cannot be read.", do="Check that the share is mounted and may be read.") from error
        return found

    def copy(self, one: Offered, out: BinaryIO) -> str:
        """Write the file's bytes."""
        try:
            with (self.path / one.name).open("rb") as opened:
                shutil.copyfileobj(opened, out)
        except OSError as error:
            raise SourceDown("A file of the folder cannot be read.", do="Check who may read it.") from error
        return one.name

    def done(self, one: Offered) -> None:
        """Nothing: the folder is others' and stays as it is."""

    def close(self) -> None:
        """Nothing is held open."""
