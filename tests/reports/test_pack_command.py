"""`phb-audit pack`: the form for what only people write, and what is said of a form that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.cli.packs import pack
from phb_audit.errors import UsageError
from phb_audit.reports.pack_form import Form, read_form
from tests.builders import make_run
from tests.reports.pack_world import pack_world


def test_the_empty_form_can_be_read_and_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pack.toml"
    assert pack(write_form=path) == 0
    assert str(path) in capsys.readouterr().out
    assert read_form(path) == Form()
    with pytest.raises(UsageError, match="there already"):
        pack(write_form=path)


def test_what_people_wrote_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = pack_world(make_run(tmp_path))
    run.warehouse.close()
    form = tmp_path / "pack.toml"
    form.write_text('decisions_asked = ["Agree the plan for <b>late</b> reviews."]\nsigned_by = "Cy Director"\n', encoding="utf-8")
    assert pack(month="2026-10", form=form, out=tmp_path / "out", home=run.settings.home) == 0
    assert "QZZ-pack-2026-10.pdf" in capsys.readouterr().out
    page = (tmp_path / "out" / "QZZ-pack-2026-10.html").read_text(encoding="utf-8")
    assert "Agree the plan for &lt;b&gt;late&lt;/b&gt; reviews." in page
    assert "Cy Director" in page


@pytest.mark.parametrize("text", ["actions = 'one'", "opinion = 'substantial'", "signed_by = 3", "risks = [1]"])
def test_a_form_that_does_not_fit_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pack.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="has no use for"):
        read_form(path)


def test_a_month_written_otherwise_is_refused(tmp_path: Path) -> None:
    run = pack_world(make_run(tmp_path))
    run.warehouse.close()
    for month in ("October", "2026-13", "2026-1"):
        with pytest.raises(UsageError, match="is no month"):
            pack(month=month, home=run.settings.home)
    with pytest.raises(UsageError, match="not possible"):
        pack(months=13, home=run.settings.home)
