"""Originals kept sealed: AES-256-GCM in chunks, under a key of the file's own, derived from the commissioner's key.

A sealed file is `MAGIC`, then for each chunk its sealed length (4 bytes) and bytes. The chunk's number is its nonce and the last
chunk says that it is the last, so a file cut short does not open. The same bytes give the same sealed file.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from phb_audit.errors import UnreadableFile
from phb_audit.identity import IdentityKey

MAGIC = b"PHBSEAL1"
CHUNK_BYTES = 4 * 1024 * 1024
LENGTH_BYTES, NONCE_BYTES = 4, 12
MORE, LAST = b"more", b"last"


def seal(data: bytes, file_id: str, folder: Path, key: IdentityKey) -> Path:
    """Keep a file's bytes as folder/<sha256>; nothing is written where it is kept already. A kill leaves all or nothing."""
    path = folder / file_id
    if not path.exists():
        cipher = cipher_of(file_id, key)
        half_made = folder / f".{file_id}.{os.getpid()}"
        with half_made.open("wb") as out:
            out.write(MAGIC)
            for chunk in sealed_chunks(data, cipher):
                out.write(len(chunk).to_bytes(LENGTH_BYTES, "big"))
                out.write(chunk)
        half_made.replace(path)
    return path


def forget_half_made(folder: Path) -> None:
    """Remove what a killed night left half sealed."""
    for path in folder.glob(".*"):
        path.unlink()


def sealed_chunks(data: bytes, cipher: AESGCM) -> Iterator[bytes]:
    """The sealed chunks of a file's bytes; an empty file has one."""
    view = memoryview(data)
    starts = range(0, max(1, len(data)), CHUNK_BYTES)
    for number, start in enumerate(starts):
        mark = LAST if start == starts[-1] else MORE
        yield cipher.encrypt(number.to_bytes(NONCE_BYTES, "big"), view[start : start + CHUNK_BYTES], mark)


def open_sealed(path: Path, key: IdentityKey) -> bytes:
    """The original bytes of a sealed file. Raises UnreadableFile where it is damaged, cut short, or sealed with another key."""
    refusal = UnreadableFile(
        f"The sealed original {path.name[:12]} cannot be opened.", do="Restore it, or the identity key, from your backup."
    )
    sealed = path.read_bytes()
    if not sealed.startswith(MAGIC):
        raise refusal
    cipher, at, number, parts = cipher_of(path.name, key), len(MAGIC), 0, []
    while at < len(sealed):
        length = int.from_bytes(sealed[at : at + LENGTH_BYTES], "big")
        chunk = sealed[at + LENGTH_BYTES : at + LENGTH_BYTES + length]
        at += LENGTH_BYTES + length
        try:
            parts.append(cipher.decrypt(number.to_bytes(NONCE_BYTES, "big"), chunk, LAST if at >= len(sealed) else MORE))
        except InvalidTag as error:
            raise refusal from error
        number += 1
    data = b"".join(parts)
    if hashlib.sha256(data).hexdigest() != path.name:
        raise refusal
    return data


def cipher_of(file_id: str, key: IdentityKey) -> AESGCM:
    """The cipher of one file: its key is derived from the sealing key and the file's SHA-256, so no key seals two contents."""
    return AESGCM(hmac.new(key.sealing_key(), f"sealed file {file_id}".encode(), hashlib.sha256).digest())
