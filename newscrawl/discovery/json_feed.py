"""JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

from newscrawl.discovery.characters import whole
from newscrawl.discovery.hints import Clock, read_language, read_title
from newscrawl.discovery.links import Link, Skip, Told, UnusableError, joined
from newscrawl.discovery.told import told

_ADDRESSES = ("url", "id", "external_url")


def json_feed_links(text: str, url: str, *, clock: Clock, skip: Skip, texts: bool) -> Iterator[Link]:
    """The links of a document, in its own order; none when it is no JSON Feed.

    `skip` is told of each item without a usable link, and "broken-off" of a document that is no whole JSON; `texts`
    says whether what the feed tells of its stories is wanted.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        skip("broken-off")
        return
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return
    language = read_language(_text(document, "language"))
    for item in items:
        if not isinstance(item, dict):
            skip("malformed")
            continue
        try:
            yield _link(item, url, clock, language, texts=texts)
        except UnusableError as error:
            skip(str(error))
        except ValueError:
            skip("malformed")


def _link(item: dict[str, Any], url: str, clock: Clock, language: str | None, *, texts: bool) -> Link:
    addresses = (_text(item, name) for name in _ADDRESSES)
    reference = next((text for text in addresses if text and text.lower().startswith(("http://", "https://"))), None)
    reference = reference or _text(item, "url")
    if not reference:
        raise UnusableError("no-link")
    target = joined(url, reference)
    if not target.startswith(("http://", "https://")):
        raise UnusableError("not-http")
    return Link(
        target,
        title=read_title(_text(item, "title")),
        published=clock.read(_text(item, "date_published")),
        modified=clock.read(_text(item, "date_modified")),
        language=read_language(_text(item, "language")) or language,
        origin="feed",
        told=_told(item, url) if texts else None,
    )


def _text(item: dict[str, Any], name: str) -> str | None:
    value = item.get(name)
    return whole(value) if isinstance(value, str) else None


def _told(item: dict[str, Any], url: str) -> Told | None:
    text = _text(item, "content_html")
    if not text and (plain := _text(item, "content_text")):
        text = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in plain.splitlines())
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [_text(author, "name") or "" for author in authors or () if isinstance(author, dict)]
    tags = item.get("tags")
    images = [image for name in ("image", "banner_image") if (image := _text(item, name))]
    return told(
        text,
        names,
        [whole(tag) for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        [address for image in images if (address := _address(url, image))],
    )


def _address(url: str, reference: str) -> str | None:
    try:
        address = joined(url, reference)
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None
