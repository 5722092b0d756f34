"""The few files pages load: styles and scripts, each by a name that stands here. Nothing else can be asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.responses import Response

from phb_audit.reports import page as report_page
from phb_audit.review.desk import Visit, not_found

OURS, REPORTS = Path(__file__).with_name("static"), report_page.HERE / "static"
CSS, SCRIPT = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
FILES = {
    "nhsuk.css": (OURS / "nhsuk.css", CSS),
    "page.css": (REPORTS / "page.css", CSS),
    "review.css": (OURS / "review.css", CSS),
    "nhsuk.js": (OURS / "nhsuk.js", SCRIPT),
    "htmx.js": (OURS / "htmx.js", SCRIPT),
    "review.js": (OURS / "review.js", SCRIPT),
}


@cache
def content_of(path: Path) -> bytes:
    """A file's bytes, read once."""
    return path.read_bytes()


def serve(visit: Visit) -> Response:
    """One of them."""
    found = FILES.get(visit.request.path_params["name"])
    if found is None:
        raise not_found()
    path, kind = found
    return Response(content_of(path), media_type=kind, headers={"Cache-Control": "public, max-age=3600"})
