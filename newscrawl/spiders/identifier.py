"""Which article of a source a URL is, in a crawl of it."""

from __future__ import annotations

from collections.abc import Container
from urllib.parse import urlsplit

from newscrawl.discovery.identity import article_id, article_identity, normalise_url
from newscrawl.discovery.links import URL_LIMIT, Skip, unheard
from newscrawl.extraction.source import Source
from newscrawl.storage.state import State
from newscrawl.urls import is_below


class Identifier:
    """Ids of a source's articles by its rule, by its former names', or as the state has them.

    `longest` is the length of URL beyond which Scrapy drops requests without a word; `forgotten` holds the ids of
    articles that were removed on request.
    """

    def __init__(self, source: Source, state: State, longest: int = URL_LIMIT, forgotten: Container[str] = ()) -> None:
        assert source.article_url is not None
        self._source = source
        self._pattern = source.article_url
        self._state = state
        self._longest = longest
        self._forgotten = forgotten

    def identify(self, url: str, skip: Skip = unheard, *, listed: bool = False) -> tuple[str, str] | None:
        """Id and identity of a URL, or None when it is no article of this source, or a removed one: `skip` hears why.

        Of a source that takes what is `listed`, a URL without the shape of an article is one by itself.
        """
        found = self._identified(url, skip, listed=listed)
        if found is not None and found[0] in self._forgotten:
            skip("forgotten")
            return None
        return found

    def is_forgotten(self, url: str) -> bool:
        """Whether a URL is that of an article that was removed on request."""
        found = self._identified(url, unheard, listed=True)
        return found is not None and found[0] in self._forgotten

    def _identified(self, url: str, skip: Skip, *, listed: bool) -> tuple[str, str] | None:
        if len(url) > self._longest:
            skip("too-long")
            return None
        try:
            if not (self._source.owns(urlsplit(url).hostname or "") and is_below(url, self._source.path)):
                skip("offsite")
                return None
            identity = article_identity(url, self._pattern)
        except ValueError:
            skip("malformed")
            return None
        if identity is None and listed and self._source.takes_listed:
            identity = normalise_url(url)
        if identity is None:
            skip("not-article")
            return None
        return self._former_id(url) or article_id(self._source.name, identity), identity

    def _former_id(self, url: str) -> str | None:
        """The id that a URL's article has by a former name of the source: by its rule, or as a stored one's."""
        for former in self._source.former:
            if (identity := article_identity(url, former.article_url)) is not None:
                return article_id(former.name, identity)
            listed = article_id(former.name, normalise_url(url))
            if self._state.get(self._source.name, listed) is not None:
                return listed
        return None
