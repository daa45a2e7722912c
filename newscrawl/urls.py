"""What an address says by itself: its numbers, which day stands in it, whose host it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import unquote, urlsplit

# "/2026/8/27/", "/2026/08/27.html", "/a-2026-08-27", "/2026_08_27_1", "/2026-08/27/" as Chinese
# agencies write it, "/2026/world/8/27/" as CNN does.
_DAY = re.compile(
    r"(?<=[/_-])((?:19|20)\d\d)(?:([/_-])(\d{1,2})\2(\d{1,2})|-(\d\d)/(\d\d)|/[a-z_-]+/(\d{1,2})/(\d{1,2}))(?=[/_.T-]|$)",
    re.ASCII,
)
# Joomla names what has no Latin title after the moment when it was written: categories, and behind them the story.
_MOMENT = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)-\d\d-\d\d-\d\d(?!\d)", re.ASCII)
_STORY_IN_QUERY = re.compile(r"(?:^|&)id=([^&]*)")
_OTHER_FORMS = ("www.", "m.", "mobile.", "amp.")
# The Arabic-Indic digits and their eastern forms (Unicode, blocks Arabic and Arabic Extended-A): numbers as any.
_EASTERN_DIGITS = {first + value: str(value) for first in (0x660, 0x6F0) for value in range(10)}
_EASTERN = re.compile("[\u0660-\u0669\u06f0-\u06f9]")


def ascii_digits(text: str) -> str:
    """A decoded address, or a part of one, with the digits of Arabic as "0" to "9"."""
    return text.translate(_EASTERN_DIGITS) if _EASTERN.search(text) else text


def url_day(url: str) -> date | None:
    """The day that stands in the path of a URL ("/2026/8/27/"), or None; of several Joomla stamps the story's."""
    try:
        path, query = urlsplit(url)[2:4]
    except ValueError:
        return None
    path = ascii_digits(unquote(path))
    story = _STORY_IN_QUERY.search(query)
    for moment in reversed([*_MOMENT.finditer(story[1] if story else ""), *_MOMENT.finditer(path)]):
        try:
            return date(*map(int, moment.groups()))
        except ValueError:
            continue
    for match in _DAY.finditer(path):
        year, _, *rest = match.groups()
        month, day = (int(figures) for figures in rest if figures)
        try:
            return date(int(year), month, day)
        except ValueError:
            continue
    return None


def host_of(url: str) -> str:
    """The host that a URL names, as `normalised_host` writes it; "" where there is none."""
    try:
        return normalised_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def normalised_host(host: str) -> str:
    """A host name in lower case, without the root's dot, in the letters of IDNA (RFC 5890) where it has any."""
    host = host.lower().rstrip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host


def is_within(host: str, domains: Iterable[str]) -> bool:
    """Whether a host is one of the domains or stands below one: whole labels, so "notpaper.example" does not.

    Every other answer to "whose host is this?" and what the guard lets pass go by this one.
    """
    host = normalised_host(host)
    for domain in domains:
        whole = normalised_host(domain.lstrip("."))
        if whole and (host == whole or host.endswith(f".{whole}")):
            return True
    return False


def is_below(url: str, path: str) -> bool:
    """Whether a URL's path is a decoded path ("/akhbar/") or lies below it, in any letter case, as some servers answer.

    ValueError for what cannot be a URL.
    """
    if path == "/":
        return True
    own = unquote(urlsplit(url).path).rstrip("/") + "/"
    return own.lower().startswith(path.lower())


def is_same_site(host: str, other: str) -> bool:
    """Whether two hosts are one site where no publisher's domains are known: one is below the other, whatever form
    ("www.", "m.", "amp.") of it."""
    bare, other_bare = _bare(host), _bare(other)
    return is_within(bare, [other_bare]) or is_within(other_bare, [bare])


def _bare(host: str) -> str:
    host = normalised_host(host)
    for form in _OTHER_FORMS:
        if host.startswith(form) and "." in (rest := host.removeprefix(form)):
            return rest
    return host


class Site:
    """A site by the host of one of its pages; "" where that is unknown."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._known: dict[str, bool] = {}
        bare = _bare(host)
        self._own_links = tuple(
            f"{scheme}{own}/" for scheme in ("https://", "http://", "//") for own in (bare, f"www.{bare}")
        )

    def is_left_by(self, href: str) -> bool:
        """Whether a link names another host than the site's; False where that is unknown."""
        if not self._host or href.startswith(self._own_links) or not href.lower().startswith(("http:", "https:", "//")):
            return False
        host = host_of(href)
        if host not in self._known:
            self._known[host] = host != "" and not is_same_site(host, self._host)
        return self._known[host]
