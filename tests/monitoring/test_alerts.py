"""What is told of a source, and that the same is told once a day at most, whatever is killed when."""

from __future__ import annotations

import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.monitoring.alerts import FileMemory, Memory, tell
from newscrawl.storage import StorageError

NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)
EMPTY = "its 3 listings hold no article links; has the site been redesigned?"
WALLS = "12 answers were walls, and 3 articles were got (captcha 12)"


class Desk:
    """Keeps what is sent; one that is closed takes nothing."""

    def __init__(self, data_dir: Path, memory: Memory | None = None) -> None:
        self.data_dir = data_dir
        self.memory = memory or FileMemory(data_dir)
        self.got: list[str] = []
        self.is_open = True

    def tell(self, hours: float, **complaints: list[str]) -> list[str]:
        """What came of the complaints of a run so many hours after NOW."""
        before = len(self.got)
        tell(self.memory, complaints, NOW + timedelta(hours=hours), self._send)
        return self.got[before:]

    def _send(self, title: str, text: str) -> tuple[list[str], int]:
        if not self.is_open:
            return ["closed"], 1
        self.got.append(f"{title}\n{text}")
        return [], 1


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_source_turns_unhealthy_and_recovers(desk: Desk) -> None:
    assert desk.tell(0, paper=[], other=[]) == []
    assert desk.tell(1, paper=[EMPTY], other=[]) == [f"newscrawl: 1 source unwell\npaper: {EMPTY}"]
    assert desk.tell(2, paper=[EMPTY], other=[]) == []
    # Runs of other sources say nothing about this one.
    assert desk.tell(3, other=[]) == []
    assert desk.tell(50, paper=[EMPTY]) == []
    assert desk.tell(51, paper=[], other=[]) == [
        f"newscrawl: 1 source well again\npaper: is well again (it was: {EMPTY})"
    ]
    assert desk.tell(52, paper=[], other=[]) == []
    assert desk.tell(80, paper=[EMPTY]) == [f"newscrawl: 1 source unwell\npaper: {EMPTY}"]


def test_one_message_a_run(desk: Desk) -> None:
    drift = "authors: 12% of the articles, it was 80%"
    assert desk.tell(0, b=[WALLS, drift], a=[EMPTY], c=[]) == [
        f"newscrawl: 2 sources unwell\na: {EMPTY}\nb: {WALLS}\nb: {drift}"
    ]


def test_counts_that_change_are_no_news(desk: Desk) -> None:
    desk.tell(0, paper=[WALLS])
    assert desk.tell(1, paper=["15 answers were walls, and 0 articles were got (captcha 14, consent 1)"]) == []
    assert desk.tell(2, paper=[EMPTY]) == [f"newscrawl: 1 source unwell\npaper: {EMPTY}"]


def test_what_comes_and_goes_is_told_once_a_day(desk: Desk) -> None:
    told = [message for hour in range(0, 24, 2) for message in desk.tell(hour, paper=[EMPTY] if hour % 4 else [])]
    assert [message.splitlines()[0] for message in told] == [
        "newscrawl: 1 source unwell",
        "newscrawl: 1 source well again",
    ]
    # It was said to be well; as it is not, this is told when the day is over.
    assert desk.tell(25, paper=[EMPTY]) == []
    assert desk.tell(26.1, paper=[EMPTY]) == [f"newscrawl: 1 source unwell\npaper: {EMPTY}"]


def test_what_was_not_taken_is_told_by_the_next_run(either_desk: Desk) -> None:
    desk = either_desk
    desk.is_open = False
    assert desk.tell(0, paper=[EMPTY]) == []
    desk.is_open = True
    assert len(desk.tell(1, paper=[EMPTY])) == 1
    assert desk.tell(2, paper=[EMPTY]) == []


def test_what_is_over_beside_something_that_holds_is_news_when_it_comes_again(desk: Desk) -> None:
    desk.tell(0, paper=[EMPTY, WALLS])
    assert desk.tell(1, paper=[EMPTY]) == []
    assert desk.tell(2, paper=[EMPTY, WALLS]) == []  # it was told today
    assert desk.tell(3, paper=[EMPTY]) == []
    assert desk.tell(25, paper=[EMPTY, WALLS]) == [f"newscrawl: 1 source unwell\npaper: {WALLS}"]


def test_what_one_of_several_has_taken_is_told(tmp_path: Path) -> None:
    """To tell it again would be to tell those twice who listen; the others are named."""
    memory, sent = FileMemory(tmp_path), []

    def send(title: str, text: str) -> tuple[list[str], int]:
        sent.append(title)
        return ["the second is closed"], 2

    assert tell(memory, {"paper": [EMPTY]}, NOW, send) == ["the second is closed"]
    assert tell(memory, {"paper": [EMPTY]}, NOW + timedelta(hours=1), send) == []
    assert len(sent) == 1


@pytest.fixture(params=["file", "queue"])
def either_desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """One whose memory is a file's, one whose memory the machines of a cluster share."""
    if request.param == "file":
        return Desk(tmp_path)
    telling = pytest.importorskip("newscrawl.cluster.telling", reason="the extra `cluster` is not installed")
    from newscrawl.cluster.queue import make_schema

    url = request.getfixturevalue("postgres_server").new_database().replace("+psycopg", "")
    make_schema(url)
    return Desk(tmp_path, telling.SharedMemory(url))


@pytest.mark.parametrize("sent", [False, True])
def test_killed_while_sending_it_is_not_told_twice(sent: bool, either_desk: Desk) -> None:
    desk = either_desk
    inbox = desk.data_dir / "inbox"

    def die(title: str, text: str) -> tuple[list[str], int]:
        if sent:
            inbox.write_text(title)
        os.kill(os.getpid(), signal.SIGKILL)
        return [], 1

    child = os.fork()
    if child == 0:
        tell(desk.memory, {"paper": [EMPTY]}, NOW, die)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert inbox.exists() is sent
    assert desk.tell(1, paper=[EMPTY]) == []
    # Whether it arrived is not known: where it lasts, it is told after a day.
    assert len(desk.tell(24.1, paper=[EMPTY])) == 1
    assert desk.tell(25, paper=[EMPTY]) == []


def test_a_memory_that_is_none_is_named(desk: Desk) -> None:
    (desk.data_dir / "alerts.json").write_text("[1]")
    with pytest.raises(StorageError, match=r"alerts\.json is no memory of alerts; remove it"):
        desk.tell(0, paper=[EMPTY])


def test_what_is_over_is_forgotten(desk: Desk) -> None:
    desk.tell(0, paper=[EMPTY])
    desk.tell(30, paper=[])
    desk.tell(60, paper=[])
    assert json.loads((desk.data_dir / "alerts.json").read_text()) == {}


@settings(max_examples=40)
@given(runs=st.lists(st.tuples(st.floats(0.1, 30), st.sets(st.sampled_from([EMPTY, WALLS]))), min_size=1, max_size=15))
def test_never_twice_a_day_and_never_silent_for_long(
    runs: list[tuple[float, set[str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk, hour = Desk(tmp_path_factory.mktemp("data")), 0.0
    last: dict[str, float] = {}
    believed: set[str] = set()
    for pause, complaints in runs:
        hour += pause
        for line in [
            line for message in desk.tell(hour, paper=sorted(complaints)) for line in message.splitlines()[1:]
        ]:
            about = "well" if "well again" in line else line.removeprefix("paper: ")
            assert hour - last.get(about, -99) >= 24
            last[about] = hour
            believed = set() if about == "well" else believed | {about}
        # What is wrong was told within the day, or is believed to be so.
        assert all(each in believed or hour - last[each] < 24 for each in complaints)
