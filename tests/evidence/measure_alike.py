"""How surely a picture sent again is known: `python -m tests.evidence.measure_alike [--read FOLDER]` over ../shared/data/sroie_receipts.

Each of the 60 scans is copied in eleven ways. How many bits may differ is chosen on every other receipt and counted on the rest; all 1,770
pairs of different receipts are tried. `--read` reads fifteen receipts of the rest and two kinds of copy of each (rapidocr), and asks for
everything that must agree; FOLDER keeps the readings.
"""

from __future__ import annotations

import io
import itertools
import random
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from phb_audit.evidence.alike import MOST_BITS, are_numbers_the_same, bits_apart, is_one_paper, mark_of, numbers_mark
from phb_audit.evidence.reading import Reading
from phb_audit.evidence.readings import readings
from phb_audit.evidence.verify import LIKE_SHARE, likeness
from tests.evidence.measure import FOLDER, in_words, keys, pence_of, plain

WANTED_SHARE = 0.97
TRIED_BITS = range(0, 22, 2)


def saved(picture: Image.Image, quality: int) -> Image.Image:
    """As a JPEG of that quality."""
    told = io.BytesIO()
    picture.save(told, "JPEG", quality=quality)
    return Image.open(io.BytesIO(told.getvalue())).convert("RGB")


def larger(picture: Image.Image, times: float) -> Image.Image:
    """So many times as wide and high."""
    return picture.resize((round(picture.width * times), round(picture.height * times)), Image.Resampling.BILINEAR)


def cut(picture: Image.Image, right: float = 0.02) -> Image.Image:
    """Two hundredths cut off on the left and above, and `right` on the other sides."""
    width, height = picture.size
    return picture.crop((int(width * 0.02), int(height * 0.02), width - int(width * right), height - int(height * right)))


def turned(picture: Image.Image, degrees: int, behind: int = 255) -> Image.Image:
    """Turned about its middle, with grey behind."""
    return picture.rotate(degrees, resample=Image.Resampling.BILINEAR, expand=True, fillcolor=(behind,) * 3)


def brighter(picture: Image.Image, times: float) -> Image.Image:
    """So many times as bright."""
    return ImageEnhance.Brightness(picture).enhance(times)


def photographed(picture: Image.Image) -> Image.Image:
    """On a brown table, a little askew, in uneven light, not quite sharp."""
    lot = random.Random(picture.width * 7919 + picture.height)
    edge = int(0.06 * min(picture.size))
    table = Image.new("RGB", (picture.width + 2 * edge, picture.height + 2 * edge), (120, 105, 90))
    table.paste(picture, (edge, edge))
    width, height = table.size
    off = [lot.uniform(0, 0.02) for _ in range(8)]
    corners = (off[0] * width, off[1] * height, off[2] * width, height - off[3] * height)
    corners += (width - off[4] * width, height - off[5] * height, width - off[6] * width, off[7] * height)
    askew = table.transform((width, height), Image.Transform.QUAD, corners, resample=Image.Resampling.BILINEAR)
    light = np.linspace(lot.uniform(0.75, 0.95), 1.05, width)[None, :, None]
    grain = np.random.default_rng(lot.randrange(10**6)).normal(0, 6, (height, width, 3))
    levels = np.clip(np.asarray(askew, dtype=np.float64) * light + grain, 0, 255)
    return saved(Image.fromarray(levels.astype("uint8")).filter(ImageFilter.GaussianBlur(1)), 70)


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved again, quality 40": lambda picture: saved(picture, 40),
    "half as wide": lambda picture: larger(picture, 0.5),
    "1.3 times as wide": lambda picture: larger(picture, 1.3),
    "cut by 2% on each side": cut,
    "cut by 2% left and above": lambda picture: cut(picture, 0),
    "turned by 1 degree": lambda picture: turned(picture, 1),
    "turned by 2 degrees": lambda picture: turned(picture, -2),
    "turned by 2 degrees, grey behind": lambda picture: turned(picture, 2, 90),
    "darker, 0.7": lambda picture: brighter(picture, 0.7),
    "brighter, 1.3": lambda picture: brighter(picture, 1.3),
    "photographed on a table": photographed,
}
READ = ("turned by 2 degrees", "photographed on a table")


def opened(path: Path) -> Image.Image:
    """A scan as bare pixels."""
    return Image.open(path).convert("RGB")


def pictures(paths: list[Path]) -> None:
    """Print what the marks alone tell: of copies, kind by kind, and of pairs of different receipts."""
    marks = [mark_of(opened(path)) for path in paths]
    apart = {
        name: [bits_apart(mark_of(copy(opened(path))), mark) for path, mark in zip(paths, marks, strict=True)]
        for name, copy in COPIES.items()
    }
    teachers = [bits for row in apart.values() for bits in row[::2]]
    chosen = next((most for most in TRIED_BITS if sum(bits <= most for bits in teachers) >= WANTED_SHARE * len(teachers)), TRIED_BITS[-1])
    print(f"Chosen on every other receipt (least bits with {WANTED_SHARE:.0%} of their copies): {chosen}; shipped: {MOST_BITS}")  # noqa: T201
    print("| copy | known, of the other receipts |\n|---|---:|")  # noqa: T201
    for name, row in apart.items():
        print(f"| {name} | {in_words(sum(bits <= MOST_BITS for bits in row[1::2]), len(row[1::2]))} |")  # noqa: T201
    rest = [bits for row in apart.values() for bits in row[1::2]]
    print(f"| all | {in_words(sum(bits <= MOST_BITS for bits in rest), len(rest))} |")  # noqa: T201
    true = keys()
    pairs = list(itertools.combinations(range(len(paths)), 2))
    near = [pair for pair in pairs if bits_apart(marks[pair[0]], marks[pair[1]]) <= MOST_BITS]
    told = [[true[paths[place].stem] for place in pair] for pair in near]
    one_shop = [pair for pair in told if plain(pair[0]["company"])[:8] == plain(pair[1]["company"])[:8]]
    agreeing = [pair for pair in told if pence_of(pair[0]) == pence_of(pair[1]) and pair[0]["date"] == pair[1]["date"]]
    print(f"Different receipts that look the same by the mark alone: {in_words(len(near), len(pairs))}; of one shop: {len(one_shop)}")  # noqa: T201
    print(f"The same with one total and day: {in_words(len(agreeing), len(pairs))}")  # noqa: T201


def agree(one: Reading, other: Reading) -> bool:
    """Do total, day and company of two readings agree, as the night asks?"""
    if not (one.total and other.total and one.day and other.day and one.company and other.company):
        return False
    is_company = likeness(one.company.value, other.company.value) >= LIKE_SHARE
    return (one.total.value, one.day.value) == (other.total.value, other.day.value) and is_company


def read_too(paths: list[Path], folder: Path) -> None:
    """Print how many copies are known when everything must agree, and how many different receipts have the same numbers."""
    first = {outcome.path.stem: outcome.reading for outcome in readings(paths, kept_in=folder / "kept") if outcome.reading}
    for kind in READ:
        made = []
        for path in paths:
            copy = folder / f"{path.stem}.png"
            COPIES[kind](opened(path)).save(copy)
            made.append(copy)
        again = {outcome.path.stem: outcome.reading for outcome in readings(made, kept_in=folder / "kept") if outcome.reading}
        known = [
            agree(first[name], reading)
            and is_one_paper(first[name].picture_mark, reading.picture_mark, numbers_mark(first[name].lines), numbers_mark(reading.lines))
            for name, reading in again.items()
        ]
        print(f"{kind}, read, everything agrees: {in_words(sum(known), len(paths))}", flush=True)  # noqa: T201
    numbers = [numbers_mark(reading.lines) for reading in first.values()]
    pairs = list(itertools.combinations(numbers, 2))
    print(f"Different receipts with the same numbers: {in_words(sum(are_numbers_the_same(*pair) for pair in pairs), len(pairs))}")  # noqa: T201


def main() -> None:
    """Print both parts."""
    if not FOLDER.is_dir():
        sys.exit("../shared/data/sroie_receipts is not here.")
    paths = sorted((FOLDER / "img").glob("*.jpg"))
    pictures(paths)
    if "--read" in sys.argv:
        folder = Path(sys.argv[sys.argv.index("--read") + 1])
        folder.mkdir(parents=True, exist_ok=True)
        read_too(paths[1::4], folder)


if __name__ == "__main__":
    main()
