"""Where articles are kept: one class to replace for whoever keeps them elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from scrapy.settings import BaseSettings

from newscrawl.items import Article


class ArticleStore(Protocol):
    """The articles of one run of one source; StorageError from any method ends the crawl in order.

    The state is told of an article after write() has returned, and keeps it after sync(): what write() took must
    survive a kill, what sync() saw a power cut. A version that the state knows is not written again.
    """

    @property
    def sealed(self) -> Sequence[Path]:
        """Files in the data directory that the next start need not read in; none for a store elsewhere."""
        ...

    def write(self, article: Article) -> str:
        """Keep one version of an article; the name of the place where it lies, which the state remembers."""
        ...

    def sync(self) -> None:
        """Make what was written survive a power cut; called before each batch of the state."""
        ...

    def seal(self) -> None:
        """The run is over."""
        ...


#: What ARTICLE_STORE names: called with the settings, the source's slug and the run's id.
ArticleStoreFactory = Callable[[BaseSettings, str, str], ArticleStore]
