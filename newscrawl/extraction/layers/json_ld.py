"""JSON-LD of the page's own story: who it is of, when, by whom, its pictures."""

from __future__ import annotations

import re
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
from newscrawl.urls import host_of, is_same_site

#: The types of what a newspaper prints.
STORY_TYPES = frozenset(
    "NewsArticle Article BlogPosting ReportageNewsArticle OpinionNewsArticle AnalysisNewsArticle LiveBlogPosting "
    "BackgroundNewsArticle ReviewNewsArticle AskPublicNewsArticle SatiricalArticle Report TechArticle".split()
)
_MAY_BE_FREE = STORY_TYPES | {"WebPage", "WebPageElement", "CreativeWork"}
_STORY_DATES: tuple[tuple[Field, tuple[str, ...]], ...] = (
    ("published", ("datePublished",)),
    # Begun, not published; uploads are pictures' and videos'.
    ("created", ("dateCreated", "uploadDate")),
    ("modified", ("dateModified",)),
)
#: A name told in parts, in their order.
NAME_PARTS = ("givenName", "additionalName", "familyName")
_ORGANIZATIONS = frozenset({"Corporation", "NGO", "WebSite", "LocalBusiness", "Brand"})
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")
# Folded Arabic words that are not particles, and how many of them tell what a headline is about.
_WORD = re.compile(r"[\u0621-\u064a]{4,}")
_FEWEST_WORDS = 4
_MOST_AUTHORS, _MOST_HEADINGS, _MOST_PAGES = 12, 20, 20


def story_node(page: Page) -> dict[str, Any] | None:
    """The JSON-LD object of the page's own story: by URL, else by headline, else the first of its kind, if its
    address and headline are not another story's; None where there is none."""
    stories = page.json_ld.own(STORY_TYPES)
    held = [] if stories else page.json_ld.held(STORY_TYPES)
    if not stories and not held:
        return None
    whole, near = _at_address(page, stories or held)
    # Where the query names the story, all of them have one path.
    if by_address := whole or (near if len(near) == 1 else []):
        return by_address[0]
    titles = told_titles(page)
    headlines = [(fold(_headline(node)), node) for node in stories or held]
    for title in titles:
        for headline, node in headlines:
            if headline and headline in title and (stories or len(_WORD.findall(headline)) >= _FEWEST_WORDS):
                return node
    for title in titles:
        for headline, node in headlines:
            if title in headline and len(_WORD.findall(title)) >= _FEWEST_WORDS:
                return node  # "... (فيديو)"
    return next((node for node in near or stories if not _tells_another(page, node, titles)), None)


def _at_address(page: Page, stories: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those of the objects that have the page's address, and those that have its path."""
    own = {_address(page.url), _address(page.canonical or "")} - {("", "")}
    paths = {path for path, _ in own} - {""}
    told = [(node, {_address(url) for url in addresses(node)}) for node in stories]
    return (
        [node for node, places in told if places & own],
        [node for node, places in told if {path for path, _ in places} & paths],
    )


def _headline(node: dict[str, Any]) -> str:
    return plain_text(text(node.get("headline")) or text(node.get("name")))


def _tells_another(page: Page, node: dict[str, Any], titles: list[str]) -> bool:
    """Whether an object has another address of the site and a headline that shares no word with any of the
    page's: another wording of one story shares some."""
    elsewhere = [url for url in addresses(node) if _address(url)[0] and is_same_site(host_of(url), host_of(page.url))]
    words = set(_WORD.findall(fold(_headline(node))))
    shown = {word for title in titles for word in _WORD.findall(title)}
    return bool(elsewhere) and min(len(words), len(shown)) >= _FEWEST_WORDS and words.isdisjoint(shown)


def told_titles(page: Page) -> list[str]:
    """What the page says that its headline is, folded: og:title, the first headings, <title>."""
    return list(filter(None, map(fold, (*page.meta.get("og:title", ()), *_headings(page), page.title))))


def _headings(page: Page) -> Iterator[str]:
    return map(text_of, outermost(page.tagged("h1")[:_MOST_HEADINGS]))


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
    return unquote(parts.path).rstrip("/").removesuffix("/amp"), query


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
        found = [text(names) or " ".join(filter(None, (text(author.get(k)) for k in NAME_PARTS)))]
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
