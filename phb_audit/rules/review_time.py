"""Review time: how many minutes people have, and how many an item takes (`data/reference/review_time.toml`, or the home's own)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from phb_audit.errors import UsageError
from phb_audit.settings import Settings, read_toml, shipped

NAME = "review_time.toml"
TO_BE_READ = "to_be_read"


@dataclass(frozen=True)
class ReviewTime:
    """Minutes a week, the share of them for purchases drawn by chance, and the minutes of an item by what it proposes."""

    minutes_a_week: float
    random_share: float
    kept_back_share: float
    minutes: Mapping[str, float]


def review_time(settings: Settings) -> ReviewTime:
    """The shipped values with the installation's own over them. Raises UsageError for an unknown name or a value out of bounds."""
    known = read_toml(shipped("reference") / NAME)
    own = read_toml(settings.home / NAME) if (settings.home / NAME).is_file() else {}
    strangers = [*(own.keys() - known.keys()), *(own.get("minutes", {}).keys() - known["minutes"].keys())]
    if strangers:
        raise UsageError(f"{NAME} names {', '.join(sorted(strangers))}, which nothing reads.", do=f"Use the names of the shipped {NAME}.")
    merged = {**known, **own, "minutes": {**known["minutes"], **own.get("minutes", {})}}
    return _checked(merged)


def _checked(values: Mapping[str, Any]) -> ReviewTime:
    minutes = {name: float(value) for name, value in values["minutes"].items()}
    time = ReviewTime(float(values["minutes_a_week"]), float(values["random_share"]), float(values["kept_back_share"]), minutes)
    if time.minutes_a_week <= 0 or min(minutes.values()) <= 0:
        raise UsageError(f"{NAME} has minutes of nought or less.", do="An item takes some time, and a week has some.")
    if not 0 <= time.random_share < 1 or not 0 <= time.kept_back_share <= 1:
        raise UsageError(f"{NAME} has a share out of bounds.", do="Write shares from 0 to 1.")
    return time
