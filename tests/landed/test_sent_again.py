"""A statement sent again in other words is one statement; lines that only look alike are all kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from phb_audit.landed.alike_words import Alike, of_words
from phb_audit.run import Run
from tests.landed.test_same_payments import Line, app, landed_lines, memo, night, send, signed, two_columns

SAID = [
    ("TESCO STORES 2231", 22_80),
    ("CAFE NERO", 3_20),
    ("CAFE NERO", 3_20),
    ("WAGES O EARNSHAW", 960_27),
    ("PAY J GREENHALGH", 960_27),
    ("NHS QZZ ICB PHB", -1483_34),
    ("SANDHAVEN LIVE-IN CARE LTD 0042", 664_51),
    ("LEEDS PHYSIO LTD", 45_00),
    ("BOOTS 1442", 12_00),
    ("YORKSHIRE WATER", 31_15),
]
Words = Callable[[str], str]
Write = Callable[[list[Line]], str]


def statement(said: list[tuple[str, int]], first: date = date(2026, 7, 1)) -> list[Line]:
    """A line every other day, the first three on one, with the balance after it."""
    balance, told = 5000_00, []
    for place, (words, pence) in enumerate(said):
        balance -= pence
        told.append((first + timedelta(days=2 * max(place - 2, 0)), words, pence, balance))
    return told


MONTH = statement(SAID)


def in_words(lines: list[Line], say: Words) -> list[Line]:
    return [(on, say(words), pence, balance) for on, words, pence, balance in lines]


def without_balance(lines: list[Line]) -> str:
    return signed(lines, has_balance=False, has_posted=False)


def numbers(lines: list[Line]) -> list[Line]:
    """What a bank prints that tells a kind and a number only."""
    return [(on, f"OUT{place:05d}", pence, balance) for place, (on, _, pence, balance) in enumerate(lines)]


WORDS: dict[str, Words] = {
    "a town after": lambda words: f"{words} LEEDS GB",
    "a reference after": lambda words: f"{words} REF 0071265",
    "a kind before": lambda words: f"CARD PAYMENT TO {words}",
    "cut": lambda words: words[:18].strip(),
    "small": str.lower,
    "nothing": lambda _: "",
}
WRITERS: dict[str, Write] = {"signed": signed, "no_balance": without_balance, "two_columns": two_columns, "memo": memo, "app": app}


@pytest.mark.parametrize("write", ["signed", "no_balance", "two_columns", "memo", "app"])
@pytest.mark.parametrize("say", WORDS)
@pytest.mark.parametrize("nights", [1, 2])
def test_a_statement_in_other_words_lands_once(run: Run, write: str, say: str, nights: int) -> None:
    send(run, a=signed(MONTH, has_posted=False))
    if nights == 2:
        night(run)
    send(run, b=WRITERS[write](in_words(MONTH, WORDS[say])))
    night(run, months=1)
    # Two persons whom the night before masked, and whose names are not found behind CARD PAYMENT TO: they stay, but for their balances.
    unknown = 2 if nights == 2 and say == "a kind before" and write not in {"signed", "two_columns"} else 0
    assert landed_lines(run) == (10 + unknown,) * 2


def remark(run: Run, name: str = "b.csv") -> str:
    return str(run.warehouse.frame("SELECT reason FROM landed.files WHERE file_name = $name", {"name": name}).item())


def test_what_was_known_again_is_counted_in_the_books_and_told_of_the_file(run: Run) -> None:
    corrected: Line = (MONTH[8][0], "BOOTS 1442", 13_00, 0)
    send(run, a=memo(MONTH))
    night(run)
    (run.inbox / "a.csv").unlink()
    send(run, b=signed([*in_words(MONTH[:8], WORDS["a town after"]), corrected, MONTH[9]], has_balance=False))
    totals = {total.item: total.rows for total in night(run, months=1).totals}
    assert totals == {"rows read": 10, "rows landed": 1, "rows sent before": 9}
    told = "9 lines here came before, told otherwise, with the same account, day and amount, and count once."
    told += " 1 line of the same days did not come before and landed. 1 line that came before for these days is not in this file."
    assert remark(run) == told
    assert landed_lines(run) == (11, 11)


@pytest.mark.parametrize("nights", [1, 2])
def test_words_that_tell_nothing_are_no_hindrance(run: Run, nights: int) -> None:
    send(run, a=without_balance(MONTH))
    if nights == 2:
        night(run)
    send(run, b=memo(numbers(MONTH)))
    night(run, months=1)
    assert landed_lines(run) == (10, 10)


def test_equal_balances_outweigh_any_words_and_other_names_without_them_stay(run: Run) -> None:
    others = [(on, f"{name} SHOP", pence, balance) for (on, _, pence, balance), name in zip(MONTH, "ABCDEFGHIJ", strict=True)]
    send(run, a=signed(MONTH, has_posted=False), b=two_columns(in_words(others, lambda words: f"XYZ {words}")))
    night(run)
    assert landed_lines(run) == (10, 10)
    send(run, c=memo(in_words(others, lambda words: f"QRS {words}")))
    night(run, months=1)
    assert landed_lines(run) == (20, 20)


@pytest.mark.parametrize(("lines", "landed"), [(2, 4), (3, 3)])
def test_three_equal_balances_are_enough(run: Run, lines: int, landed: int) -> None:
    some = MONTH[5 : 5 + lines]
    send(run, a=signed(some, has_posted=False), b=two_columns(numbers(some)))
    night(run)
    assert landed_lines(run) == (landed, landed)


def test_periods_that_overlap_share_the_days_of_both(run: Run) -> None:
    more = statement([*SAID, ("GREGGS", 4_10), ("ASDA", 18_02), ("LIDL", 7_77)])
    send(run, a=memo(MONTH))
    night(run)
    send(run, b=without_balance(in_words(more[2:], WORDS["a town after"])))
    night(run, months=1)
    assert landed_lines(run) == (13, 13)


def test_a_day_that_begins_or_ends_a_file_may_be_told_in_part(run: Run) -> None:
    later: Line = (MONTH[9][0], "ASDA", 18_02, 0)
    send(run, a=memo(MONTH))
    night(run)
    send(run, b=without_balance(in_words([*MONTH[2:], later], WORDS["a town after"])))
    night(run, months=1)
    assert landed_lines(run) == (13, 13)  # what differs on these two days lands, and what may be the same there too


def test_a_quarter_after_its_first_and_last_month_brings_the_month_between(run: Run) -> None:
    months = [statement(SAID, date(2026, month, 1)) for month in (7, 8, 9)]
    send(run, a=memo(months[0]), b=memo(months[2]))
    night(run)
    send(run, c=without_balance(in_words([line for lines in months for line in lines], WORDS["a town after"])))
    night(run, months=1)
    assert landed_lines(run) == (30, 30)


@pytest.mark.parametrize("nights", [1, 2])
def test_a_payment_more_in_the_second_file_lands(run: Run, nights: int) -> None:
    again: Line = (MONTH[0][0], "CAFE NERO", 3_20, 0)
    send(run, a=memo(MONTH))
    if nights == 2:
        night(run)
    send(run, b=without_balance(in_words([again, *MONTH], WORDS["a town after"])))
    night(run, months=1)
    assert landed_lines(run) == (11, 11)


def test_a_third_and_fourth_sending_stand_for_the_first(run: Run) -> None:
    again: Line = (MONTH[0][0], "CAFE NERO LEEDS GB", 3_20, 0)
    town = in_words(MONTH, WORDS["a town after"])
    send(run, a=memo(MONTH), b=without_balance(town), c=app([*town, again]))
    night(run)
    assert landed_lines(run) == (11, 11)
    send(run, d=two_columns(town).replace(" GB", "  GB"), e=memo(town[::-1]))
    night(run, months=1)
    assert landed_lines(run) == (11, 11)


def wages(name: str, pence: list[int]) -> list[Line]:
    return [(date(2026, 7, 3) + timedelta(days=7 * week), f"WAGES {name} WEEK {week}", sum_, 0) for week, sum_ in enumerate(pence)]


ALIKE = {
    "wages of one amount": (wages("O EARNSHAW", [200_00] * 6), wages("J GREENHALGH", [200_00] * 6)),
    "wages of many amounts": (wages("O EARNSHAW", [210_00, 190_00, 205_50, 180_00, 220_00, 170_00]), []),
    "two from one agency": (wages("SANDHAVEN CARE 0042", [20_00, 30_00, 40_00, 50_00, 60_00]), []),
    "two agencies": (wages("GREEN CARE", [20_00, 30_00, 40_00, 50_00, 60_00]), []),
    "one slip each": (MONTH[8:9], [(MONTH[8][0], "BOOTS OPTICIANS", 12_00, 0)]),
    "four lines": (MONTH[5:9], numbers(MONTH[5:9])),
    "one amount that tells nothing": (wages("", [5_00] * 8), numbers(wages("", [5_00] * 8))),
}
OTHER_NAMES = {"wages of many amounts": "J GREENHALGH", "two from one agency": "SANDHAVEN CARE 0043", "two agencies": "BLUE CARE"}


@pytest.mark.parametrize("case", ALIKE)
@pytest.mark.parametrize("nights", [1, 2])
def test_payments_that_only_look_alike_are_all_kept(run: Run, case: str, nights: int) -> None:
    ones, others = ALIKE[case]
    if case in OTHER_NAMES:
        others = wages(OTHER_NAMES[case], [pence for _, _, pence, _ in ones])
    send(run, a=memo(ones))
    if nights == 2:
        night(run)
    send(run, b=without_balance(others))
    night(run, months=1)
    assert landed_lines(run) == (len(ones) + len(others),) * 2


ONE_EACH = [
    ("WAGES O EARNSHAW", "WAGES J GREENHALGH", WORDS["a town after"]),
    ("GREEN CARE", "BLUE CARE", WORDS["a town after"]),
    ("GREEN CARE", "BLUE CARE", str),
    ("BOOTS", "BOOTS OPTICIANS", str),
    ("BOOTS", "BOOTS OPTICIANS", WORDS["cut"]),
    ("BOOTS", "", str),
]


@pytest.mark.parametrize(("one", "other", "say"), ONE_EACH)
@pytest.mark.parametrize("nights", [1, 2])
def test_a_payment_to_somebody_else_inside_the_same_statement_is_kept(run: Run, one: str, other: str, say: Words, nights: int) -> None:
    day = date(2026, 7, 5)
    send(run, a=memo([*MONTH, (day, one, 210_00, 0)]))
    if nights == 2:
        night(run)
    send(run, b=without_balance([*in_words(MONTH, say), (day, say(other), 210_00, 0)]))
    night(run, months=1)
    assert landed_lines(run) == (12, 12)


def test_the_same_payments_on_another_account_are_others(run: Run) -> None:
    send(run, a=memo(MONTH), b=without_balance(in_words(MONTH, WORDS["a town after"])).replace("12345678", "12345679"))
    night(run)
    assert landed_lines(run) == (20, 20)


def test_an_account_that_nobody_tells_is_never_compared(run: Run) -> None:
    send(
        run,
        a=memo(MONTH).replace("12-34-56 12345678", ""),
        b=without_balance(in_words(MONTH, WORDS["a town after"])).replace("12345678", ""),
    )
    night(run)
    assert landed_lines(run) == (20, 20)


def test_a_file_that_tells_half_of_the_statement_or_twice_as_much_stays_beside_it(run: Run) -> None:
    send(run, a=memo(MONTH), b=without_balance(in_words(MONTH[::2], WORDS["a town after"])))
    night(run)
    assert landed_lines(run) == (15, 15)


def test_another_balance_of_every_line_keeps_all(run: Run) -> None:
    send(run, a=signed(MONTH, has_posted=False), b=two_columns([(on, f"{words} GB", pence, 1_00 + b) for on, words, pence, b in MONTH]))
    night(run)
    assert landed_lines(run) == (20, 20)


@pytest.mark.parametrize(("time", "landed"), [("17:30", 20), ("08:00", 10), ("", 10)])
def test_another_time_of_day_keeps_a_line(run: Run, time: str, landed: int) -> None:
    said = memo(MONTH), memo(in_words(MONTH, WORDS["a town after"]))
    send(run, a=said[0].replace("/2026,", "/2026 08:00,"), b=said[1].replace("/2026,", f"/2026 {time},"))
    night(run)
    assert landed_lines(run) == (landed, landed)


@pytest.mark.parametrize(("write", "landed"), [(memo, 20), (without_balance, 10)])
def test_another_type_keeps_a_line_in_one_layout_only(run: Run, write: Write, landed: int) -> None:
    send(run, a=memo(MONTH), b=write(in_words(MONTH, WORDS["a town after"])).replace("Payment", "Refund"))
    night(run)
    assert landed_lines(run) == (landed, landed)


def test_cards_are_no_statements(run: Run) -> None:
    head = "Trace Id,Entry Type,Token,Tx Date,Bill Amount,MCC,Merchant Name\n"
    row = ",second presentment,tok_1,2026-07-{:02d} 08:00:00,{}.75,4111,{}\n"
    shops = ["TFL TRAVEL CH", "BOOTS", "ASDA", "LIDL", "GREGGS", "SPAR"]
    for name, say in (("a", "{}"), ("b", "{} LONDON")):
        send(run, **{name: head + "".join(row.format(day, day, say.format(shop)) for day, shop in enumerate(shops, 1))})
    night(run)
    assert landed_lines(run) == (12, 12)


def test_a_file_read_in_parts_is_not_judged(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for constant in ("sources.read.CHUNK_BYTES", "landed.night.BATCH_BYTES", "landed.night.READY_BYTES"):
        monkeypatch.setattr(f"phb_audit.{constant}", 300)
    send(run, a=memo(MONTH), b=without_balance(in_words(MONTH, WORDS["a town after"])))
    night(run)
    assert landed_lines(run) == (20, 20)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("TESCO STORES 2231", "CARD PAYMENT TO TESCO STORES 2231", Alike.SHORTER),
        ("SANDHAVEN LIVE-IN CARE LTD", "SANDHAVEN LIVE-IN CA", Alike.EQUAL),
        ("SANDHAVEN LIVE-IN CA", "BGC SANDHAVEN LIVE-IN CARE LTD", Alike.SHORTER),
        ("TESCO STORES 2231", "Tesco-Stores 2231", Alike.EQUAL),
        ("WAGES SMITH", "WAGES SMITHSON", Alike.OTHERS),
        ("WAGES SMITH", "PAY JONES", Alike.OTHERS),
        ("PAY A ORMEROD", "ORCHARD ORMEROD", Alike.UNSURE),
        ("HINCHLIFFE AND HIN", "ORCHARD HIN", Alike.UNSURE),
        ("A B", "TESCO STORES 2231", Alike.UNTOLD),
        ("GREEN CARE", "BLUE CARE", Alike.UNSURE),
        ("SANDHAVEN CARE 0042", "SANDHAVEN CARE 0043", Alike.OTHERS),
        ("CHQ 100123", "CHQ 100124", Alike.OTHERS),
        ("CHQ 100123", "CHEQUE 100123", Alike.UNTOLD),
        ("OUT00012", "TESCO STORES 2231", Alike.UNTOLD),
        ("", "TESCO STORES 2231", Alike.UNTOLD),
        ("AB", "TESCO STORES 2231", Alike.UNTOLD),
        ("GREEN DOOR GARDEN", "GREEN DOOR GARDENSHOP", Alike.EQUAL),
        ("GREEN DOOR GARDE", "GREEN DOOR GARDENSHOP", Alike.UNSURE),
        ("BGC GREEN DOOR GA", "GREEN DOOR GARDENS", Alike.SHORTER),
        ("BGC REEN DOOR GA", "REEN DOOR GARDENS", Alike.UNSURE),
    ],
)
def test_words_are_alike_from_two_payees_to_one(one: str, other: str, how: Alike) -> None:
    assert of_words(one, other) is how
    assert of_words(other, one) is {Alike.LONGER: Alike.SHORTER, Alike.SHORTER: Alike.LONGER}.get(how, how)


def test_of_words_of_one_length_neither_says_more() -> None:
    assert of_words("GREEN DOOR", "DOOR GREEN") is of_words("DOOR GREEN", "GREEN DOOR") is Alike.SHORTER
