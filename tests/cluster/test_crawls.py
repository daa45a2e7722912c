"""What becomes of a worker's job when its crawl has ended, and when others take a worker for dead; without a server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("procrastinate", reason="the extra `cluster` is not installed")

from procrastinate.exceptions import ConnectorException

from newscrawl.cluster.crawling import Crawl, Result, settings_of
from newscrawl.cluster.crawls import Crawls
from newscrawl.cluster.patience import Patience
from newscrawl.cluster.retries import AgainError, RefusedError, Retries
from newscrawl.cluster.worker import Worker
from newscrawl.storage.errors import HELD, UNREACHABLE, StorageError, UnreachableError

HELD_SENTENCE, CUT_SENTENCE = f"paper {HELD} (run x)", f"{UNREACHABLE} db: the connection was cut"


class _TimedAgainError(AgainError):
    """It remembers the seconds, not only the moment."""

    def __init__(self, sentence: str, *, seconds: float) -> None:
        super().__init__(sentence, seconds=seconds)
        self.seconds = seconds


def judged(
    result: Result, *, failures: int = 1, waits: bool = False, hurried: bool = False, held: list[str] | None = None
) -> float | str | None:
    """In how many seconds a job is tried again after its crawl; "never", or None where it is done."""

    async def run() -> float | str | None:
        async def others_wait(source: str) -> bool:
            return waits

        is_hurried = asyncio.Event()
        if hurried:
            is_hurried.set()
        options: Any = SimpleNamespace(retries=3)
        ledger: Any = SimpleNamespace(waits=others_wait)
        patience = Patience(asyncio.Event())
        crawls = Crawls(options, None, ledger, patience=patience, hurried=is_hurried, heal=lambda names: ())  # type: ignore[arg-type]
        crawls._failed = lambda source, began: (480.0, failures)  # type: ignore[method-assign]
        crawls._hold = lambda source, why: (held if held is not None else []).append(why)  # type: ignore[method-assign]
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("newscrawl.cluster.crawls.AgainError", _TimedAgainError)
                await crawls._judge("paper", result, datetime.now(UTC))
        except _TimedAgainError as again:
            return again.seconds
        except RefusedError:
            return "never"
        return None

    return asyncio.run(run())


@pytest.mark.parametrize("code", [0, 3])
def test_a_crawl_that_came_to_its_end_is_done_healthy_or_not(code: int) -> None:
    assert judged(Result(code, "")) is None


def test_a_wrong_command_is_not_tried_again_and_holds_its_source() -> None:
    held: list[str] = []
    assert judged(Result(2, "there is no source 'paper'"), held=held) == "never"
    assert held == ["there is no source 'paper'"]


@pytest.mark.parametrize(
    ("result", "seconds"),
    [
        (Result(1, HELD_SENTENCE), 60),
        (Result(1, CUT_SENTENCE), 5),
        (Result(1, "paper: the disk is full"), 480),
        (Result(-9, "paper: its process was killed (SIGKILL)"), 480),
        # The sentence alone is none of these.
        (Result(-9, HELD_SENTENCE), 480),
    ],
)
def test_a_crawl_that_failed_is_tried_again(result: Result, seconds: int) -> None:
    assert judged(result) == seconds


@pytest.mark.parametrize(("failures", "ends"), [(3, 480), (4, "never")])
def test_it_is_tried_again_as_often_as_is_allowed(failures: int, ends: float | str) -> None:
    assert judged(Result(1, "paper: no"), failures=failures) == ends


@pytest.mark.parametrize("sentence", [HELD_SENTENCE, CUT_SENTENCE])
def test_who_was_in_the_way_or_gone_counts_for_no_failure(sentence: str) -> None:
    assert judged(Result(1, sentence), failures=99) != "never"


def test_a_crawl_that_was_asked_to_end_goes_on_elsewhere_at_once() -> None:
    assert judged(Result(1, "paper: stopped before the end"), hurried=True) == 0
    assert judged(Result(-9, "paper: its process was killed"), hurried=True) == 480


def test_where_another_job_of_the_source_waits_this_one_is_over() -> None:
    assert judged(Result(1, "paper: no"), waits=True) == "never"


def test_only_who_asks_for_it_is_tried_again() -> None:
    job: Any = SimpleNamespace()
    before = datetime.now(UTC)
    again = AgainError("no", seconds=60)
    decision = Retries().get_retry_decision(exception=again, job=job)
    assert decision is not None
    assert decision.retry_at == again.at
    assert before + timedelta(seconds=60) <= again.at <= datetime.now(UTC) + timedelta(seconds=60)
    for error in (RefusedError("no"), ValueError("no")):
        assert Retries().get_retry_decision(exception=error, job=job) is None


def test_the_child_of_a_worker_tells_nobody_but_the_worker() -> None:
    given = {"ALERTS": ["mailto://x"], "PING_URL": "https://x", "CONTACT": "desk@university.edu"}
    settings = settings_of(given, data_dir=Path("/data"), source="paper")
    assert (settings["ALERTS"], settings["PING_URL"], settings["PROGRESS"]) == ("", "", "json")
    assert settings["CONTACT"] == "desk@university.edu"
    assert settings["LOG_FILE"] == Path("/data/logs/paper.log")


@pytest.mark.parametrize(
    ("complaints", "code", "sentence"),
    [
        ("noise\nnewscrawl: first\nnewscrawl: last\nTraceback", 1, "last"),
        ("noise\nTraceback", 1, "Traceback"),
        ("noise", 0, ""),
        ("", -9, "paper: its process was killed (SIGKILL)"),
        ("", 1, ""),
    ],
)
def test_what_a_crawl_said_to_its_user(complaints: str, code: int, sentence: str) -> None:
    crawl = Crawl("paper", {})
    crawl._complaints = complaints.encode()
    assert crawl._sentence(code) == sentence


@pytest.mark.parametrize("gone", [UnreachableError("gone"), ConnectorException()])
def test_a_server_that_is_gone_is_waited_for_until_told_to_stop(
    gone: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newscrawl.cluster.patience.is_gone", lambda error: error is gone)
    monkeypatch.setattr("newscrawl.cluster.patience._SECONDS", 0)

    async def run() -> None:
        stopping = asyncio.Event()
        patience = Patience(stopping)
        answers = iter([gone, gone, "there"])

        async def ask() -> object:
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

        assert await patience.until(ask) == "there"
        answers = iter([StorageError("the disk is full"), "there"])
        with pytest.raises(StorageError, match="the disk is full"):
            await patience.until(ask)
        stopping.set()
        answers = iter([gone, "there"])
        with pytest.raises(type(gone)):
            await patience.until(ask)

    asyncio.run(run())


class _Jobs:
    """The queue's jobs of dead workers."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.asked: list[float] = []
        self.retried: list[object] = []
        self.finished: list[object] = []
        self._refuses = refuses

    async def get_stalled_jobs(self, *, seconds_since_heartbeat: float) -> list[object]:
        self.asked.append(seconds_since_heartbeat)
        return [SimpleNamespace(id=7, lock="paper", task_name="crawl")]

    async def retry_job(self, job: object) -> None:
        if self._refuses:
            raise ConnectorException
        self.retried.append(job)

    async def finish_job(self, job: object, *, status: object, delete_job: bool) -> None:
        self.finished.append((status, delete_job))


def rescued(jobs: _Jobs, *, silence: float, now: float, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The jobs whose crawls a worker notes as lost, after it has heard nothing of the server for some seconds."""
    lost: list[int] = []

    async def note(job_id: int) -> None:
        lost.append(job_id)

    async def beat(worker: object) -> None:
        pass

    worker = Worker.__new__(Worker)
    options = {"name": "w", "host": "h", "slots": 1, "data_dir": Path("/data"), "stalled_after": 30, "heartbeat": 5}
    worker._options = SimpleNamespace(**options)  # type: ignore[assignment]
    worker._ledger = SimpleNamespace(sign_of_life=beat, lost=note)  # type: ignore[assignment]
    worker._engines, worker._are_ending = [], False
    worker._heard_at, worker._answers_since = 1000.0, float("-inf")
    clock = SimpleNamespace(monotonic=lambda: 1000 + silence)
    monkeypatch.setattr("newscrawl.cluster.worker.time", clock)
    asyncio.run(worker._beat())
    clock.monotonic = lambda: 1000 + silence + now
    context: Any = SimpleNamespace(app=SimpleNamespace(job_manager=jobs))
    asyncio.run(worker.rescue(context, 0))
    return lost


def test_the_jobs_of_a_dead_worker_go_back_into_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = _Jobs()
    assert rescued(jobs, silence=5, now=1, monkeypatch=monkeypatch) == [7]
    assert jobs.asked == [30]
    assert len(jobs.retried) == 1
    assert jobs.finished == []


@pytest.mark.parametrize(("now", "is_rescued"), [(1, False), (29, False), (30, True)])
def test_after_a_time_without_a_server_the_others_have_the_time_to_say_that_they_live(
    now: float, is_rescued: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = _Jobs()
    assert bool(rescued(jobs, silence=31, now=now, monkeypatch=monkeypatch)) is is_rescued
    assert bool(jobs.asked) is is_rescued


def test_a_job_that_cannot_go_back_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one of the source waits already."""
    jobs = _Jobs(refuses=True)
    rescued(jobs, silence=5, now=1, monkeypatch=monkeypatch)
    assert [(str(status.value), is_deleted) for status, is_deleted in jobs.finished] == [("failed", False)]  # type: ignore[attr-defined,misc]
