"""`phb-audit explain` and `report`: why a line was flagged, and where the newest night's pages are or what is made of them on demand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from phb_audit.cli.options import Home, Json, KnownOn, Lane, one_commissioner, past_of, say, settings_for
from phb_audit.errors import CLEAN, UsageError
from phb_audit.progress import note
from phb_audit.settings import Settings


def explain(
    ref: Annotated[str, Parameter(help="A reference of the report, a payment, a receipt or a flag.")],
    /,
    *,
    commissioner: str | None = None,
    home: Home = None,
    lane: Lane = "ordinary",
    known_on: KnownOn = None,
    picture: Annotated[Path | None, Parameter(help="Write the receipt's first page here: a .jpg file, or a folder for several.")] = None,
    as_json: Json = False,
) -> int:
    """Why a line was flagged, or why not: payment and receipt side by side, and every rule that was tried, with its numbers."""
    from phb_audit.assurance.what_would_change import asking
    from phb_audit.flagged.command import explain_ref
    from phb_audit.reports.receipts_explained import ReceiptsExplained, check_target

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    if picture is not None:
        check_target(picture)
    papers = ReceiptsExplained(settings, code, with_readings=known_on is None)
    if known_on is not None:
        from phb_audit.reports.since import past_notes

        with past_of(settings, code, known_on, ref, lane) as past:
            told = (past.warehouse, past_notes(settings, code, past))
            explain_ref(ref, settings=settings, commissioner_code=code, as_json=as_json, receipts=papers.told, as_known=told)
    else:
        would_change = asking(settings, code)
        explain_ref(
            ref, settings=settings, commissioner_code=code, as_json=as_json, would_change=would_change, lane=lane, receipts=papers.told
        )
    for path in papers.write(picture) if picture is not None else ():
        note(f"Picture: {path}")
    return CLEAN


def report(
    *,
    commissioner: str | None = None,
    home: Home = None,
    lane: Lane = "ordinary",
    file_format: Annotated[
        Literal["html", "pdf", "xlsx", "csv", "json"],
        Parameter(name="--format", help="html: where the night's page is; else the same items are written beside it in this format."),
    ] = "html",
    pictures: Annotated[
        bool, Parameter(help="Write the page anew with the pictures of receipts, opened from their sealed originals.", negative="")
    ] = False,
    as_json: Json = False,
) -> int:
    """Say where the newest flagged-item report and data-quality pages are; with --lane, --format or --pictures, write that file."""
    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    if pictures and (lane != "ordinary" or file_format != "html"):
        raise UsageError("Pictures stand only in the page for ordinary readers.", do="Give --pictures without --lane and --format.")
    if lane != "ordinary":
        from phb_audit.reports.lane_page import write_lane_page

        told: dict[str, str | None] = {"report": str(write_lane_page(settings, code, lane))}
    elif file_format != "html":
        from phb_audit.reports.flagged_files import write_flagged

        told = {"report": str(write_flagged(settings, code, file_format))}
    elif pictures:
        from phb_audit.reports.flagged_items import write_with_pictures

        told = {"report": str(write_with_pictures(settings, code))}
    else:
        told = _pages(settings, code)
    say(json.dumps(told, indent=1) if as_json else "\n".join(f"{name}: {path}" for name, path in told.items()))
    return CLEAN


def _pages(settings: Settings, code: str) -> dict[str, str | None]:
    from phb_audit.reports.status import status_of

    found = status_of(settings, code)
    if found.report is None:
        raise UsageError("No night has been published yet.", do="See `phb-audit status`.")
    return {"report": found.report, "quality_page": found.quality_page}
