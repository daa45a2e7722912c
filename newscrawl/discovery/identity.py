"""Which URLs are one article: normal form, identity, and the id that follows from it.

The normal form is for comparing, never for fetching: a site may answer only with its "www." or over plain http.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from urllib.parse import quote, unquote, unquote_to_bytes, urlsplit

from newscrawl.discovery.links import AROUND, with_plain_ampersands
from newscrawl.tables import read_table
from newscrawl.urls import ascii_digits

# RFC 3986 section 3.3: what a path segment may hold unencoded besides letters, digits and "-._~".
_SEGMENT_SAFE = "!$&'()*+,;=:@"
# The same for one key or value of a query: "&", "=" and "+" would change how it is read.
_QUERY_SAFE = "!$'()*,;:@/?"
_DEFAULT_PORTS = {80, 443}
# A question mark that a regular expression searches for: escaped, or in a class that is not "anything but".
_LITERAL_QUESTION_MARK = re.compile(r"\\\?|\[(?!\^)[^\]]*\?")
# A session's number, as servers write it into the addresses of readers without cookies: a parameter of the path
# (Servlet 6.0, 7.1.3), a segment of ASP.NET's, or a parameter that is called so or whose value can be nothing else.
_SESSION_IN_PATH = re.compile(
    r"(?:;|%3b)(?:jsessionid|phpsessid|sid)=[^/;?]*|/\((?:[ASFX]\([^()/]*\))+\)(?=/)", re.IGNORECASE
)
_MAY_BE_SESSION = frozenset({"sid", "s", "session", "sess", "token"})
_SESSION_NUMBER = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-v]{26}", re.IGNORECASE)
# What says nothing at the end of a segment or a value; a ";" with nothing behind it parts no parameters: RFC 3986, 3.3.
_NOTHING = AROUND + ";"
_ESCAPED_AMPERSAND = re.compile(rb"&(?:amp;)+", re.IGNORECASE)
# How one story is addressed for telephones: by another host name, or by a segment of the path.
_TELEPHONE = re.compile(r"(?<=^https://)(?:m|mobile|amp)\.(?=[^/]+\.)|/(?:amp|amphtml)(?=[/?]|$)")


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    """Exact names and prefixes of tracking parameters, in lower case."""
    names = [line.strip().lower() for line in read_table("newscrawl.discovery", "tracking.txt")]
    return (
        frozenset(name for name in names if not name.endswith("*")),
        tuple(name[:-1] for name in names if name.endswith("*")),
    )


def is_tracking(parameter: str) -> bool:
    """Whether a query parameter only says how the reader came."""
    exact, prefixes = _tracking()
    name = parameter.lower()
    return name in exact or name.startswith(prefixes)


def _host(host: str, port: int | None) -> str:
    host = host.rstrip(".")
    if ":" in host:
        folded = f"[{host.lower()}]"
    else:
        folded = host.encode("idna").decode("ascii").lower() if not host.isascii() else host.lower()
    folded = folded.removeprefix("www.")
    return folded if port is None or port in _DEFAULT_PORTS else f"{folded}:{port}"


def _path(path: str) -> str:
    """Percent-encoding in one form, dot segments resolved, empty segments and the trailing slash dropped."""
    kept: list[bytes] = []
    path = _SESSION_IN_PATH.sub("", path)
    for segment in map(unquote_to_bytes, path.split("/")):
        segment = _without_end(_ESCAPED_AMPERSAND.sub(b"&", segment))
        if segment == b"..":
            del kept[-1:]
        elif segment not in (b"", b"."):
            kept.append(segment)
    return "/" + "/".join(quote(segment, safe=_SEGMENT_SAFE) for segment in kept)


def _without_end(text: bytes) -> bytes:
    # An expression that is searched for the end would try every place where such marks begin.
    return text.decode("utf-8", "surrogateescape").rstrip(_NOTHING).encode("utf-8", "surrogateescape")


def _query(query: str) -> str:
    pairs = []
    for piece in query.split("&"):
        key, equals, value = piece.replace("+", "%20").partition("=")
        key_bytes, value_bytes = (_without_end(unquote_to_bytes(part)) for part in (key, value))
        key = quote(key_bytes, safe=_QUERY_SAFE)
        if not key and not value_bytes:
            continue
        if not is_tracking(unquote(key)) and not (key.lower() in _MAY_BE_SESSION and _is_session(value)):
            pairs.append((key, quote(value_bytes, safe=_QUERY_SAFE) if equals else None))
    pairs.sort(key=lambda pair: (pair[0], pair[1] or ""))
    return "&".join(key if value is None else f"{key}={value}" for key, value in pairs)


def _is_session(value: str) -> bool:
    return _SESSION_NUMBER.fullmatch(value) is not None and not value.isdecimal()


def normalise_url(url: str) -> str:
    """The form in which URLs of one page compare equal; applying it twice changes nothing.

    Scheme, "www.", default port, letter case of the host, user, fragment, percent-encoding against IRI, order of the
    query, tracking parameters, session numbers, double and trailing slashes and marks that nobody sees at the ends make
    no difference. ValueError when it is no http(s) URL.
    """
    parts = urlsplit(with_plain_ampersands(url.strip(AROUND)))
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise ValueError(f"not an absolute http(s) URL: {url!r}")
    query = _query(parts.query)
    return f"https://{_host(parts.hostname, parts.port)}{_path(parts.path)}" + (f"?{query}" if query else "")


def article_identity(url: str, pattern: re.Pattern[str]) -> str | None:
    """The identity of a URL in which a publisher's article pattern is found; None when it is no article's URL.

    The pattern is searched in the decoded normal form, its digits in ASCII; in its query only when the pattern writes a
    question mark, for else a story would be found in every link that hands its address on. Forms for telephones (m.,
    amp., /amp/) are first searched without their marks. ValueError as `normalise_url`.
    """
    normal = normalise_url(url)
    if not _LITERAL_QUESTION_MARK.search(pattern.pattern):
        normal = normal.partition("?")[0]
    for form in dict.fromkeys((_TELEPHONE.sub("", normal), normal)):
        if match := pattern.search(ascii_digits(unquote(form))):
            groups = {name: value for name, value in match.groupdict().items() if value}
            return "&".join(f"{name}={groups[name]}" for name in sorted(groups)) or form
    return None


def url_identity(url: str, pattern: re.Pattern[str] | None) -> str:
    """What makes a URL this article and no other: the named groups of `article_url`, or the normal form of the URL.

    ValueError as `normalise_url`.
    """
    return (pattern and article_identity(url, pattern)) or normalise_url(url)


def article_id(source: str, identity: str) -> str:
    """The 16 hex digits under which a source's article is stored."""
    return hashlib.blake2b(f"{source}\n{identity}".encode(), digest_size=8).hexdigest()
