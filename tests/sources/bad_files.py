"""Bad files, made by this script: cut short, in strange encodings, packed as bombs, lying about themselves, and worse.

`python -m tests.sources.bad_files FOLDER` writes them. Each says how many of its rows are good and must land; None: it must be
refused whole. The good rows of every file are those of an account of its own, so none is taken for a row of another file.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.sources.bad_binaries import bad_papers, bad_workbooks, packed
from tests.sources.bad_file import CUTS, EITHER, MAGICS, MOVED, ROWS, TEXTS, BadFile, five, memo, records, whole_rows
from tests.sources.statement_files import camt053, mt940, ofx


def cut_texts() -> Iterator[BadFile]:
    for name, make in TEXTS.items():
        text = make()
        for share in CUTS:
            part = text[: int(len(text) * share)]
            whole = EITHER if name == "receipts.json" else whole_rows(name, part)
            yield BadFile(f"cut/{share}-{name}", part.encode(), whole or EITHER)


def encodings() -> Iterator[BadFile]:
    for name, make in TEXTS.items():
        text = make()
        for code in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252"):
            is_told_wrong = name == "bank.xml" and code in ("utf-16-le", "utf-16-be", "utf-32", "utf-16")  # says UTF-8 of itself
            data = text.replace("SHOP NUMBER 3", "CAFÉ NUMBER 3" if name != "bank.xml" else "SHOP NUMBER 3").encode(code)
            yield BadFile(f"encoded/{code}-{name}", data, EITHER if is_told_wrong else ROWS)
        yield BadFile(f"encoded/ebcdic-{name}", text.encode("cp037"), EITHER)
        broken = text.encode().replace(b"SHOP NUMBER 5", b"SHOP \xff\xfe\x80 5")
        yield BadFile(f"encoded/broken-{name}", broken, 4 if name == "bank.xml" else ROWS)


def strange_letters() -> Iterator[BadFile]:
    payees: dict[str, str] = {
        "formula": "=cmd|' /C calc'!A0",
        "plus": "+1+1",
        "minus": "-2+3",
        "at": "@SUM(A1)",
        "link": '=HYPERLINK(""http://x.example"")',
        "right-to-left": "\u202eSHOP\u202c",
        "mark": "\u200fSHOP\u200e",
        "isolate": "\u2066SHOP\u2069",
        "no width": "SH\u200bOP",
        "mark inside": "SH\ufeffOP",
        "flood of accents": "S" + "\u0301" * 1000,
        "line separator": "SHOP\u2028TWO",
        "next line": "SHOP\u0085TWO",
        "escape": "SHOP \x1b[31m",
        "markup": "<script>alert(1)</script>",
        "long": "X" * 100_000,
        "emoji": "SHOP 🧑‍🦽",
        "template": "{{ 7*7 }}",
        "query": "'; DROP TABLE landed.payments; --",
        "percent": "%s%n%x",
    }
    for name, payee in payees.items():
        data = memo(lambda day, payee=payee: f"{payee} {day}").encode()
        yield BadFile(f"letters/{name}.csv", data, EITHER if name == "escape" else ROWS)
    for name in ("formula", "right-to-left", "no width", "markup", "emoji"):
        shown = payees[name].replace("<", "&lt;").replace(">", "&gt;").replace("'", "&apos;")
        lines = tuple(replace(line, payee=f"{shown} {line.reference}") for line in MOVED)
        yield BadFile(f"letters/{name}.ofx", ofx(lines).encode(), ROWS)
        yield BadFile(f"letters/{name}.xml", camt053(lines).encode(), ROWS)


def nul_bytes() -> Iterator[BadFile]:
    for name in ("memo.csv", "five.csv", "bank.ofx", "bank.sta"):
        data = TEXTS[name]().encode()
        yield BadFile(f"nul/first-{name}", b"\0" + data, EITHER)
        yield BadFile(f"nul/middle-{name}", data.replace(b"SHOP NUMBER 5", b"SHOP\0NUMBER 5"), ROWS)
        yield BadFile(f"nul/after-{name}", data + b"\0" * 4096, ROWS)
        yield BadFile(f"nul/only-{name}", b"\0" * len(data))
        yield BadFile(f"nul/twice-{name}", data + b"\0" + data.replace(b"12345678", b"87654321"), EITHER)


def line_ends() -> Iterator[BadFile]:
    mixed = memo(end="\n").split("\n")
    ends = ("\r\n", "\n", "\r\n", "\n")
    yield BadFile("ends/mixed.csv", "".join(line + ends[place % 4] for place, line in enumerate(mixed) if line).encode(), ROWS)
    for name, end in {"cr": "\r", "lf": "\n", "crlf": "\r\n", "two": "\n\n", "many": "\n" * 50, "crcrlf": "\r\r\n"}.items():
        yield BadFile(f"ends/{name}-memo.csv", memo(end=end).encode(), ROWS)
        yield BadFile(f"ends/{name}-five.csv", five(end=end).encode(), EITHER if name == "many" else ROWS)  # header below line 60
    for end in ("\r", "\n"):
        yield BadFile(f"ends/{end!r}-bank.sta".replace("\\", ""), mt940(MOVED).replace("\r\n", end).encode(), ROWS)


def shapes() -> Iterator[BadFile]:
    good = memo(end="\n")
    head, *rows = good.strip().split("\n")
    yield BadFile("shape/unclosed quote.csv", good.replace("SHOP NUMBER 5", '"SHOP NUMBER 5').encode(), ROWS - 8)
    yield BadFile("shape/stray quote.csv", good.replace("SHOP NUMBER 5", 'SHOP "NUMBER" 5').encode(), ROWS)
    yield BadFile("shape/quotes.csv", good.replace("SHOP NUMBER 5", '"' * 200).encode(), EITHER)
    yield BadFile("shape/line in a cell.csv", good.replace("SHOP NUMBER 5", '"SHOP\nNUMBER 5"').encode(), ROWS)
    yield BadFile("shape/too many cells.csv", good.replace("SHOP NUMBER 5", "SHOP,NUMBER,5").encode(), ROWS - 1)
    yield BadFile("shape/too few cells.csv", good.replace(",DEB,SHOP NUMBER 5", "").encode(), ROWS - 1)
    yield BadFile("shape/5000 cells.csv", good.replace("SHOP NUMBER 5", "," * 5000).encode(), ROWS - 1)
    yield BadFile("shape/header again.csv", "\n".join([head, *rows[:6], head, *rows[6:], ""]).encode(), ROWS)
    yield BadFile("shape/header alone.csv", head.encode(), 0)
    yield BadFile("shape/header last.csv", "\n".join([*rows, head, ""]).encode(), 0)
    yield BadFile("shape/rows alone.csv", "\n".join(rows).encode())
    yield BadFile("shape/words above.csv", ("A statement\n" * 50 + good).encode(), ROWS)
    yield BadFile("shape/blank lines above.csv", ("\n" * 40 + good).encode(), ROWS)
    yield BadFile("shape/wide header.csv", (",".join(f"h{place}" for place in range(200_000)) + "\n1\n").encode())
    yield BadFile("shape/100000 blank lines.csv", (good + "\n" * 100_000).encode(), ROWS)
    yield BadFile("shape/empty.csv", b"")
    yield BadFile("shape/one byte.csv", b"x")
    yield BadFile("shape/blanks.csv", b" " * 10_000)
    yield BadFile("shape/quote only.csv", b'"')
    yield BadFile("shape/commas.csv", b"," * 100_000)
    yield BadFile("shape/one long line.csv", b"a" * 20_000_000)
    yield BadFile("shape/one long row.csv", (head + "\n" + "a," * 5_000_000).encode(), 0)
    yield BadFile("shape/same row twice.csv", (good + rows[0] + "\n").encode(), ROWS + 1)
    for name, amount in {
        "words": "ten",
        "huge": "9" * 400,
        "exponent": "1e400",
        "nan": "NaN",
        "three": "1.2.3",
        "arabic": "\u0661\u0662.\u0665\u0660",
    }.items():
        yield BadFile(f"shape/amount {name}.csv", good.replace("-5.25", amount).encode(), ROWS)
    for name, day in {
        "none": "",
        "far": "31/12/9999",
        "wrong": "31/02/2026",
        "old": "01/01/1066",
        "number": "46204",
        "long": "0" * 5000,
    }.items():
        yield BadFile(f"shape/day {name}.csv", good.replace("05/07/2026", day).encode(), ROWS)


def xml_bombs() -> Iterator[BadFile]:
    good = camt053(MOVED)
    laughs = '<!DOCTYPE l [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11)) + "]>"
    declared = good.index("<Document")
    for name, kind in {
        "laughs": laughs,
        "quadratic": f'<!DOCTYPE l [<!ENTITY a0 "{"x" * 100_000}">]>',
        "outside": '<!DOCTYPE l [<!ENTITY a0 SYSTEM "file:///etc/passwd">]>',
        "network": '<!DOCTYPE l [<!ENTITY a0 SYSTEM "http://127.0.0.1:9/x">]>',
        "parameter": '<!DOCTYPE l [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>',
        "dtd": '<!DOCTYPE l SYSTEM "http://127.0.0.1:9/x.dtd">',
    }.items():
        body = good[:declared] + kind + good[declared:].replace("SHOP NUMBER 1<", "&a0;<", 1)
        yield BadFile(f"xml/{name}.xml", body.encode())
        yield BadFile(f"xml/{name}-utf16.xml", body.replace("UTF-8", "UTF-16").encode("utf-16"))
    yield BadFile("xml/undeclared.xml", good.replace("SHOP NUMBER 5", "&nothing;").encode(), 4)
    yield BadFile("xml/deep.xml", ("<Document>" + "<a>" * 100_000).encode())
    yield BadFile("xml/deep inside.xml", good.replace("SHOP NUMBER 5", "<a>" * 100_000).encode(), 4)
    yield BadFile("xml/long text.xml", good.replace("SHOP NUMBER 5", "x" * 11_000_000).encode(), EITHER)
    yield BadFile("xml/long attribute.xml", f'<Document a="{"x" * 11_000_000}"/>'.encode())
    yield BadFile("xml/many attributes.xml", ("<Document " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>").encode())
    yield BadFile("xml/amp.xml", good.replace("SHOP NUMBER 5", "A & B").encode(), 4)
    yield BadFile("xml/wrong end.xml", good.replace("</Ntry>", "</Other>", 1).encode(), EITHER)
    yield BadFile("xml/no entries.xml", camt053(()).encode(), 0)
    yield BadFile("xml/comment.xml", good.replace("<Stmt>", "<!-- " + "x" * 1_000_000 + " --><Stmt>").encode(), ROWS)
    yield BadFile("xml/html.xml", b"<?xml version='1.0'?><html><body>Sign in</body></html>")
    yield BadFile("xml/svg.svg", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>")
    yield BadFile("xml/no amount.xml", good.replace('<Amt Ccy="GBP">5.25</Amt>', "", 1).encode(), ROWS - 1)
    yield BadFile("xml/words as amount.xml", good.replace(">5.25</Amt>", ">five</Amt>", 1).encode(), ROWS - 1)


def bad_statements() -> Iterator[BadFile]:
    good = ofx(MOVED)
    yield BadFile("ofx/not closed.ofx", good.replace("</STMTTRN>", "", 1).encode(), ROWS - 1)
    yield BadFile("ofx/no amount.ofx", good.replace("<TRNAMT>-5.25", "<TRNAMT>").encode(), ROWS - 1)
    yield BadFile("ofx/no day.ofx", good.replace("<DTPOSTED>20260705", "<DTPOSTED>July").encode(), ROWS - 1)
    yield BadFile("ofx/no list.ofx", good.replace("BANKTRANLIST", "X").encode(), ROWS)
    yield BadFile("ofx/no header.ofx", good[good.index("<OFX>") :].encode(), ROWS)
    yield BadFile("ofx/header alone.ofx", good[: good.index("<OFX>")].encode())
    yield BadFile("ofx/entities.ofx", good.replace("SHOP NUMBER 5", "&lol;" * 1000).encode(), ROWS)
    yield BadFile("ofx/many tags.ofx", (good + "<A>" * 500_000).encode(), ROWS)
    yield BadFile("ofx/small letters.ofx", good.lower().replace("gbp", "GBP").encode(), ROWS)
    swift = mt940(MOVED)
    yield BadFile("mt940/bad line.sta", swift.replace(":61:260705", ":61:26O705").encode(), ROWS - 1)
    yield BadFile("mt940/no account.sta", swift.replace(":25:", ":99:").encode(), ROWS)
    yield BadFile("mt940/bad balance.sta", swift.replace(":60F:C260630", ":60F:?").encode(), ROWS)
    yield BadFile("mt940/no words.sta", swift.replace(":86:", "").encode(), ROWS)
    yield BadFile("mt940/long words.sta", swift.replace("SHOP NUMBER 5", "x" * 5_000_000).encode(), ROWS)
    yield BadFile("mt940/many lines.sta", swift.replace("SHOP NUMBER 5", "x\r\n" * 200_000).encode(), ROWS)
    yield BadFile("mt940/two ends.sta", (swift + "-\r\n-}\r\n").encode(), ROWS)
    yield BadFile("mt940/header alone.sta", b":20:X\r\n:25:GB29NWBK12345612345678\r\n:60F:C260630GBP1,00\r\n", 0)


def bad_json() -> Iterator[BadFile]:
    good = json.loads(records())
    yield BadFile("json/deep.json", b"[" * 100_000)
    yield BadFile("json/deep objects.json", b'{"a":' * 100_000)
    yield BadFile("json/not records.json", b"[1, 2, 3]")
    yield BadFile("json/empty.json", b"[]")
    yield BadFile("json/comma.json", records()[:-2].encode() + b",]", EITHER)
    yield BadFile("json/nan.json", records().replace('"5.25"', "NaN").encode(), ROWS)
    yield BadFile("json/huge number.json", records().replace('"5.25"', "9" * 10_000).encode(), ROWS)
    yield BadFile("json/half a letter.json", records().replace("Shop", "Sh\\ud800op").encode(), ROWS)
    yield BadFile("json/null record.jsonl", (records(as_lines=True) + "null\n").encode(), ROWS)
    yield BadFile("json/broken record.jsonl", (records(as_lines=True) + '{"receipt_ref": \n').encode(), ROWS)
    yield BadFile("json/many keys.json", json.dumps([{**good[0], **{f"k{n}": 1 for n in range(50_000)}}]).encode(), 1)
    yield BadFile("json/list in a list.json", json.dumps([good]).encode())


def others() -> Iterator[BadFile]:
    yield BadFile("other/sign in.csv", b"<!doctype html><html><head><title>Sign in</title></head><body>Please sign in</body></html>")
    yield BadFile("other/letter.rtf", rb"{\rtf1\ansi Dear Sir}")
    yield BadFile("other/mail.eml", b"From: a@b.example\nSubject: statement\n\nplease find attached\n")
    yield BadFile("other/program.csv", b"MZ" + b"\0" * 100 + b"\x01\x02\x03" * 100)
    yield BadFile("other/program.elf", b"\x7fELF" + bytes(range(256)) * 20)
    yield BadFile("other/parquet.parquet", b"PAR1" + bytes(range(256)) * 20 + b"PAR1")
    yield BadFile("other/sqlite.db", b"SQLite format 3\0" + bytes(range(256)) * 20)
    for seed, magic in enumerate(MAGICS):
        yield BadFile(f"other/noise-{seed}.bin", magic + random.Random(seed).randbytes(5_000), EITHER)


PARTS = (
    cut_texts,
    encodings,
    strange_letters,
    nul_bytes,
    line_ends,
    shapes,
    xml_bombs,
    bad_statements,
    bad_json,
    bad_workbooks,
    packed,
    bad_papers,
    others,
)


def bad_files() -> Iterator[BadFile]:
    """Every bad file, its good rows those of an account (or receipts) of its own where its text can be changed so."""
    number = 20_000_000
    for part in PARTS:
        for made in part():
            number += 1
            yield replace(made, data=made.data.replace(b"12345678", str(number).encode()))


def write(folder: Path) -> dict[str, int | None]:
    """Write the corpus below a folder; returns the good rows of each."""
    told = {}
    for made in bad_files():
        path = folder / made.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.data)
        told[made.name] = made.good_rows
    return told


if __name__ == "__main__":
    sys.stdout.write(f"{len(write(Path(sys.argv[1])))} files\n")
