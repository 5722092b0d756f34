"""Do two papers look like one picture, sent again smaller, cut, turned, darker or photographed anew? And are their numbers the same?

A picture's mark is a discrete cosine transform of its paper, 63 bits for each of ten ways of holding it (turned by up to two degrees,
the edge cut or not): the bits that differ are counted for the best of the ways. Receipts of one shop look alike, so a mark alone says
nothing: numbers printed (receipt numbers, times of day) and what was read must agree as well.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.fft import dctn

Bits = npt.NDArray[np.uint64]
Grey = npt.NDArray[np.float64]

TURNS = (0, -1, 1, -2, 2)
CUTS = (0.0, 0.02)
LONG_SIDE, SQUARE, KEPT = 256, 32, 8
PAPER_SHARE, LEAST_SHARE = 0.72, 0.6
"""A picture's paper is brighter than so much of its brightest parts; an edge is taken off only where so much of each side is left."""
LEAST_SPREAD = 2.0
"""Grey levels by which a page must vary to have a mark: a blank one is like every other."""
HEX = 16
MOST_BITS = 8
"""Of 63: papers that differ by more are no copies."""
LEAST_DIGITS, MOST_NUMBERS = 3, 80
NUMBER = re.compile(r"\d[\d.,:/-]*\d")
CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?!\d)")
MONEY = re.compile(r"\d{1,3}(?:,?\d{3})*[.,]\d\d")
LEAST_SHARED, SHARED_SHARE = 3, 0.75
"""Numbers that two papers with the same time of day must share, and of the paper with fewer so much."""
LEAST_EQUAL = 6
"""Numbers there must be, each the same on both, where no time of day was read on one of them."""


def mark_of(picture: Image.Image) -> str:
    """The picture's mark, 16 hex digits for each way of holding it, the plain way first; empty for a blank page."""
    grey = _paper(_small(picture))
    if float(np.asarray(grey, dtype=np.float64).std()) < LEAST_SPREAD:
        return ""
    return "".join(f"{_bits(_cut(_turned(grey, degrees), share)):016x}" for degrees in TURNS for share in CUTS)


def bits_apart(one: str, other: str) -> int:
    """How many of 63 bits differ between two marks, the plain way of one held against every way of the other."""
    mine, theirs = _ways(one), _ways(other)
    return int(min(np.bitwise_count(mine[0] ^ theirs).min(), np.bitwise_count(theirs[0] ^ mine).min()))


def numbers_mark(lines: Iterable[str]) -> str:
    """Times of day (`t0942`) and numbers that are no amounts (`n`, a hash of all but the last two digits, and these), in order.

    Hashes, for an account's or a card's number may be printed; the last digits stand open, because papers numbered one after the other
    differ in them.
    """
    found = set()
    for line in lines:
        found |= {f"t{int(hour) % 12:02d}{minute}" for hour, minute in CLOCK.findall(line)}
        for number in NUMBER.findall(line):
            digits = re.sub(r"\D", "", number)
            if len(digits) >= LEAST_DIGITS and not MONEY.fullmatch(number):
                found.add(f"n{zlib.crc32(digits[:-2].encode()) & 0xFFFFF:05x}{digits[-2:]}")
    return " ".join(sorted(found)[-MOST_NUMBERS:])


def are_numbers_the_same(one: str, other: str) -> bool:
    """Do the numbers of two papers tell one paper? Another time, or a number with other last digits, says that they are two."""
    (times, mine), (other_times, theirs) = _parted(one), _parted(other)
    has_times = bool(times and other_times)
    shared = mine & theirs
    if (has_times and times != other_times) or {number[:-2] for number in mine - shared} & {number[:-2] for number in theirs - shared}:
        return False
    if has_times:
        return len(shared) >= max(LEAST_SHARED, SHARED_SHARE * min(len(mine), len(theirs)))
    return len(shared) >= LEAST_EQUAL and mine == theirs


def _parted(mark: str) -> tuple[set[str], set[str]]:
    """Times and numbers."""
    every = set(mark.split())
    times = {one for one in every if one.startswith("t")}
    return times, every - times


def is_one_paper(one_picture: str, other_picture: str, one_numbers: str, other_numbers: str) -> bool:
    """Do two pictures look the same, with the same numbers on them?"""
    return bits_apart(one_picture, other_picture) <= MOST_BITS and are_numbers_the_same(one_numbers, other_numbers)


def _ways(mark: str) -> Bits:
    return np.array([int(mark[start : start + HEX], 16) for start in range(0, len(mark), HEX)], dtype=np.uint64)


def _small(picture: Image.Image) -> Image.Image:
    grey = picture.convert("L")
    share = min(1.0, LONG_SIDE / max(grey.size))
    return grey.resize((max(8, round(grey.width * share)), max(8, round(grey.height * share))), Image.Resampling.BOX)


def _paper(grey: Image.Image) -> Image.Image:
    """Without the table it lies on: rows and columns at the edge that are mostly darker than paper are taken off."""
    levels = np.asarray(grey, dtype=np.float64)
    is_light = levels > PAPER_SHARE * np.percentile(levels, 95)
    top, bottom = _ends(is_light.mean(axis=1))
    left, right = _ends(is_light.mean(axis=0))
    is_whole = bottom - top >= LEAST_SHARE * grey.height and right - left >= LEAST_SHARE * grey.width
    return grey.crop((left, top, right, bottom)) if is_whole else grey


def _ends(light: Grey) -> tuple[int, int]:
    inside = np.flatnonzero(light >= 0.5 * np.percentile(light, 80))
    return int(inside[0]), int(inside[-1]) + 1


def _turned(grey: Image.Image, degrees: int) -> Image.Image:
    if degrees == 0:
        return grey
    behind = int(np.percentile(np.asarray(grey), 90))
    return grey.rotate(degrees, resample=Image.Resampling.BILINEAR, fillcolor=behind)


def _cut(grey: Image.Image, share: float) -> Image.Image:
    if share == 0:
        return grey
    across, down = max(1, round(grey.width * share)), max(1, round(grey.height * share))
    return grey.crop((across, down, grey.width - across, grey.height - down))


def _bits(grey: Image.Image) -> int:
    """Which of the slowest waves of the picture are stronger than the middle one, but for its brightness."""
    levels = np.asarray(grey.resize((SQUARE, SQUARE), Image.Resampling.BOX), dtype=np.float64)
    waves = dctn(levels, norm="ortho")[:KEPT, :KEPT].ravel()[1:]
    return int("".join("1" if wave > np.median(waves) else "0" for wave in waves), 2)
