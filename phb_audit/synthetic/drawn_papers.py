"""Made-up receipts as somebody would send them in: a till receipt as a picture, an invoice as a PDF with text.

Both are written byte by byte, without packing and without fonts of the machine, so that the same paper gives the same bytes everywhere.
"""

from __future__ import annotations

import struct
import zlib
from datetime import date

from PIL import Image, ImageDraw, ImageFont

from phb_audit.synthetic.story import Receipt

WIDE, LEAD, TIMES = 300, 16, 2  # pixels before they are doubled: letters that are read well, in a few KB
AMOUNT_AT, MARGIN = 230, 14
LETTERS = 34  # of a description, before its amount
Row = tuple[str, str]


def rows_of(paper: Receipt) -> list[Row]:
    """What is printed: words, and an amount or nothing."""
    goods = [(words[:LETTERS], _money(total)) for words, _, _, total in paper.lines]
    day = date.fromordinal(paper.dated)
    head = [(paper.supplier, ""), (f"Date: {day:%d/%m/%Y}", ""), (f"Receipt No: {paper.invoice}", ""), ("", "")]
    return [
        *head,
        *goods,
        ("", ""),
        ("TOTAL", _money(paper.total)),
        (paper.method.upper(), _money(paper.total)),
        ("", ""),
        ("Thank you", ""),
    ]


def as_png(paper: Receipt) -> bytes:
    """Black on white, one bit a pixel."""
    rows, font = rows_of(paper), ImageFont.load_default_imagefont()
    drawn = Image.new("1", (WIDE, 2 * MARGIN + LEAD * len(rows)), 1)
    pen = ImageDraw.Draw(drawn)
    for number, (words, amount) in enumerate(rows):
        pen.text((MARGIN, MARGIN + LEAD * number), words, fill=0, font=font)
        pen.text((AMOUNT_AT, MARGIN + LEAD * number), amount, fill=0, font=font)
    large = drawn.resize((drawn.width * TIMES, drawn.height * TIMES), Image.Resampling.NEAREST)
    wide = (large.width + 7) // 8
    bits = large.tobytes()
    lines = b"".join(b"\0" + bits[wide * row : wide * (row + 1)] for row in range(large.height))
    head = struct.pack(">IIBBBBB", large.width, large.height, 1, 0, 0, 0, 0)
    parts = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(lines, 0)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def as_pdf(paper: Receipt) -> bytes:
    """One page with text in Courier, which every reader of PDFs has."""
    rows = rows_of(paper)
    high = 60 + 18 * len(rows)
    shown = []
    for number, (words, amount) in enumerate(rows):
        down = high - 40 - 18 * number
        shown += [f"1 0 0 1 {across} {down} Tm ({_escaped(said)}) Tj" for across, said in ((30, words), (260, amount)) if said]
    body = ("BT /F1 10 Tf " + "\n".join(shown) + " ET").encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 340 {high}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(body), body),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table) + tail


def _money(pence: int) -> str:
    return f"{pence / 100:,.2f}"


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
