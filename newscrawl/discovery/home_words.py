"""What the words in addresses and link texts of a home page say: desk, service, edition, file."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from newscrawl.discovery.addresses import is_year, words
from newscrawl.discovery.identity import normalise_url
from newscrawl.tables import read_table

_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|avif|ico|bmp|mp[34]|m4[av]|ogg|wav|webm|m3u8|pdf|docx?|xlsx?|zip|gz|rar|css|m?js|json"
    r"|xml|rss|atom|rdf|txt|apk|woff2?|ttf|webmanifest)$",
    re.IGNORECASE,
)
# "contact-5" and "about-us-7.101" are what editors' systems make of a page's name and its number.
_NUMBERED = re.compile(r"(?<=.)[-_]\d{1,4}$")
_LIST_FILE = re.compile(r"[-_.]([a-z]+)\.(?:xml|rss|atom|rdf)(?:\.gz)?$", re.IGNORECASE)
# SharePoint keeps all pages of a site in one library.
_LIBRARY = re.compile(r"/Pages/[^/]+\.aspx$", re.IGNORECASE)
_SCRIPT = re.compile(r"\.(?:php|aspx?|jsp|cgi)$", re.IGNORECASE)
# The words of a program's name: ViewPoll.aspx, news_archive.php.
_NAME_PARTS = re.compile(r"(?<=[a-z])(?=[A-Z])|[-_.]")
_NUMBER = re.compile(r"[\d-]+")


@cache
def kind_words(kind: str) -> frozenset[str]:
    """The words of one kind in tables/offers.txt."""
    rows = (row.split("\t") for row in read_table("newscrawl.discovery", "offers.txt"))
    return frozenset(word.strip() for name, word in rows if name == kind)


def segments_of(url: str) -> list[str]:
    """The segments of a URL's path, decoded."""
    return [unquote(segment) for segment in urlsplit(url).path.split("/") if segment]


def is_file(url: str) -> bool:
    """Whether a URL is that of a picture, a sound, a document or a program."""
    return _FILE.search(urlsplit(url).path) is not None


def has_other_language(url: str) -> bool:
    """Whether a URL is that of an edition in another language than Arabic: by its host, path or query, or by how the
    name of a feed or a sitemap ends.
    """
    parts = urlsplit(url)
    others = words("language")
    labels = (parts.hostname or "").split(".")
    first = [segment.lower() for segment in segments_of(url)[:2]]
    if (tail := _LIST_FILE.search(parts.path)) and tail[1].lower() in others:
        return True
    asked = [value.lower() for key, value in parse_qsl(parts.query) if key.lower() in ("lang", "language", "hl", "l")]
    return (len(labels) > 2 and labels[0] in others) or any(word in others for word in (*first, *asked))


def is_service_address(url: str) -> bool:
    """Whether a URL leads to a page about the site, to a service, or to pictures, films and sound."""
    parts = urlsplit(normalise_url(url))
    services = kind_words("service")
    written = segments_of(parts.geturl())
    segments = [_NUMBERED.sub("", segment.lower().partition(".")[0]) for segment in written]
    if _LIBRARY.search(parts.path):
        segments.remove("pages")
    if parts.query and _SCRIPT.search(parts.path) and segments[-1] in kind_words("script"):
        del segments[-1]
    elif _SCRIPT.search(parts.path):
        named = _NAME_PARTS.split(written[-1].rpartition(".")[0])
        if named[-1].lower() in services - kind_words("script"):
            return True
    if "/".join(segments[:2]) in kind_words("desk-path"):
        return False
    kept = [at for at, segment in enumerate(segments[:2]) if segment in kind_words("archive")]
    if kept and not _is_list_of_days(segments[kept[0] + 1 :]):
        # WordPress can keep all of a site there: stories, desks, writers.
        del segments[kept[0]]
    if any(segment in services for segment in segments[:3]):
        return True
    labels = (parts.hostname or "").split(".")
    return len(labels) > 2 and labels[0] in kind_words("no-host")


def _is_list_of_days(behind: list[str]) -> bool:
    """Whether what stands behind the word for an archive is nothing, or a day, a month or a year."""
    return not behind or behind[0] == "date" or (is_year(behind[0][:4]) and _NUMBER.fullmatch(behind[0]) is not None)


def is_desk_in_menu(url: str) -> bool:
    """Whether a URL is a list that a menu takes for a desk: a tag's, on sites that have no categories."""
    segments = [segment.lower() for segment in segments_of(url)]
    return len(segments) > 1 and segments[-2] in kind_words("menu-desk")


def is_service_text(text: str) -> bool:
    """Whether a link's text names a page about the site or a service."""
    folded = " ".join(text.lower().split()).strip(" .:|»«›‹←→")
    return folded in kind_words("service-text")


def begins_as_service(text: str) -> bool:
    """Whether a link's text begins with the whole name of a page about the site, of two words or more."""
    words = text.lower().split()
    return any(" ".join(words[:count]) in kind_words("service-text") for count in (2, 3))


def without_way_back(url: str) -> str:
    """A URL without the parameters that say from which page of the site the reader came, as Liferay writes them."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if not (key.lower() in kind_words("way-back") and value[:1] == "/")]
    return url if len(kept) == len(pairs) else urlunsplit(parts._replace(query=urlencode(kept)))


def leads_to_no_story(url: str) -> bool:
    """Whether the query says that a URL is a list, a page of a list, or leads on to another address."""
    barred = kind_words("no-story-key")
    return any(key.lower() in barred for key, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True))
