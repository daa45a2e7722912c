"""What a worker does while its server is gone: it waits, and tries again, until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from procrastinate.exceptions import ConnectorException

from newscrawl.cluster.queue import is_gone
from newscrawl.storage.errors import StorageError

_SECONDS = 2.0  # between two tries

T = TypeVar("T")


class Patience:
    """It ends when `stopping` is set."""

    def __init__(self, stopping: asyncio.Event) -> None:
        self._stopping = stopping

    async def until(self, action: Callable[[], Awaitable[T]]) -> T:
        """What an action gives, which is tried again as long as the server is gone; its error once told to stop."""
        while True:
            try:
                return await action()
            except (ConnectorException, StorageError) as error:
                if self._stopping.is_set() or not is_gone(error):
                    raise
            await self.pause(_SECONDS)

    async def until_done(self, action: Callable[..., T], *arguments: object) -> T:
        """As until(), for a function that blocks."""
        return await self.until(lambda: asyncio.to_thread(action, *arguments))

    async def pause(self, seconds: float) -> None:
        """That long, or until told to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
