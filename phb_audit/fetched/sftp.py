"""A folder on an SFTP server, by paramiko. The server's key must be known beforehand: an unknown one is refused."""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import paramiko

from phb_audit.fetched.folder import is_half_sent
from phb_audit.fetched.source import Offered, SourceDown

CHECK = "Check the address, the account, its key, and the server's key in `host_keys`."
PROBLEMS = (paramiko.SSHException, OSError, EOFError)
DEEPEST = 20
PART_BYTES = 1024 * 1024


@dataclass
class SftpSource:
    """The settled files below a folder of a server; they stay there."""

    host: str
    user: str
    host_keys: Path
    path: str = "."
    port: int = 22
    key: Path | None = None
    password: str | None = field(default=None, repr=False)
    settle_seconds: float = 60
    timeout_seconds: float = 30
    client: Any = field(default=None, repr=False)
    files: Any = field(default=None, repr=False)

    def opened(self) -> Any:
        """The connection, made when first needed and after it broke."""
        if self.files is None:
            client = paramiko.SSHClient()
            try:
                client.load_host_keys(str(self.host_keys))
                client.set_missing_host_key_policy(paramiko.RejectPolicy())
                client.connect(
                    self.host,
                    self.port,
                    self.user,
                    password=self.password,
                    key_filename=str(self.key) if self.key else None,
                    allow_agent=False,
                    look_for_keys=False,
                    timeout=self.timeout_seconds,
                    banner_timeout=self.timeout_seconds,
                    auth_timeout=self.timeout_seconds,
                )
                self.client, self.files = client, client.open_sftp()
                self.files.get_channel().settimeout(self.timeout_seconds)
            except PROBLEMS as error:
                client.close()
                raise SourceDown("The SFTP server does not answer, or does not let us in.", do=CHECK) from error
        return self.files

    def offered(self) -> list[Offered]:
        """The settled files, sorted by name; links are not followed."""
        try:
            return sorted(self.below("", 0), key=lambda one: one.name)
        except PROBLEMS as error:
            self.close()
            raise SourceDown("The SFTP server broke off.", do=CHECK) from error

    def below(self, inside: str, depth: int) -> Iterator[Offered]:
        """The files of a folder and of those in it."""
        files = self.opened()
        for told in files.listdir_attr(f"{self.path}/{inside}" if inside else self.path):
            name = f"{inside}/{told.filename}" if inside else told.filename
            if stat.S_ISDIR(told.st_mode or 0) and depth < DEEPEST and not is_half_sent(name):
                yield from self.below(name, depth + 1)
            elif stat.S_ISREG(told.st_mode or 0) and not is_half_sent(name) and time.time() - (told.st_mtime or 0) >= self.settle_seconds:
                yield Offered(name, told.st_size, str(told.st_mtime))

    def copy(self, one: Offered, out: BinaryIO) -> str:
        """Write the file's bytes."""
        try:
            with self.opened().open(f"{self.path}/{one.name}", "rb") as opened:
                opened.prefetch(one.size)
                while part := opened.read(PART_BYTES):
                    out.write(part)
        except PROBLEMS as error:
            self.close()
            raise SourceDown("The SFTP server broke off in the middle of a file.", do=CHECK) from error
        return one.name

    def done(self, one: Offered) -> None:
        """Nothing: the server's folder stays as it is."""

    def close(self) -> None:
        """End the connection."""
        if self.client is not None:
            self.client.close()
        self.client = self.files = None
