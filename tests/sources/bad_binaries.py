"""Bad files that are no text: workbooks, packed files, PDFs and pictures, spoilt or lying about themselves."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import xlsxwriter
from PIL import Image
from pypdf import PdfWriter

from tests.sources.bad_file import CUTS, EITHER, EMPTY_ZIP, ROWS, BadFile, memo


def workbook(rows: int = ROWS, extra: Callable[[xlsxwriter.Workbook], None] = lambda book: None) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("Data")
        for place, line in enumerate(memo(end="\n").strip().split("\n")[: rows + 1]):
            sheet.write_row(place, 0, line.split(","))
        extra(book)
    return made.getvalue()


def repacked(data: bytes, change: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.pop(name, None) or old.read(name))
        for name, content in change.items():
            new.writestr(name, content)
    return out.getvalue()


def bad_workbooks() -> Iterator[BadFile]:
    good = workbook()
    for share in CUTS:
        yield BadFile(f"xlsx/cut-{share}.xlsx", good[: int(len(good) * share)], EITHER)
    sheet = "xl/worksheets/sheet1.xml"
    far = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    yield BadFile("xlsx/far cell.xlsx", repacked(good, {sheet: far}))
    yield BadFile(
        "xlsx/far cell lied about.xlsx", repacked(good, {sheet: far.replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>')}), EITHER
    )
    yield BadFile("xlsx/bomb.xlsx", repacked(good, {"xl/sharedStrings.xml": b" " * (410 * 2**20)}))
    yield BadFile("xlsx/macros.xlsm", repacked(good, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"x" * 10_000}), ROWS)
    yield BadFile("xlsx/no sheet.xlsx", repacked(good, {sheet: b"nothing"}), EITHER)
    yield BadFile("xlsx/laughs.xlsx", repacked(good, {sheet: b'<!DOCTYPE l [<!ENTITY a "x">]><worksheet>&a;</worksheet>'}), EITHER)
    yield BadFile("xlsx/outer path.xlsx", repacked(good, {"../../outside.txt": b"x"}), ROWS)
    yield BadFile("xlsx/formulas.xlsx", workbook(extra=lambda book: book.add_worksheet().write_formula(0, 0, "=1+1")), ROWS)
    yield BadFile("xlsx/zip.xlsx", repacked(EMPTY_ZIP, {"a.txt": b"x"}))
    yield BadFile("xlsx/letter.docx", repacked(EMPTY_ZIP, {"word/document.xml": b"<w/>", "[Content_Types].xml": b"<Types/>"}))
    yield BadFile("xlsx/many files.zip", repacked(EMPTY_ZIP, {f"{n}.csv": b"x" for n in range(20_000)}))
    yield BadFile("xlsx/wrong sum.xlsx", good.replace(good[60:64], b"\0\0\0\0", 1), EITHER)
    yield BadFile("xlsx/locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4096)
    for seed in range(4):
        noise = random.Random(seed).randbytes(20_000)
        yield BadFile(f"xls/noise-{seed}.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise)


def packed() -> Iterator[BadFile]:
    good = gzip.compress(memo().encode())
    yield BadFile("gz/good twice.csv.gz", good + gzip.compress(b""), ROWS)
    for share in CUTS:
        yield BadFile(f"gz/cut-{share}.csv.gz", good[: int(len(good) * share)])
    yield BadFile("gz/bomb.csv.gz", gzip.compress(b"\0" * (300 * 2**20)))
    yield BadFile("gz/bomb of rows.csv.gz", gzip.compress(memo().encode() + b"1,01/07/2026,12-34-56 12345678,-1.00,DEB,SHOP\n" * 3_000_000))
    yield BadFile("gz/twice packed.csv.gz", gzip.compress(good))
    yield BadFile("gz/wrong sum.csv.gz", good[:-8] + b"\0" * 8)
    yield BadFile("gz/tail.csv.gz", good + b"tail", ROWS)
    yield BadFile("gz/zlib.csv", zlib.compress(memo().encode()))


def pdf(change: Callable[[PdfWriter], object] = lambda writer: None, pages: int = 1) -> bytes:
    writer, made = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    change(writer)
    writer.write(made)
    return made.getvalue()


def picture(form: str, size: tuple[int, int] = (40, 40)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "white").save(made, form)
    return made.getvalue()


def lying_png(width: int, height: int, body: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def bad_papers() -> Iterator[BadFile]:
    good = pdf()
    for share in (0.02, 0.3, 0.6, 0.95):
        yield BadFile(f"pdf/cut-{share}.pdf", good[: int(len(good) * share)], EITHER)
    yield BadFile("pdf/locked.pdf", pdf(lambda writer: writer.encrypt("secret")))
    yield BadFile("pdf/no pages.pdf", pdf(pages=0), EITHER)
    yield BadFile("pdf/words alone.pdf", b"%PDF-1.7\nnothing")
    yield BadFile("pdf/pages in a ring.pdf", good.replace(b"/Kids [ 4 0 R ]", b"/Kids [ 1 0 R ]"), EITHER)
    for form in ("JPEG", "PNG", "WEBP", "TIFF"):
        data = picture(form)
        for share in (0.1, 0.5, 0.9):
            yield BadFile(f"picture/cut-{share}.{form.lower()}", data[: int(len(data) * share)], EITHER)
    for width, height in ((60_000, 60_000), (2**31 - 1, 1), (1, 2**31 - 1), (0, 0), (20_000, 20_000)):
        yield BadFile(f"picture/lies-{width}x{height}.png", lying_png(width, height))
    yield BadFile("picture/short.png", lying_png(400, 400), EITHER)
    yield BadFile("picture/gif.gif", picture("GIF"))
    yield BadFile("picture/bmp.bmp", picture("BMP"))
    yield BadFile("picture/heic.heic", b"\0\0\0\x18ftypheic" + b"\0" * 2000)
    yield BadFile("picture/text.jpg", b"\xff\xd8\xff no picture at all")
    yield BadFile("picture/tiff ring.tiff", b"II*\x00\x08\x00\x00\x00" + b"\0\0" + struct.pack("<I", 8))
