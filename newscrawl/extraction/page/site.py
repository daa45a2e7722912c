"""Whose links a page's links are: the site's own, or another's."""

from __future__ import annotations


class Site:
    """A site by the host name of one of its pages; "" where that is unknown."""

    def __init__(self, host: str) -> None:
        self._host = host.removeprefix("www.")
        own = (f"{self._host}/", f"www.{self._host}/")
        self._own_links = tuple(scheme + site for scheme in ("https://", "http://", "//") for site in own)

    def is_left_by(self, href: str) -> bool:
        """Whether a link names another host than the site's; False where that is unknown."""
        if not self._host or not href.startswith(("http:", "https:", "//")) or href.startswith(self._own_links):
            return False
        host = href.split("//", 1)[1].partition("/")[0].lower().removeprefix("www.")
        return not (host.endswith(self._host) or self._host.endswith(host))
