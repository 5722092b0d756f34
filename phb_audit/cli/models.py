"""`phb-audit model`: the classifiers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from phb_audit.cli.options import Home, Json, one_commissioner, say, settings_for
from phb_audit.errors import CLEAN

model = App(name="model", help="The classifiers: which there are, what changes between two, and the shipped table made anew.")


@model.command
def distil(*, source: Annotated[Path | None, Parameter(name="--from", help="Folder with model.safetensors and vocab.txt.")] = None) -> int:
    """Make the static table anew from the sentence model (needs the dependency group 'distil')."""
    from phb_audit.classified.distil import write

    say(str(write(source)))
    return CLEAN


@model.command(name="list")
def list_(*, commissioner: str | None = None, home: Home = None, as_json: Json = False) -> int:
    """Which classifiers there are, which is in use, and how each was judged."""
    from phb_audit.classified.compare import list_models

    settings = settings_for(home)
    return list_models(settings, one_commissioner(settings, commissioner), as_json=as_json, say=say)


@model.command
def compare(
    old: Annotated[str, Parameter(help="'shipped', 'in_use', or a version that `model list` names.")],
    new: Annotated[str, Parameter(help="The one to compare with it.")],
    /,
    *,
    file: Annotated[Path | None, Parameter(help="CSV of lines to ask both about (default: every text the warehouse has met).")] = None,
    out: Annotated[Path | None, Parameter(help="CSV to write every changed line to.")] = None,
    commissioner: str | None = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """Which lines two classifiers answer differently, and why."""
    from phb_audit.classified.compare import compare_models

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    return compare_models(old, new, source=file, out=out, settings=settings, commissioner_code=code, as_json=as_json, say=say)
