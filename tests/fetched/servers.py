"""Servers on loopback: SFTP by paramiko's own server side, and FakeMesh, a local fake of the parts of MESH we use."""

from __future__ import annotations

import gzip
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import paramiko


class Door(paramiko.ServerInterface):
    """Lets one account in."""

    def check_auth_password(self, username: str, password: str) -> int:
        return paramiko.AUTH_SUCCESSFUL if (username, password) == ("drop", "secret") else paramiko.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class Shelf(paramiko.SFTPServerInterface):
    """Shows one folder, read only."""

    root = Path()

    def inside(self, path: str) -> Path:
        return self.root / self.canonicalize(path).lstrip("/")

    def list_folder(self, path: str) -> Any:
        told = []
        for each in self.inside(path).iterdir():
            attributes = paramiko.SFTPAttributes.from_stat(each.lstat())
            attributes.filename = each.name
            told.append(attributes)
        return told

    def stat(self, path: str) -> Any:
        return paramiko.SFTPAttributes.from_stat(self.inside(path).stat())

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = self.inside(path).open("rb")  # type: ignore[attr-defined]
        return handle


@contextmanager
def sftp_server(root: Path) -> Iterator[tuple[int, str]]:
    """The port, and the line of known hosts that names the server's key."""
    key = paramiko.RSAKey.generate(2048)
    shelf = type("ShelfHere", (Shelf,), {"root": root})
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    doors: list[paramiko.Transport] = []

    def serve() -> None:
        while True:
            try:
                met, _ = listening.accept()
            except OSError:
                return
            transport = paramiko.Transport(met)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, shelf)
            doors.append(transport)
            try:
                transport.start_server(server=Door())
            except (paramiko.SSHException, EOFError):
                transport.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield port, f"[127.0.0.1]:{port} {key.get_name()} {key.get_base64()}\n"
    finally:
        listening.close()
        for door in doors:
            door.close()


class FakeMesh:
    """A fake MESH mailbox: lists messages in pages, hands them over in chunks (packed or not), and forgets what is acknowledged.

    It is not the NHS's sandbox, and does not check the authorisation header beyond its scheme and mailbox.
    """

    def __init__(self, messages: dict[str, tuple[str, list[bytes]]]) -> None:
        self.messages = messages
        self.acknowledged: list[str] = []
        self.failures = 0

    def answer(self, method: str, path: str, authorisation: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        if not authorisation.startswith("NHSMESH MAILBOX01:"):
            return 403, {}, b"{}"
        if self.failures:
            self.failures -= 1
            return 503, {}, b"{}"
        parts = path.partition("?")[0].strip("/").split("/")[2:]
        if method == "GET" and parts == ["inbox"]:
            ids = sorted(self.messages)
            page = [one for one in ids if one > path.partition("after=")[2]][:2]
            links = {"next": f"/messageexchange/MAILBOX01/inbox?after={page[-1]}"} if page and page[-1] != ids[-1] else {}
            return 200, {"Content-Type": "application/json"}, json.dumps({"messages": page, "links": links}).encode()
        if method == "PUT" and parts[-2:] == ["status", "acknowledged"]:
            self.messages.pop(parts[1], None)
            self.acknowledged.append(parts[1])
            return 200, {}, b""
        if method == "GET" and parts[1] in self.messages:
            name, chunks = self.messages[parts[1]]
            number = int(parts[2]) if len(parts) > 2 else 1
            headers = {"Mex-FileName": name, "Mex-Chunk-Range": f"{number}:{len(chunks)}", "Content-Type": "application/octet-stream"}
            body = chunks[number - 1]
            if number == 2:
                headers["Content-Encoding"], body = "gzip", gzip.compress(body)
            return (206 if number < len(chunks) else 200), headers, body
        return 404, {}, b"{}"


@contextmanager
def mesh_server(fake: FakeMesh) -> Iterator[str]:
    """The address of a fake."""

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            status, headers, body = fake.answer(self.command, self.path, self.headers.get("Authorization", ""))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = respond  # noqa: N815

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def settled(path: Path, content: bytes = b"x") -> Path:
    """A file that nobody has written to for an hour."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (path.stat().st_atime - 3600, path.stat().st_mtime - 3600))
    return path
