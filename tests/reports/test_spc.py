"""Charts of process control agree with NHSRplotthedots to the last printed figure, and say what they say in words."""

from __future__ import annotations

import pytest

from phb_audit.reports.spc import Rules, in_shift, in_trend, p_chart, two_of_three, xmr

LEAP = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]  # the series of its vignette 'deviations'


def labels(size: int) -> list[str]:
    return [f"{2024 + place // 12}-{place % 12 + 1:02d}" for place in range(size)]


@pytest.mark.parametrize(("screened", "upper", "lower"), [(True, 4.6, -0.72), (False, 6.95, -3.06)])
def test_limits_are_those_of_nhsrplotthedots(screened: bool, upper: float, lower: float) -> None:
    chart = xmr(labels(18), LEAP, Rules(screened=screened))
    assert chart is not None
    assert round(chart.mean, 2) == 1.94
    assert {round(point.upper, 2) for point in chart.points} == {upper}
    assert {round(point.lower, 2) for point in chart.points} == {lower}
    assert [point.special for point in chart.points].count("outside") == 1
    assert chart.points[4].special == "outside"


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        ([], []),
        ([1] * 6, [0] * 6),
        ([1] * 6 + [-1], [0] * 7),
        ([1] * 8 + [-1], [1] * 8 + [0]),
        ([1] + [-1] * 8 + [1], [0] + [1] * 8 + [0]),
        ([0] * 8, [0] * 8),
    ],
)
def test_a_run_on_one_side_needs_seven(sides: list[int], expected: list[int]) -> None:
    assert in_shift(sides, 7) == [bool(one) for one in expected]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([1, 2, 3, 3, 4, 5, 6], [0] * 7),
        ([1, 2, 3, 4, 5, 6, 7], [1] * 7),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0] + [1] * 7 + [0]),
        ([7, 6, 5, 4, 3, 2, 1], [1] * 7),
    ],
)
def test_a_run_one_way_needs_seven(values: list[float], expected: list[int]) -> None:
    assert in_trend(values, 7) == [bool(one) for one in expected]


@pytest.mark.parametrize(
    ("near", "sides", "expected"),
    [
        ([1, 0, 1], [1, 1, 1], [1, 0, 1]),
        ([1, 1, 0], [-1, -1, -1], [1, 1, 0]),
        ([1, 0, 0, 1], [1, 1, 1, 1], [0, 0, 0, 0]),
        ([1, 0, 0, 1, 1], [1, 1, 1, 1, 1], [0, 0, 0, 1, 1]),
        ([1, 1, 0], [1, -1, 1], [0, 0, 0]),
    ],
)
def test_two_of_three_must_be_near_with_all_three_on_one_side(near: list[int], sides: list[int], expected: list[int]) -> None:
    assert two_of_three([bool(one) for one in near], sides) == [bool(one) for one in expected]


def test_run_lengths_are_settings_and_are_told() -> None:
    rising = [3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 2.0, 4.5, 2.0, 4.5, 2.0, 4.5, 3.2]
    five = xmr(labels(13), rising, Rules(trend=6, shift=9))
    seven = xmr(labels(13), rising)
    assert five is not None
    assert seven is not None
    assert [point.special for point in five.points[:6]] == ["trend"] * 6
    assert "trend" not in [point.special for point in seven.points]
    assert "6 points rising or falling" in five.rules.words
    assert "9 points on one side" in five.rules.words


def test_the_latest_point_decides_what_is_said_of_variation() -> None:
    quiet = xmr(labels(18), LEAP)
    leaping = xmr(labels(18), [*LEAP[5:], 1, 2, 1, 2, 10])
    assert quiet is not None
    assert leaping is not None
    assert quiet.variation == "usual variation"
    assert leaping.variation == "higher than usual"


def test_limits_of_a_p_chart_widen_where_little_was_counted() -> None:
    chart = p_chart(labels(3), [(10, 100), (2, 20), (50, 500)])
    assert chart is not None
    assert chart.mean == pytest.approx(0.1)
    assert [round(point.upper, 4) for point in chart.points] == [0.19, 0.3012, 0.1402]
    assert [point.lower for point in chart.points] == pytest.approx([0.01, 0.0, 0.0598], abs=1e-4)


def test_a_share_beyond_its_own_limits_is_special_though_another_month_had_it_too() -> None:
    counted = [(20, 200)] * 10 + [(8, 40), (80, 400)]
    chart = p_chart(labels(12), [(float(top), float(bottom)) for top, bottom in counted])
    assert chart is not None
    assert chart.points[10].special == ""
    assert chart.points[11].special == "outside"


def test_what_is_kept_back_is_no_point_and_is_named() -> None:
    chart = p_chart(labels(4), [(10, 100), None, (0, 0), (12, 100)])
    assert chart is not None
    assert [point.label for point in chart.points] == ["2024-01", "2024-04"]
    assert chart.missing == ("2024-02", "2024-03")
    assert chart.is_trial


def test_one_point_makes_no_chart() -> None:
    assert xmr(["2024-01"], [1.0]) is None
    assert p_chart(["2024-01", "2024-02"], [(1, 2), None]) is None
