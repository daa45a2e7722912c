"""JSON-LD of the page's own story: who it is of, when, by whom, its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from newscrawl.arabic import fold
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.elements.markup import plain_text
from newscrawl.extraction.fields import JSON_LD, Field, RawFields
from newscrawl.extraction.layers.keywords import keywords
from newscrawl.extraction.page.linked_data import Graph, text, types
from newscrawl.extraction.page.outline import outermost
from newscrawl.extraction.page.page import Page

_STORY_TYPES = frozenset(
    "NewsArticle Article BlogPosting ReportageNewsArticle OpinionNewsArticle AnalysisNewsArticle LiveBlogPosting "
    "BackgroundNewsArticle ReviewNewsArticle AskPublicNewsArticle SatiricalArticle Report TechArticle".split()
)
_MAY_BE_FREE = _STORY_TYPES | {"WebPage", "WebPageElement", "CreativeWork"}
_STORY_DATES: tuple[tuple[Field, tuple[str, ...]], ...] = (
    ("published", ("datePublished",)),
    # Begun, not published; uploads are pictures' and videos'.
    ("created", ("dateCreated", "uploadDate")),
    ("modified", ("dateModified",)),
)
_ORGANIZATIONS = frozenset({"Corporation", "NGO", "WebSite", "LocalBusiness", "Brand"})
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")
_MOST_AUTHORS, _MOST_HEADINGS, _MOST_PAGES = 12, 20, 20


def story_node(page: Page) -> dict[str, Any] | None:
    """The JSON-LD object of the page's own story: by URL, else by headline, else the first of its kind."""
    stories = page.json_ld.own(_STORY_TYPES)
    if len(stories) < 2:
        return stories[0] if stories else None
    own = {_address(page.url), _address(page.canonical or "")} - {("", "")}
    whole = [node for node in stories if {_address(url) for url in addresses(node)} & own]
    paths = {path for path, _ in own} - {""}
    near = [node for node in stories if {_address(url)[0] for url in addresses(node)} & paths]
    # Where the query names the story, all of them have one path.
    by_address = whole or (near if len(near) == 1 else [])
    if by_address:
        return by_address[0]
    titles = [fold(title) for title in (*page.meta.get("og:title", ()), *_headings(page), page.title)]
    for title in filter(None, titles):
        for node in stories:
            headline = fold(plain_text(text(node.get("headline")) or text(node.get("name"))))
            if headline and headline in title:
                return node
    return (near or stories)[0]


def _headings(page: Page) -> Iterator[str]:
    return map(text_of, outermost(list(islice(page.root.iter("h1"), _MOST_HEADINGS))))


def article_body(node: dict[str, Any] | None) -> str:
    """The story's text as JSON-LD has it, or ""; it may be glued, cut, or the description only."""
    return text(node.get("articleBody")) if node else ""


def addresses(node: dict[str, Any]) -> Iterator[str]:
    """The addresses of an object and of the page that it is the main thing of."""
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def _address(url: str) -> tuple[str, str]:
    """The path and the query of an address; what only counts where a reader came from is no query."""
    try:
        parts = urlsplit(url.replace("&amp;", "&"))
    except ValueError:
        return "", ""
    query = "&".join(sorted(p for p in parts.query.split("&") if p and not p.startswith(("utm_", "fbclid", "amp"))))
    return unquote(parts.path).rstrip("/"), query


def read_story(graph: Graph, node: dict[str, Any], fields: RawFields) -> None:
    """Offers what the object of the story says."""
    holder = node.get("mainEntityOfPage")
    for field, keys in _STORY_DATES:
        for key in keys:
            fields.offer(field, _date_text(node.get(key)), JSON_LD)
        if isinstance(holder, dict):
            fields.offer(field, _date_text(holder.get(keys[0])), JSON_LD)
    fields.offer("title", plain_text(text(node.get("headline")) or text(node.get("name"))), JSON_LD)
    fields.offer("subtitle", plain_text(text(node.get("alternativeHeadline"))), JSON_LD)
    _offer_authors(graph, node, fields)
    fields.offer("section", plain_text(text(node.get("articleSection"))), JSON_LD)
    fields.offer("tags", keywords(text(word) for word in graph.members(node.get("keywords"))), JSON_LD)
    for key in ("image", "thumbnailUrl"):
        for url in _pictures(graph, node.get(key)):
            fields.offer("image", url, JSON_LD)


def read_page(graph: Graph, node: dict[str, Any] | None, fields: RawFields) -> None:
    """Offers what the object of the page says: WordPress plug-ins put dates and picture there, and the author, too,
    when they write no object of the story."""
    for page in islice((found for found in graph.nodes if "WebPage" in types(found)), _MOST_PAGES):
        fields.offer("published", _date_text(page.get("datePublished")), JSON_LD)
        fields.offer("modified", _date_text(page.get("dateModified")), JSON_LD)
        for url in _pictures(graph, page.get("primaryImageOfPage")):
            fields.offer("image", url, JSON_LD)
        if node is None:
            _offer_authors(graph, page, fields)


def read_breadcrumb(graph: Graph, fields: RawFields) -> None:
    """Offers the names of the page's breadcrumb, outermost first."""
    for node in graph.nodes:
        if "BreadcrumbList" not in types(node) or not isinstance(node.get("itemListElement"), list):
            continue
        names = []
        for member in node["itemListElement"]:
            if isinstance(member, dict):
                item = member.get("item")
                names.append(text(member.get("name")) or (text(item.get("name")) if isinstance(item, dict) else ""))
        fields.offer("breadcrumb", [plain_text(name) for name in names if name], JSON_LD)


def read_paywall(graph: Graph, fields: RawFields) -> None:
    """Offers whether a story may be read for nothing."""
    for node in graph.nodes:
        if types(node) & _MAY_BE_FREE:
            holder = node.get("mainEntityOfPage")
            for part in (node, holder if isinstance(holder, dict) else {}):
                free = part.get("isAccessibleForFree")
                if free is not None:
                    fields.offer("free", str(free).strip().lower() not in ("false", "0", "no"), JSON_LD)


def _date_text(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < 64:
        return str(value)
    return text(value)


def _offer_authors(graph: Graph, node: dict[str, Any], fields: RawFields) -> None:
    """Who wrote a story; who made it, where nobody is said to have written it."""
    for key in ("author", "creator"):
        every = (name for member in graph.members(node.get(key)) for name in _names(member))
        if names := list(islice(every, _MOST_AUTHORS)):
            fields.offer("authors", names, JSON_LD)
            return


def _names(author: Any) -> Iterator[str]:
    if isinstance(author, str):
        if not author.startswith(("http:", "https:", "_:", "#", "/")):
            yield plain_text(author)
        return
    kinds = types(author)
    if "Person" not in kinds and any(kind in _ORGANIZATIONS or kind.endswith("Organization") for kind in kinds):
        return
    names = author.get("name")
    if isinstance(names, list) and not any(isinstance(name, dict) for name in names):
        found = [text(name) for name in names]
    else:
        found = [text(names) or " ".join(filter(None, (text(author.get(k)) for k in ("givenName", "familyName"))))]
    yield from (plain for name in found if (plain := plain_text(name)))


def _pictures(graph: Graph, value: Any, levels: int = 3) -> Iterator[str]:
    """The addresses of the pictures of a value; of a reference that names nothing, itself if it is a picture's."""
    for member in islice(graph.members(value), _MOST_AUTHORS):
        if isinstance(member, str):
            if member.strip():
                yield member.strip()
            continue
        held = [member[key] for key in ("url", "contentUrl", "@value", "image") if member.get(key)]
        if levels and held:
            yield from (url for one in held[:1] for url in _pictures(graph, one, levels - 1))
        elif str(member.get("@id", "")).lower().partition("?")[0].endswith(_PICTURE_ENDINGS):
            yield str(member["@id"])
