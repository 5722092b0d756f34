"""The settings file of `phb-audit fetch`: which sources there are. Secrets are never in it: it names the environment's variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from phb_audit.errors import UsageError
from phb_audit.fetched.folder import FolderSource
from phb_audit.fetched.source import Source
from phb_audit.settings import read_toml

SEE = "See docs/how-to/fetch-files.md."
COMMON = frozenset({"name", "kind", "into", "tries", "wait_seconds"})
OWN: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "folder": (frozenset({"path"}), frozenset({"settle_seconds"})),
    "sftp": (
        frozenset({"host", "user", "host_keys"}),
        frozenset({"path", "port", "key", "password_from", "settle_seconds", "timeout_seconds"}),
    ),
    "s3": (
        frozenset({"bucket", "key_from", "secret_from"}),
        frozenset({"prefix", "endpoint", "region", "timeout_seconds"}),
    ),
    "mesh": (
        frozenset({"url", "mailbox", "password_from", "shared_key_from"}),
        frozenset({"workflow", "certificate", "private_key", "trusted", "timeout_seconds"}),
    ),
}
MESH_ADDRESSES = {"live": "LIVE_ENDPOINT", "integration": "INT_ENDPOINT", "deployment": "DEP_ENDPOINT"}


@dataclass(frozen=True)
class NamedSource:
    """A source as its settings tell: where its files go below the commissioner's folder, how often it is tried, how long between."""

    name: str
    kind: str
    into: str
    tries: int
    wait_seconds: float
    told: Mapping[str, Any] = field(repr=False)

    def made(self, environ: Mapping[str, str]) -> Source:
        """The source. Raises UsageError where a variable or a library is missing. Nobody is called yet."""
        makers = {"folder": folder, "sftp": sftp, "s3": bucket, "mesh": mailbox}
        try:
            return makers[self.kind](self.told, environ)
        except ImportError as error:
            raise UsageError(
                f"Source '{self.name}': {error.name} is not installed.", do="Install the extra: pip install 'phb-audit[fetch]'."
            ) from error


def named_sources(file: Path) -> tuple[NamedSource, ...]:
    """The sources of a settings file, in its order. Raises UsageError, with what to mend, for anything it does not know."""
    if not file.is_file():
        raise UsageError(f"The settings file {file.name} is not there.", do=SEE)
    told = read_toml(file)
    tables = told.get("source")
    if not isinstance(tables, list) or not tables or set(told) != {"source"}:
        raise UsageError(f"{file.name} must hold [[source]] tables and nothing else.", do=SEE)
    sources = tuple(named_source(table) for table in tables)
    if len({source.name for source in sources}) < len(sources):
        raise UsageError(f"{file.name} gives two sources one name.", do="Name each source once.")
    return sources


def named_source(table: Mapping[str, Any]) -> NamedSource:
    """One table."""
    name, kind = str(table.get("name", "")), str(table.get("kind", ""))
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,40}", name):
        raise UsageError(f"The source's name '{name}' must be small letters, digits, - and _.", do=SEE)
    if kind not in OWN:
        raise UsageError(f"Source '{name}': '{kind}' is not a kind of source.", do=f"Use one of: {', '.join(OWN)}.")
    needed, more = OWN[kind]
    if missing := sorted(needed - set(table)):
        raise UsageError(f"Source '{name}' lacks {', '.join(missing)}.", do=SEE)
    if unknown := sorted(set(table) - COMMON - needed - more):
        raise UsageError(
            f"Source '{name}': unknown settings {', '.join(unknown)}.", do=f"Known: {', '.join(sorted(COMMON | needed | more))}."
        )
    into, tries, wait = str(table.get("into", name)), table.get("tries", 3), table.get("wait_seconds", 5)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _-]*(/[A-Za-z0-9][A-Za-z0-9 _-]*)*", into):
        raise UsageError(f"Source '{name}': `into` must be a folder below the commissioner's.", do=SEE)
    if not isinstance(tries, int) or not 1 <= tries <= 20 or not isinstance(wait, int | float) or not 0 <= wait <= 3600:
        raise UsageError(f"Source '{name}': `tries` is 1 to 20, `wait_seconds` 0 to 3600.", do=SEE)
    return NamedSource(name, kind, into, tries, float(wait), table)


def secret(told: Mapping[str, Any], setting: str, environ: Mapping[str, str]) -> str:
    """The value of the variable a setting names. Raises UsageError where it is not set; its value is never shown."""
    name = str(told[setting])
    if not environ.get(name):
        raise UsageError(f"Source '{told['name']}': the variable {name} is not set.", do=f"Set it: `{setting}` names it.")
    return environ[name]


def folder(told: Mapping[str, Any], environ: Mapping[str, str]) -> Source:
    """A folder."""
    return FolderSource(Path(told["path"]), float(told.get("settle_seconds", 60)))


def sftp(told: Mapping[str, Any], environ: Mapping[str, str]) -> Source:
    """A folder on an SFTP server."""
    from phb_audit.fetched.sftp import SftpSource

    if ("key" in told) == ("password_from" in told):
        raise UsageError(f"Source '{told['name']}' needs either `key` or `password_from`.", do=SEE)
    return SftpSource(
        told["host"],
        told["user"],
        Path(told["host_keys"]),
        path=str(told.get("path", ".")).rstrip("/") or "/",
        port=int(told.get("port", 22)),
        key=Path(told["key"]) if "key" in told else None,
        password=secret(told, "password_from", environ) if "password_from" in told else None,
        settle_seconds=float(told.get("settle_seconds", 60)),
        timeout_seconds=float(told.get("timeout_seconds", 30)),
    )


def bucket(told: Mapping[str, Any], environ: Mapping[str, str]) -> Source:
    """A bucket."""
    from datetime import timedelta

    from obstore.store import S3Store

    from phb_audit.fetched.bucket import BucketSource

    endpoint = told.get("endpoint")
    where: Any = {"endpoint": str(endpoint)} if endpoint else {}
    store = S3Store(
        str(told["bucket"]),
        access_key_id=secret(told, "key_from", environ),
        secret_access_key=secret(told, "secret_from", environ),
        region=str(told.get("region", "eu-west-2")),
        virtual_hosted_style_request=not endpoint,
        client_options={
            "allow_http": str(endpoint or "").startswith("http://"),
            "timeout": timedelta(seconds=float(told.get("timeout_seconds", 60))),
        },
        retry_config={"max_retries": 0},
        **where,
    )
    return BucketSource(store, str(told.get("prefix", "")))


def mailbox(told: Mapping[str, Any], environ: Mapping[str, str]) -> Source:
    """A MESH mailbox; `url` is an address, or live, integration or deployment."""
    import mesh_client

    from phb_audit.fetched.mesh import MeshSource

    url = str(told["url"])
    certificate = (str(told["certificate"]), str(told["private_key"])) if "certificate" in told and "private_key" in told else None
    client = mesh_client.MeshClient(
        getattr(mesh_client, MESH_ADDRESSES[url]) if url in MESH_ADDRESSES else url,
        str(told["mailbox"]),
        secret(told, "password_from", environ),
        shared_key=secret(told, "shared_key_from", environ).encode(),
        cert=certificate,
        verify=str(told["trusted"]) if "trusted" in told else None,
        max_retries=0,
        timeout=float(told.get("timeout_seconds", 60)),
        application_name="phb_audit",
    )
    return MeshSource(client, str(told.get("workflow", "")))
