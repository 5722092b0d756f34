"""A bank's own formats give the same facts as its CSV; a bad line costs itself only."""

from __future__ import annotations

import logging
from decimal import Decimal

import pytest

from phb_audit.errors import UnreadableFile
from tests.sources.cells import KEY, cells, landed, recognised
from tests.sources.statement_files import LINES, Moved, camt053, mt940, ofx

XML_HEAD = '<?xml version="1.0"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'
FILES = {
    "ofx 1": ofx(),
    "ofx 2": ofx(closes_elements=True, header=XML_HEAD),
    "mt940": mt940(),
    "mt940 of swift": "{1:F01BANKGB2LAXXX}{2:O940}{4:\r\n" + mt940()[:-3] + "-}\r\n",
    "camt.053.001.02": camt053(),
    "camt.053.001.08": camt053(version="08"),
}
LAYOUTS = {"ofx": "bank_ofx", "mt9": "bank_mt940", "cam": "bank_camt053"}
REFUSED = "cannot be read"


@pytest.mark.parametrize("name", FILES)
def test_a_statement_gives_account_days_amounts_payees_and_words(name: str) -> None:
    found = recognised(FILES[name], name="x")
    assert (found.layout_code, found.feed) == (LAYOUTS[name[:3]], "bank")
    rows = landed(FILES[name])
    assert rows["account_ref"].unique().to_list() == [KEY.pseudonym("B", "12345612345678")]
    assert rows["amount_text"].to_list() == ["-3.20", "-45.00", "500.00"]
    assert rows["amount_sign_code"].unique().to_list() == ["in"]
    assert rows["payee_text"].to_list() == [line.payee for line in LINES]
    assert rows["description_text"].to_list() == [None, "INVOICE 7", "PHB JULY"]
    assert rows["reference_text"].to_list() == ["A1", "A2", "A3"]
    assert rows["currency_text"].unique().to_list() == ["GBP"]
    assert [day[:10] for day in rows["paid_on_text"]] == [line.on for line in LINES]
    assert rows["problem_text"].null_count() == 3


def test_kinds_of_line_are_told_in_the_words_of_uk_statements_or_not_at_all() -> None:
    kinds = {name: landed(text)["type_text"].to_list() for name, text in FILES.items()}
    assert kinds["ofx 1"] == ["DEB", None, "BGC"]
    assert kinds["mt940"] == [None, None, None]
    assert landed(FILES["mt940"].replace("NTRFA2", "NDDTA2"))["type_text"].to_list() == [None, "DD", None]
    assert kinds["camt.053.001.02"] == ["DEB", "FPO", "BGC"]


@pytest.mark.parametrize("name", ["mt940", "camt.053.001.02"])
def test_each_line_has_its_balance_and_the_last_the_one_told(name: str) -> None:
    assert landed(FILES[name])["balance_text"].to_list() == ["96.80", "51.80", "551.80"]


@pytest.mark.parametrize("make", [mt940, camt053])
def test_a_statement_that_does_not_add_up_shows_it_at_its_last_line(make: object) -> None:
    assert callable(make)
    assert landed(make(closing=Decimal("999.00")))["balance_text"].to_list() == ["96.80", "51.80", "999.00"]


def test_line_numbers_are_those_of_the_file() -> None:
    assert cells(FILES["ofx 1"])["line_number"].to_list() == [8, 9, 10]
    assert cells(FILES["mt940"])["line_number"].to_list() == [5, 7, 10]
    assert cells(FILES["camt.053.001.02"])["line_number"].to_list() == [5, 6, 7]


def test_a_bad_mt940_line_costs_itself_only_and_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    text = FILES["mt940"].replace(":61:2607020702D45,00", ":61:26O702D45,00")
    with caplog.at_level(logging.DEBUG):
        rows = cells(text)
    assert rows["amount_text"].to_list() == ["-3.20", None, "500.00"]
    assert [bool(problem) for problem in rows["problem_text"]] == [False, True, False]
    assert rows["balance_text"].to_list() == ["96.80", None, "551.80"]
    assert not caplog.records


def test_a_transaction_that_is_not_closed_costs_itself_only() -> None:
    text = FILES["ofx 1"].replace("</STMTTRN>", "", 1)
    assert [bool(problem) for problem in cells(text)["problem_text"]] == [True, False, False]
    cut = cells(FILES["ofx 1"][: FILES["ofx 1"].index("PHB JULY")])
    assert [bool(problem) for problem in cut["problem_text"]] == [False, False, True]


def test_an_mt940_file_cut_short_says_so_at_its_last_line() -> None:
    rows = cells(FILES["mt940"][: FILES["mt940"].index("HS WEST")])
    assert [bool(problem) for problem in rows["problem_text"]] == [False, False, True]


def test_damaged_xml_keeps_what_stands_whole_before_the_damage() -> None:
    text = FILES["camt.053.001.02"]
    rows = cells(text[: text.index("500.00</Amt>")])
    assert rows["amount_text"].to_list() == ["-3.20", "-45.00", None]
    assert rows["problem_text"].to_list()[:2] == [None, None]
    assert "damaged" in rows["problem_text"].to_list()[2]
    with pytest.raises(UnreadableFile, match="damaged at line 3"):
        recognised(text[:300])


def test_nothing_expands_and_nothing_outside_is_opened() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + "x" * 1000 + '"><!ENTITY c "&b;&b;&b;">]><Document>&c;</Document>'
    outside = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Document>&b;</Document>'
    for text in (bomb, outside):
        with pytest.raises(UnreadableFile, match="document type"):
            recognised(text)
        with pytest.raises(UnreadableFile, match="document type"):
            recognised(text.encode("utf-16"))


def test_an_element_of_an_impossible_name_is_damage_and_no_fault() -> None:
    damaged = FILES["camt.053.001.02"].replace("<GrpHdr>", "<D:61:t>").replace("</GrpHdr>", "</D:61:t>")
    assert cells(damaged)["amount_text"].to_list() == ["-3.20", "-45.00", "500.00", None]
    later = FILES["camt.053.001.02"].replace("LEEDS PHYSIO LTD", "<D:61:t>LEEDS</D:61:t>")
    assert cells(later)["amount_text"].to_list() == ["-3.20", "-45.00", "500.00", None]
    assert cells(later)["problem_text"].null_count() == 3


def test_xml_that_is_no_statement_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="no bank statement"):
        recognised('<?xml version="1.0"?><Document><Other/></Document>')
    with pytest.raises(UnreadableFile, match="no bank statement"):
        recognised("OFXHEADER:100\n\n<OFX><SIGNONMSGSRSV1></SIGNONMSGSRSV1></OFX>")


def test_a_pending_entry_is_not_taken_for_money_moved() -> None:
    rows = cells(FILES["camt.053.001.02"].replace("<Sts>BOOK</Sts>", "<Sts>PDNG</Sts>", 1))
    assert [bool(problem) for problem in rows["problem_text"]] == [True, False, False]


def test_a_batch_is_one_line_for_each_payment_that_tells_its_amount() -> None:
    one = "<NtryDtls><TxDtls>"
    two = "<NtryDtls><TxDtls><Amt>1.20</Amt><RmtInf><Ustrd>FIRST</Ustrd></RmtInf></TxDtls><TxDtls><Amt>2.00</Amt>"
    text = FILES["camt.053.001.02"].replace(one, two, 1)
    assert cells(text)["amount_text"].to_list()[:2] == ["-1.20", "-2.00"]
    assert cells(text.replace("<Amt>2.00", "<Amt>2.50"))["amount_text"].to_list()[0] == "-3.20"


def test_a_credit_taken_back_goes_out_and_a_debit_taken_back_comes_in() -> None:
    text = FILES["mt940"].replace("D3,20", "RD3,20").replace("C500,00", "RC500,00")
    assert cells(text)["amount_text"].to_list() == ["3.20", "-45.00", "-500.00"]


def test_persons_names_do_not_stay_in_the_row() -> None:
    line = Moved("2026-07-01", Decimal("-80.00"), "FPO", "MRS JANE EXAMPLE", "WAGES MR P SAMPLE", "B1")
    for text in (ofx([line]), mt940([line]), camt053([line])):
        row = str(landed(text).drop("sort_code", "account_number").row(0)).upper()
        assert "EXAMPLE" not in row
        assert "SAMPLE" not in row


def test_the_account_may_be_written_in_several_ways() -> None:
    for account in ("12-34-56 12345678", "12345612345678", "GB29 NWBK 1234 5612 3456 78"):
        assert landed(mt940(account=account))["account_ref"].unique().to_list() == [KEY.pseudonym("B", "12345612345678")]
