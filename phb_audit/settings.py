"""Where things are. Read from the environment once, at the edge, and passed in; nothing below reads the environment.

One thing is read again by a night in another process, from its own environment: the casebook's address on PostgreSQL, so that no
password travels in a night's parameters, which Prefect keeps.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from phb_audit.errors import UsageError

PACKAGE = Path(__file__).resolve().parent


@cache
def shipped(name: str) -> Path:
    """The folder `data/<name>`: inside the installed wheel, or in the checkout. Raises UsageError where neither has it."""
    for folder in (PACKAGE / "_data" / name, PACKAGE.parent / "data" / name):
        if folder.is_dir():
            return folder
    raise UsageError(f"The shipped folder data/{name} is missing.", do="Install phb_audit again.")


@dataclass(frozen=True)
class Settings:
    """Folders of one installation. `home` holds everything made at run time: one folder a commissioner below each.

    `casebook_url` is the address of the casebooks on PostgreSQL; None: SQLite files below `home`. It may hold a password: never shown.
    """

    home: Path
    casebook_url: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """`PHB_AUDIT_HOME`, or `data/` of a checkout, or `./phb_audit_home` for an installed wheel; and `PHB_AUDIT_CASEBOOK_URL`."""
        if named := environ.get("PHB_AUDIT_HOME"):
            return cls.at(Path(named).expanduser().resolve(), environ)
        checkout = PACKAGE.parent / "data"
        return cls.at(checkout if (checkout / "reference").is_dir() else Path("phb_audit_home").resolve(), environ)

    @classmethod
    def at(cls, home: Path, environ: Mapping[str, str]) -> Settings:
        """The installation below `home`, with the casebook's address from the environment."""
        return cls(home, environ.get("PHB_AUDIT_CASEBOOK_URL") or None)

    def folder(self, room: str, commissioner_code: str) -> Path:
        """`home/<room>/<commissioner>`, made when absent; rooms: landing, warehouse, published, reports, quality, keys."""
        path = self.home / room / commissioner_code
        path.mkdir(parents=True, exist_ok=True)
        return path

    def warehouse_path(self, commissioner_code: str) -> Path:
        """The one DuckDB file the night of this commissioner writes."""
        return self.folder("warehouse", commissioner_code) / "night.duckdb"

    def key_path(self, commissioner_code: str) -> Path:
        """The identity key of this commissioner, outside every database."""
        return self.folder("keys", commissioner_code) / "identity.key"


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dict. Raises UsageError naming the file and line where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} cannot be read as TOML: {error}.", do="Mend the file and run again.") from error
