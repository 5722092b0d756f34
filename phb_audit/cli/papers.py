"""`phb-audit read-receipt`, `pair` and `account`: what papers say, which payment they belong to, and which are missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from phb_audit.cli.options import Home, Json, KnownOn, day_of, one_commissioner, pence_of, say, settings_for
from phb_audit.errors import CLEAN, UsageError
from phb_audit.progress import note


def read_receipt(
    *files: Annotated[Path, Parameter(help="Pictures (JPEG, PNG, WebP, TIFF) or PDFs.")],
    expect_amount: Annotated[str | None, Parameter(help="The bank's amount: is it on this paper?")] = None,
    expect_date: Annotated[str | None, Parameter(help="The day of the payment (YYYY-MM-DD): is a day near it on this paper?")] = None,
    expect_name: Annotated[str | None, Parameter(help="The payee as the bank wrote it: is the paper headed like that?")] = None,
    engine: Annotated[str | None, Parameter(help="rapidocr or tesseract (default: the best that is installed).")] = None,
    home: Home = None,
    again: Annotated[bool, Parameter(help="Read anew, though a reading of this very file is kept.", negative="")] = False,
    as_json: Json = False,
) -> int:
    """Read receipts and invoices: company, date, total, VAT and lines, each with how sure and where; do they bear out a payment?"""
    from phb_audit.evidence.command import read_receipts

    if not files:
        raise UsageError("No file was named.", do="phb-audit read-receipt FILE...")
    return read_receipts(
        files,
        pence=pence_of(expect_amount, "--expect-amount") if expect_amount is not None else None,
        on=day_of(expect_date, "--expect-date") if expect_date else None,
        name=expect_name,
        engine=engine,
        kept_in=None if again else settings_for(home).home / "readings",
        as_json=as_json,
        say=say,
        note=note,
    )


def pair(
    payment: Annotated[str, Parameter(help="The payment, as `phb-audit explain` names it.")],
    receipt: Annotated[str, Parameter(help="The receipt, as `phb-audit explain` names it.")],
    /,
    *,
    apart: Annotated[bool, Parameter(help="They do not belong together: never offer them again.", negative="")] = False,
    because: Annotated[str, Parameter(help="Why, in a few words.")] = "",
    by: Annotated[str, Parameter(help="Name of the person who says so.")],
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Record that a payment and a receipt belong together, or (--apart) do not; the next night keeps to it, and learns the names."""
    from phb_audit.cases.receipt_pairs import decide_pair

    settings = settings_for(home)
    whose = one_commissioner(settings, commissioner)
    decide_pair(settings, whose, (payment, receipt), is_together=not apart, reason=because, by=by)
    say(f"Recorded: {payment} and {receipt} {'do not ' if apart else ''}belong together. The next night reads it.")
    return CLEAN


def account(
    ref: Annotated[str, Parameter(help="A holder or an account, as the report names it.")],
    /,
    *,
    commissioner: str | None = None,
    home: Home = None,
    known_on: KnownOn = None,
    pictures: Annotated[bool, Parameter(help="With the pictures of receipts, opened from their sealed originals.", negative="")] = False,
) -> int:
    """Write a holder's account page: month by month to the penny, every payment with its receipt or none, and papers we still need."""
    from phb_audit.reports.account_page import write_account_page

    settings = settings_for(home)
    day = None if known_on is None else day_of(known_on, "--as-known-on")
    say(str(write_account_page(settings, one_commissioner(settings, commissioner), ref, day, with_pictures=pictures)))
    return CLEAN
