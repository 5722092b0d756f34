"""Which files the app offers, to whom: every form of a night's list, the quality page, and packs for the committee too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from phb_audit.reports.flagged_files import write_flagged
from phb_audit.reports.pack_command import written_pack
from phb_audit.review.report_files import night_title, pack_title
from phb_audit.settings import Settings
from tests.review.world import CODE, desk_of, in_process, sign_in

pytestmark = pytest.mark.slow
RUN, PACK = "QZZ-2026-10-31", "QZZ-pack-2026-10-3-months"


@pytest.fixture
def written(own_settings: Settings) -> Settings:
    """A night's list as a workbook, and a pack of three months."""
    write_flagged(own_settings, CODE, "xlsx")
    written_pack(own_settings, CODE, month=None, months=3)
    return own_settings


def signed_in(settings: Settings, role: str) -> Iterator[TestClient]:
    with in_process(desk_of(settings)) as client:
        assert sign_in(client, role) == 303
        yield client


def test_a_reviewer_takes_the_workbook_and_the_pack_away(written: Settings) -> None:
    for client in signed_in(written, "clinician"):
        page = client.get("/reports").text
        assert "Committee pack, 3 months to October 2026" in page
        for name, run_id in (("flagged-items.xlsx", RUN), ("flagged-items.html", RUN), ("pack.pdf", PACK)):
            assert f'href="/reports/{run_id}/{name}"' in page
            assert client.get(f"/reports/{run_id}/{name}").status_code == 200


def test_the_committee_takes_packs_away_and_nothing_with_single_items(written: Settings) -> None:
    for client in signed_in(written, "governance"):
        page = client.get("/reports").text
        assert f'href="/reports/{PACK}/pack.pdf"' in page
        assert client.get(f"/reports/{PACK}/pack.pdf").content.startswith(b"%PDF")
        assert f'href="/reports/{RUN}' not in page
        for name in ("flagged-items.html", "flagged-items.xlsx", "data-quality.xlsx"):
            assert client.get(f"/reports/{RUN}/{name}").status_code == 404


def test_what_only_looks_like_one_is_none() -> None:
    assert night_title(RUN, CODE) == "Night of 31 October 2026"
    assert pack_title("QZZ-pack-2026-10", CODE) == "Committee pack, October 2026"
    assert pack_title("QZZ-pack-2026-09-outside", CODE) == "Committee pack, September 2026, to be shared outside"
    for stem in (f"{RUN}-with-pictures", "QYY-2026-10-31", "QZZ-2026-13-01", "QZZ", "QZZ-latest", "QZZ-2026-10-31.part"):
        assert night_title(stem, CODE) == ""
    for stem in ("QZZ-pack-2026-13", "QYY-pack-2026-10", "QZZ-pack-2026-10-inside", RUN, "QZZZ-pack-2026-10"):
        assert pack_title(stem, CODE) == ""


def test_a_file_of_another_name_beside_them_cannot_be_asked_for(written: Settings) -> None:
    secret = Path(written.home) / "reports" / CODE / f"{RUN}-with-pictures.html"
    secret.write_text("pictures")
    for client in signed_in(written, "auditor"):
        assert "with-pictures" not in client.get("/reports").text
        assert client.get(f"/reports/{RUN}-with-pictures/flagged-items.html").status_code == 404
