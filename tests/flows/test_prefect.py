"""The night as Prefect runs it: the flow, its artifact, and the timetable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.artifacts import Artifact
from prefect.client.schemas.objects import StateType
from prefect.testing.utilities import prefect_test_harness

from flows.nightly import night_flow
from flows.serve import deployment_of, learning_of, read_timetable
from phb_audit.errors import UsageError
from phb_audit.reports.status import status_of
from phb_audit.settings import Settings
from tests.flows.nights import CODE, LAST_DAY, small_world

# Prefect's own server leaves sockets to the garbage collector; that is not ours to mend.
pytestmark = pytest.mark.filterwarnings("default")

TIMETABLE = """
[commissioner.QZZ]
cron = "30 1 * * *"
inbox = "inbox/QZZ"
home = "home"

[commissioner.QYY]
cron = "15 2 * * 1-5"
inbox = "inbox/QYY"
home = "home"
without_feeds = ["notional"]
"""


@pytest.fixture(scope="module")
def prefect_server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.mark.slow
def test_the_flow_finishes_and_leaves_an_artifact_with_the_books(prefect_server: None, tmp_path: Path) -> None:
    world = small_world(tmp_path / "world", holders=6, months=2)
    sources = tmp_path / "sources.toml"
    sources.write_text(f'[[source]]\nname = "away"\nkind = "folder"\npath = "{tmp_path}/away"\ntries = 1\n')
    state = night_flow(CODE, str(world / CODE), str(tmp_path / "home"), LAST_DAY, fetch=str(sources), return_state=True)
    assert state.type is StateType.COMPLETED
    artifact = Artifact.get("night-qzz")
    assert artifact is not None
    assert f"{CODE}-{LAST_DAY}.html" in str(artifact.data)
    assert "| validated | out | payments admitted |" in str(artifact.data)
    assert "* away (folder): 0 new files" in str(artifact.data)
    assert "away (folder)" in " ".join(status_of(Settings(tmp_path / "home"), CODE).attention)


def test_the_timetable_gives_each_commissioner_a_schedule_in_london_time(tmp_path: Path) -> None:
    path = tmp_path / "timetable.toml"
    path.write_text(TIMETABLE)
    first, second = (deployment_of(entry) for entry in read_timetable(path))
    assert first.name == "night-QZZ"
    assert [schedule.schedule.timezone for schedule in first.schedules or []] == ["Europe/London"]
    assert second.parameters["without_feeds"] == ["notional"]
    assert second.concurrency_limit == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("[commissioner.QZZ]\ncron = '1 1 * * *'", "lacks"),
        ("[commissioner.QZZ]\ncron='1 1 * * *'\ninbox='i'\nhome='h'\nhours=3", "hours"),
        ("[commissioner.QZZ]\ncron='1 1 * * *'\ninbox='i'\nhome='h'\nfetch='not there.toml'", "not there.toml"),
        ("", "names no"),
    ],
)
def test_a_timetable_with_a_mistake_is_refused_with_its_words(tmp_path: Path, given: str, words: str) -> None:
    path = tmp_path / "timetable.toml"
    path.write_text(given)
    with pytest.raises(UsageError, match=words):
        read_timetable(path)


def test_weekly_learning_is_scheduled_where_the_timetable_says_so(tmp_path: Path) -> None:
    path = tmp_path / "timetable.toml"
    both = """
[commissioner.QZZ]
cron = "30 1 * * *"
inbox = "i"
home = "h"
learn_cron = "0 5 * * sun"

[commissioner.QYY]
cron = "15 2 * * *"
inbox = "i"
home = "h"
"""
    path.write_text(both)
    first, second = (learning_of(entry) for entry in read_timetable(path))
    assert second is None
    assert first is not None
    assert first.name == "learn-QZZ"
    assert first.schedules[0].schedule.cron == "0 5 * * sun"
    assert first.parameters == {"commissioner_code": "QZZ", "home": "h"}
    assert "learn_cron" not in deployment_of(read_timetable(path)[0]).parameters
