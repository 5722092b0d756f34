"""Bytes to UTF-8, and what kind of file they are. Judged by content, never by the file's name."""

from __future__ import annotations

import codecs
import re
import zlib

from phb_audit.errors import UnreadableFile

SAMPLE_BYTES = 65_536
MOST_UNPACKED_BYTES, MOST_OF_SMALL_BYTES, MOST_TIMES = 256 * 1024 * 1024, 32 * 1024 * 1024, 50
ZIP, OLE, GZIP, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF"
CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
ASK = "Ask the sender to export it again as CSV or Excel."


def unpacked(data: bytes) -> bytes:
    """The bytes inside a gzip file; others as they are. Raises UnreadableFile where the packing is damaged or unfolds to too much."""
    if not data.startswith(GZIP):
        return data
    most = min(MOST_UNPACKED_BYTES, max(MOST_OF_SMALL_BYTES, MOST_TIMES * len(data)))
    parts: list[bytes] = []
    left, size = data, 0
    try:
        while left.startswith(GZIP):
            packed = zlib.decompressobj(zlib.MAX_WBITS | 16)
            parts.append(packed.decompress(left, most - size + 1))
            size += len(parts[-1])
            if size > most:
                raise UnreadableFile("The compressed file unfolds to too much.", do="Ask the sender to send it unpacked, or in parts.")
            if not packed.eof:
                raise EOFError
            left = packed.unused_data
    except (EOFError, zlib.error) as error:
        raise UnreadableFile("The compressed file is damaged.", do=ASK) from error
    return b"".join(parts) if len(parts) > 1 else parts[0]


def kind_of(data: bytes) -> str:
    """'workbook', 'document' (JSON) or 'table' (delimited text). Raises UnreadableFile for anything else."""
    if data.startswith((ZIP, OLE)):
        return "workbook"
    if data.startswith(PDF) or (CONTROL.search(data[:SAMPLE_BYTES]) and not encoding_by_shape(data)):
        raise UnreadableFile("The file is not a table: it holds no readable text.", do=ASK)
    head = data[:SAMPLE_BYTES]
    head = as_utf8(head) if encoding_by_shape(head) else head
    start = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:1]
    return "document" if start in (b"{", b"[") else "table"


def encoding_by_shape(data: bytes) -> str:
    """An encoding that shows in the bytes themselves: a byte-order mark, or the zero bytes of UTF-16; empty when none does."""
    for mark, name in BOMS:
        if data.startswith(mark):
            return name
    head = data[:2000].rstrip(b"\0")  # some systems fill up the last block of a file with zero bytes
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > len(head) // 4 else ""


def as_utf8(data: bytes) -> bytes:
    """The same text in UTF-8 without byte-order mark, line ends as they were (a lone carriage return becomes a line end)."""
    shape = encoding_by_shape(data)
    if shape == "utf-8":
        data = data[len(codecs.BOM_UTF8) :]
    elif shape:
        data = data.decode(shape, errors="replace").lstrip("\ufeff").encode()
    text = data if is_utf8(data) else decoded(data).encode()
    if b"\x00" in text:
        text = text.replace(b"\x00", b"")
    return text.replace(b"\r", b"\n") if b"\n" not in text and b"\r" in text else text


def is_utf8(data: bytes) -> bool:
    """True when the bytes are UTF-8 throughout."""
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decoded(data: bytes) -> str:
    """Text that is not UTF-8: Windows-1252, else whatever a sample looks like most. UTF-8 with a few bad bytes stays UTF-8."""
    repaired = data.decode("utf-8", errors="replace")
    bad = repaired.count("\ufffd")
    sample = repaired[:SAMPLE_BYTES]
    others = len(sample) - len(sample.encode("ascii", errors="ignore")) - sample.count("\ufffd")
    if others > bad:
        return repaired
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode(guessed(data), errors="replace")


def guessed(data: bytes) -> str:
    """The encoding a sample around the first strange byte looks like most; Latin-1 where nothing does."""
    from charset_normalizer import from_bytes

    first = next((place for place, byte in enumerate(data[: 4 * SAMPLE_BYTES]) if byte > 127), 0)
    best = from_bytes(data[max(0, first - 2000) : first + 6000]).best()
    return best.encoding if best else "latin-1"
