"""A bucket that speaks S3, by obstore."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from obstore import get
from obstore import list as listed
from obstore.exceptions import BaseError
from obstore.store import S3Store

from phb_audit.fetched.folder import is_half_sent
from phb_audit.fetched.source import Offered, SourceDown

CHECK = "Check the bucket's name, its address, and the keys in the environment."


@dataclass
class BucketSource:
    """The objects below a prefix of a bucket; they stay there."""

    store: S3Store
    prefix: str = ""

    def offered(self) -> list[Offered]:
        """The objects below the prefix, sorted by name."""
        found = []
        try:
            for page in listed(self.store, prefix=self.prefix or None):
                for told in page:
                    name = str(told["path"])
                    if not is_half_sent(name) and not name.endswith("/"):
                        found.append(Offered(name, int(told["size"]), str(told.get("e_tag") or told["last_modified"])))
        except (BaseError, OSError) as error:
            raise SourceDown("The bucket does not answer, or holds a name with '..' in it.", do=CHECK) from error
        return sorted(found, key=lambda one: one.name)

    def copy(self, one: Offered, out: BinaryIO) -> str:
        """Write the object's bytes."""
        try:
            for part in get(self.store, one.name).stream():
                out.write(bytes(part))
        except (BaseError, FileNotFoundError, ConnectionError, TimeoutError) as error:
            raise SourceDown("An object of the bucket cannot be fetched.", do=CHECK) from error
        return one.name.removeprefix(self.prefix).lstrip("/") or one.name

    def done(self, one: Offered) -> None:
        """Nothing: what becomes of the object is the bucket's own rule."""

    def close(self) -> None:
        """Connections end by themselves."""
