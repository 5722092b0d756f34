"""Where things are."""

from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.errors import UsageError
from phb_audit.settings import Settings, read_toml, shipped


def test_the_environment_names_the_home(tmp_path: Path) -> None:
    assert Settings.from_environment({"PHB_AUDIT_HOME": str(tmp_path)}).home == tmp_path.resolve()


def test_a_checkout_keeps_its_files_in_data() -> None:
    assert Settings.from_environment({}).home.name == "data"


def test_each_commissioner_has_its_own_rooms(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert settings.warehouse_path("QAA") != settings.warehouse_path("QBB")
    assert settings.key_path("QAA").parent.is_dir()


def test_reference_data_is_found() -> None:
    assert (shipped("reference") / "taxonomy.csv").exists()


def test_a_folder_that_is_not_shipped_is_named() -> None:
    with pytest.raises(UsageError, match="data/nothing"):
        shipped("nothing")


def test_damaged_toml_is_refused_with_its_name_and_line(tmp_path: Path) -> None:
    path = tmp_path / "limits.toml"
    path.write_text("a = 1\nb = \n")
    with pytest.raises(UsageError, match=r"limits.toml.*line 2"):
        read_toml(path)
