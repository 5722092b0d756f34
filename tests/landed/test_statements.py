"""Statements in a bank's own format land in the same books as its CSV."""

from __future__ import annotations

from phb_audit import landed
from phb_audit.run import Run
from tests.landed.test_build import books, count, files, send
from tests.sources.statement_files import LINES, camt053, mt940, ofx

CSV = "Sort Code,Account Number,Account Name,Date,Value Date,Transaction Type,Description,Amount,Balance\n" + "".join(
    f"12-34-56,12345678,MRS J EXAMPLE,{line.on},,{line.kind},{line.payee},{line.amount},\n" for line in LINES
)
PENCE = -451_80


def test_the_books_of_each_format_balance(run: Run) -> None:
    for place, text in enumerate((ofx(), mt940(), camt053())):
        send(run, **{f"account{place}/statement": text.replace("12345678", f"1234567{place}")})
    assert books(landed.build(run)) == {"rows read": (9, 3 * PENCE), "rows landed": (9, 3 * PENCE), "rows sent before": (0, 0)}
    assert sorted(str(row["layout_code"]) for row in files(run).values()) == ["bank_camt053", "bank_mt940", "bank_ofx"]


def test_the_same_lines_in_several_formats_land_once(run: Run) -> None:
    send(run, a_csv=CSV, **{"b.ofx": ofx(), "c.sta": mt940(), "d.xml": camt053()})
    assert books(landed.build(run)) == {"rows read": (12, 4 * PENCE), "rows landed": (3, PENCE), "rows sent before": (9, 3 * PENCE)}
    assert count(run) == 3


def test_a_refused_format_is_told_with_its_reason(run: Run) -> None:
    send(run, **{"x.xml": "<?xml version='1.0'?><!DOCTYPE a><Document/>", "good.sta": mt940()})
    assert books(landed.build(run))["rows landed"] == (3, PENCE)
    assert "document type" in str(files(run)["x.xml"]["reason"])
