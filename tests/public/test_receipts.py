"""Real scanned receipts: most totals and days are right, and a wrong payment is not borne out. The figures: tests/evidence/measure.py."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from phb_audit.evidence.readings import readings
from phb_audit.evidence.verify import verify
from tests.evidence.measure import FOLDER, keys, pence_of, right_fields

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the receipts of ../shared/data/sroie_receipts are not here"),
    pytest.mark.skipif(find_spec("rapidocr") is None, reason="rapidocr is not installed: pip install 'phb-audit[ocr]'"),
]
HOW_MANY = 12


@pytest.mark.timeout(300)
def test_receipts_are_read_and_bear_out_only_their_own_payment() -> None:
    paths = sorted((FOLDER / "img").glob("*.jpg"))[1 : 2 * HOW_MANY : 2]
    read = {outcome.path.stem: outcome.reading for outcome in readings(paths, engine="rapidocr")}
    true = {name: key for name, key in keys().items() if name in read}
    fields = {name: right_fields(reading, true[name]) for name, reading in read.items() if reading is not None}
    assert len(fields) == HOW_MANY
    assert sum(told["total"] for told in fields.values()) >= HOW_MANY - 1
    assert sum(told["date"] for told in fields.values()) >= HOW_MANY - 1
    own = [verify(reading, pence=pence_of(true[name])).is_borne_out for name, reading in read.items() if reading is not None]
    assert sum(map(bool, own)) >= HOW_MANY - 1
    others = [
        verify(reading, pence=pence_of(true[other])).is_borne_out
        for name, reading in read.items()
        if reading is not None
        for other in true
        if pence_of(true[other]) != pence_of(true[name])
    ]
    assert sum(map(bool, others)) <= 0.04 * len(others)
