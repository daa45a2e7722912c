"""When a job is tried again: its crawl says so, by the error that it ends with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job


class RefusedError(Exception):
    """The crawl failed for good; str() is the sentence."""


class AgainError(Exception):
    """The crawl is to be tried again; str() is the sentence."""

    def __init__(self, sentence: str, *, seconds: float) -> None:
        super().__init__(sentence)
        self.at = datetime.now(UTC) + timedelta(seconds=seconds)


class Retries(BaseRetryStrategy):
    """Counts nothing: how often a dead worker's job was taken back, or found its source busy, is no failure of it."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        """Again at the moment that an AgainError names; never after anything else."""
        return RetryDecision(retry_at=exception.at) if isinstance(exception, AgainError) else None
