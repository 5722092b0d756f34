"""One line of a statement is one row whatever the layout it comes in; equal lines that are two stay two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from phb_audit import landed
from phb_audit.run import Run, StageTotals
from tests.builders import make_run

ACCOUNT = "12-34-56", "12345678"
SHOP, COFFEE, CARE = "TESCO STORES 2231", "CAFE NERO", "SANDHAVEN LIVE-IN CARE LTD 0042"
# Day, words, pence out, balance in pence. Two equal coffees; two people paid the same wage on one day; money coming in.
LINES = [
    (date(2026, 7, 1), SHOP, 22_80, 1977_20),
    (date(2026, 7, 1), COFFEE, 3_20, 1974_00),
    (date(2026, 7, 1), COFFEE, 3_20, 1970_80),
    (date(2026, 7, 2), "WAGES O EARNSHAW", 960_27, 1010_53),
    (date(2026, 7, 2), "PAY J GREENHALGH", 960_27, 50_26),
    (date(2026, 7, 3), "NHS QZZ ICB PHB", -1483_34, 1533_60),
    (date(2026, 7, 4), CARE, 664_51, 869_09),
]
Line = tuple[date, str, int, int]


def pounds(pence: int) -> str:
    return f"{pence / 100:.2f}"


def signed(lines: list[Line], *, has_balance: bool = True, has_posted: bool = True) -> str:
    head = ["Sort Code", "Account Number", "Account Name", "Date", *(["Value Date"] if has_posted else []), "Transaction Type"]
    head += ["Description", "Amount", *(["Balance"] if has_balance else [])]
    rows = [head]
    for on, words, pence, balance in lines:
        posted = [f"{on + timedelta(days=2):%d/%m/%Y}"] if has_posted else []
        end = [pounds(balance)] if has_balance else []
        rows.append([*ACCOUNT, "Mr P Holder", f"{on:%d/%m/%Y}", *posted, "DEB", words, pounds(-pence), *end])
    return "".join(",".join(row) + "\n" for row in rows)


def two_columns(lines: list[Line], *, cut: int = 99) -> str:
    rows = ["Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance"]
    for on, words, pence, balance in lines:
        out, back = ("", pounds(-pence)) if pence < 0 else (pounds(pence), "")
        rows.append(f"{on:%d %b %Y},DEB,{','.join(ACCOUNT)},{words[:cut].strip()},{out},{back},{pounds(balance)}")
    return "\n".join(rows) + "\n"


def memo(lines: list[Line]) -> str:
    rows = ["Number,Date,Account,Amount,Subcategory,Memo"]
    rows += [f",{on:%d/%m/%Y},{' '.join(ACCOUNT)},{pounds(-pence)},Payment,{words}" for on, words, pence, _ in lines]
    return "\n".join(rows) + "\n"


def app(lines: list[Line]) -> str:
    rows = ["Transaction ID,Date,Time,Type,Name,Category,Amount,Currency,Description,Account number,Sort code"]
    for number, (on, words, pence, _) in enumerate(lines):
        rows.append(f"tx_{on}_{number},{on:%d/%m/%Y},10:00:00,DEB,{words},General,{pounds(-pence)},GBP,,{ACCOUNT[1]},{ACCOUNT[0]}")
    return "\n".join(rows) + "\n"


def send(run: Run, **files: str) -> None:
    for name, content in files.items():
        (run.inbox / f"{name}.csv").write_text(content)


def night(run: Run, months: int = 0) -> StageTotals:
    return landed.build(replace(run, as_of=date(2026, 10 + months, 28)))


def landed_lines(run: Run) -> tuple[int, int]:
    """Rows landed, and how many ids they have."""
    rows, ids = run.warehouse.frame("SELECT count(*), count(DISTINCT row_id) FROM landed.payments").row(0)
    return int(rows), int(ids)


WRITINGS = {
    "signed": signed(LINES),
    "without_balance": signed(LINES, has_balance=False),
    "without_posted_day": signed(LINES, has_posted=False),
    "two_columns": two_columns(LINES),
    "cut_words": two_columns(LINES, cut=18),
    "app": app(LINES),
}
ONE_LAYOUT = {"two_columns", "cut_words"}  # one layout cuts its words always or never
PAIRS = [pair for pair in permutations(WRITINGS, 2) if set(pair) != ONE_LAYOUT]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_statement_in_two_layouts_on_one_night_lands_once(run: Run, first: str, second: str) -> None:
    send(run, a=WRITINGS[first], b=WRITINGS[second])
    totals = {total.item: (total.rows, total.pence) for total in night(run).totals}
    pence = sum(line[2] for line in LINES)
    assert totals == {"rows read": (14, 2 * pence), "rows landed": (7, pence), "rows sent before": (7, pence)}
    assert landed_lines(run) == (7, 7)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_statement_in_another_layout_on_a_later_night_is_recognised(run: Run, first: str, second: str) -> None:
    send(run, a=WRITINGS[first])
    night(run)
    send(run, b=WRITINGS[second])
    night(run, months=1)
    assert landed_lines(run) == (7, 7)


@pytest.mark.parametrize("second", ["signed", "two_columns", "app"])
def test_layouts_that_overlap_by_some_days_share_those(run: Run, second: str) -> None:
    later: list[Line] = [*LINES[3:], (date(2026, 7, 9), SHOP, 22_80, 846_29)]
    send(run, a=signed(LINES), b={"signed": signed, "two_columns": two_columns, "app": app}[second](later))
    night(run)
    assert landed_lines(run) == (8, 8)


def test_three_layouts_and_a_later_night_still_land_once(run: Run) -> None:
    send(run, a=two_columns(LINES, cut=18), b=signed(LINES[:5], has_balance=False), c=app(LINES[1:]))
    night(run)
    send(run, d=two_columns(LINES[1:], cut=18), e=signed(LINES))
    night(run, months=1)
    assert landed_lines(run) == (7, 7)


def test_equal_lines_with_other_balances_in_two_files_are_two(run: Run) -> None:
    send(run, a=signed(LINES[1:2]), b=signed(LINES[2:3]))
    night(run)
    assert landed_lines(run) == (2, 2)
    send(run, c=signed(LINES[1:3]), d=signed(LINES[2:3], has_posted=False), e=signed(LINES[1:3], has_balance=False))
    night(run, months=1)
    assert landed_lines(run) == (2, 2)


def test_a_third_equal_line_that_only_one_layout_has_lands(run: Run) -> None:
    third: Line = (date(2026, 7, 1), COFFEE, 3_20, 1967_60)
    send(run, a=two_columns(LINES), b=signed([*LINES[:3], third, *LINES[3:]], has_balance=False))
    night(run)
    assert landed_lines(run) == (8, 8)


def test_lines_of_one_file_never_stand_for_one_another(run: Run) -> None:
    send(run, a=signed(LINES[1:2] * 3, has_balance=False))
    night(run)
    assert landed_lines(run) == (3, 3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GREEN CARE", "BLUE CARE"),
        ("AMAZON", "AMAZON MARKETPLACE"),  # too short to have been cut
        ("WAGES SMITH", "WAGES SMITHSON"),
        ("SANDHAVEN LIVE-IN CARE 0042", "SANDHAVEN LIVE-IN CARE 0043"),
    ],
)
@pytest.mark.parametrize("nights", [1, 2])
def test_equal_amounts_to_others_on_one_day_are_two(run: Run, one: str, other: str, nights: int) -> None:
    day = date(2026, 7, 1)
    send(run, a=signed([(day, one, 50_00, 100_00)], has_balance=False))
    if nights == 2:
        night(run)
    send(run, b=memo([(day, other, 50_00, 100_00)]))
    night(run, months=1)
    assert landed_lines(run) == (2, 2)


def test_another_balance_in_another_layout_is_another_line(run: Run) -> None:
    send(run, a=signed(LINES[1:2]), b=two_columns(LINES[2:3]))
    night(run)
    assert landed_lines(run) == (2, 2)


def test_rows_whose_amount_day_or_account_cannot_be_read_all_land(run: Run) -> None:
    good = two_columns(LINES[:1])
    send(run, a=good.replace("22.80", "22.8O"), b=signed(LINES[:1]).replace("-22.80", "n/a"), c=good.replace("12345678", ""))
    night(run)
    assert landed_lines(run) == (3, 3)
    send(run, d=good)
    night(run, months=1)
    assert landed_lines(run) == (4, 4)


def test_a_mended_detail_lands_again(run: Run) -> None:
    send(run, a=app(LINES[:1]).replace("tx_", "").replace("GBP", "EUR").replace("2026-07-01_0", ""))
    night(run)
    send(run, b=app(LINES[:1]).replace("2026-07-01_0", "").replace("tx_", ""))
    night(run, months=1)
    assert landed_lines(run) == (2, 2)


def test_words_told_in_one_column_or_two_are_the_same_words(run: Run) -> None:
    mapping = '[[layout]]\ncode = "{}"\nfeed = "bank"\namount_sign = "out"\n[layout.columns]\naccount_number = "Acc"\n'
    mapping += 'paid_on_text = "Day"\namount_text = "Sum{}"\npayee_text = "Payee"\n'
    (run.inbox / "mappings").mkdir()
    (run.inbox / "mappings" / "ours.toml").write_text(
        mapping.format("joined", "A") + mapping.format("split", "B") + 'description_text = "Why"\n' + mapping.format("bare", "C")
    )
    send(
        run,
        joined="Acc,Day,SumA,Payee\n1234567,01/07/2026,5.00,J SMITH WAGES WEEK 1\n1234567,01/07/2026,5.00,J SMITH WAGES WEEK 2\n",
        split="Acc,Day,SumB,Payee,Why\n1234567,01/07/2026,5.00,J SMITH,WAGES WEEK 2\n1234567,01/07/2026,5.00,J SMITH,WAGES WEEK 1\n",
    )
    night(run)
    assert landed_lines(run) == (2, 2)
    send(run, bare="Acc,Day,SumC,Payee\n1234567,01/07/2026,5.00,J Smith\n")
    night(run, months=1)
    assert landed_lines(run)[0] == 3  # the night before kept it as WAGES WEEK 1 of PERSON in one column: it cannot be told
    assert landed_lines(run)[1] == 3


def test_a_payee_with_and_without_further_words_is_the_same(run: Run) -> None:
    mapping = '[[layout]]\ncode = "{0}"\nfeed = "bank"\namount_sign = "out"\n[layout.columns]\naccount_number = "Acc"\n'
    mapping += 'paid_on_text = "Day"\namount_text = "Sum{0}"\npayee_text = "Payee"\n'
    (run.inbox / "mappings").mkdir()
    (run.inbox / "mappings" / "ours.toml").write_text(mapping.format("a") + 'description_text = "Why"\n' + mapping.format("b"))
    send(
        run,
        split="Acc,Day,Suma,Payee,Why\n1234567,01/07/2026,5.00,Blue Gym,Week 1\n1234567,01/07/2026,5.00,Blue Gym,Week 2\n",
        bare="Acc,Day,Sumb,Payee\n1234567,01/07/2026,5.00,BLUE GYM\n1234567,01/07/2026,5.00,BLUE GYM\n1234567,01/07/2026,5.00,BLUE GYMS\n",
    )
    night(run)
    assert landed_lines(run) == (3, 3)


def test_a_person_who_has_become_known_is_the_same_payee_in_another_layout(run: Run) -> None:
    day = date(2026, 7, 1)
    lines: list[Line] = [(day, "JANE SMITH", 50_00, 100_00), (day, "JOAN BROWN", 50_00, 50_00)]
    send(run, a=app(lines))
    night(run)
    send(run, b=signed(lines), people="Person Ref,Connected Name,Role,Relationship\n9990000018,Jane Smith,pa,friend\n")
    night(run, months=1)
    assert landed_lines(run) == (2, 2)


def test_the_answer_is_the_same_when_files_are_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [(date(2026, 7, 1) + timedelta(days=place % 5), COFFEE, 3_20, 100_00 * place) for place in range(60)]
    found = []
    for name, size in (("whole", 10**9), ("parts", 300)):
        for constant in ("sources.read.CHUNK_BYTES", "landed.night.BATCH_BYTES", "landed.night.READY_BYTES"):
            monkeypatch.setattr(f"phb_audit.{constant}", size)
        run = make_run(tmp_path / name)
        send(run, a=signed(many), b=two_columns(many[20:]), c=signed(many, has_balance=False), d=app(many))
        night(run)
        found.append(landed_lines(run))
    assert found == [(60, 60), (60, 60)]


def test_a_file_with_the_month_first_lands_on_its_own_days_and_one_with_both_is_refused(run: Run) -> None:
    late: Line = (date(2026, 7, 14), SHOP, 22_80, 846_29)
    said = memo([*LINES, late]).splitlines(keepends=True)
    american = "".join(
        line.replace(f"{on:%d/%m/%Y}", f"{on:%m/%d/%Y}") for line, on in zip(said[1:], [x[0] for x in [*LINES, late]], strict=True)
    )
    both = memo([late]) + said[-1].replace("14/07/2026", "07/14/2026")
    send(run, a=said[0] + american, c=both)
    night(run)
    paid_on = run.warehouse.frame("SELECT DISTINCT paid_on_text FROM landed.payments ORDER BY ALL")["paid_on_text"].to_list()
    assert paid_on == sorted({f"{on}" for on, *_ in [*LINES, late]})
    files = dict(run.warehouse.frame("SELECT file_name, concat(state_code, ' ', reason) FROM landed.files").rows())
    assert files["a.csv"].startswith("landed The file writes the month before the day")
    assert files["c.csv"].startswith("refused Dates under 'Date' are written both ways: line 3 has the month first, line 2 the day first")
