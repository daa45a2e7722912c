"""The metadata layer: JSON-LD, Open Graph, meta elements and microdata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from newscrawl.arabic import fold
from newscrawl.extraction.elements.blocks import text_of
from newscrawl.extraction.fields import JSON_LD, META, MICRODATA, OPEN_GRAPH, Field, RawFields
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.page.selectors import elements

_STORY_TYPES = frozenset(
    "NewsArticle Article BlogPosting ReportageNewsArticle OpinionNewsArticle AnalysisNewsArticle LiveBlogPosting "
    "BackgroundNewsArticle ReviewNewsArticle AskPublicNewsArticle SatiricalArticle Report TechArticle".split()
)
_MAY_BE_FREE = _STORY_TYPES | {"WebPage", "WebPageElement", "CreativeWork"}
_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "publish-date", "publishdate", "publish_date", "pubdate", "published-date", "published_time_telegram",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.created",
    "dcterms.date", "article.published", "date.issued", "dc.date", "date",
)  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "article:modified", "og:modified_time",
                  "last-modified", "lastmod", "dcterms.modified")  # fmt: skip
_AUTHOR_META = ("author", "article:author", "article:author_name", "dc.creator", "byl", "parsely-author",
                "sailthru.author", "cxenseparse:author", "twitter:creator")  # fmt: skip
_STORY_DATES: tuple[tuple[Field, tuple[str, ...]], ...] = (
    ("published", ("datePublished", "dateCreated", "uploadDate")),
    ("modified", ("dateModified",)),
)
# How Yoast, on most WordPress sites, labels the author of a page for X.
_WRITTEN_BY = frozenset(map(fold, ("Written by", "كُتب بواسطة", "كتب بواسطة", "بواسطة", "الكاتب", "By")))
# By way of the attributes: asking every element for one in a predicate takes three times as long.
_ITEMS = elements("/descendant::*/@itemprop/.. | /html/body/descendant::*/@property/..")
# Drupal 7 writes its only machine date so.
_RDFA_DATES = ("dc:date", "dc:created", "dateCreated")
_MOST_AUTHORS = 12
_MOST_RDFA_DATES = 3


def read(page: Page, node: dict[str, Any] | None, fields: RawFields) -> None:
    """Offers what a page's metadata say, most trusted first; `node` is its story_node."""
    if node is not None:
        _read_story(node, fields)
    for name in _PUBLISHED_META:
        for value in page.meta.get(name, ()):
            fields.offer("published", value, META)
    for name in _MODIFIED_META:
        for value in page.meta.get(name, ()):
            fields.offer("modified", value, META)
    _read_microdata(page, fields)
    _read_web_page(page, fields)
    fields.offer("title", page.first_meta("og:title"), OPEN_GRAPH)
    fields.offer("title", page.first_meta("twitter:title", "title", "headline", "dc.title"), META)
    fields.offer("title", page.title, META)
    for name in _AUTHOR_META:
        for value in page.meta.get(name, ()):
            if not value.startswith(("http:", "https:", "/", "@")):
                fields.offer("authors", [value], META)
    for number in ("1", "2"):
        if fold(page.first_meta(f"twitter:label{number}") or "") in _WRITTEN_BY:
            fields.offer("authors", page.meta.get(f"twitter:data{number}"), META)
    fields.offer("section", page.first_meta("article:section"), META)
    _read_breadcrumb(page, fields)
    fields.offer("section", page.first_meta("og:section", "category", "section"), META)
    fields.offer("tags", page.meta.get("article:tag"), META)
    fields.offer("tags", _comma_list(page.first_meta("news_keywords")), META)
    for name in ("og:image", "og:image:url", "og:image:secure_url"):
        fields.offer("image", page.first_meta(name), OPEN_GRAPH)
    fields.offer("image", page.first_meta("twitter:image", "twitter:image:src", "image"), META)
    fields.offer("canonical", page.canonical, META)
    fields.offer("canonical", page.first_meta("og:url"), OPEN_GRAPH)
    _read_paywall(page, fields)


def story_node(page: Page) -> dict[str, Any] | None:
    """The JSON-LD object of the page's own story: by URL, else by headline, else the first of its kind."""
    stories = [node for node in page.json_ld if _types(node) & _STORY_TYPES]
    if len(stories) < 2:
        return stories[0] if stories else None
    here = _path(page.url)
    claimed = _path(page.canonical or "")
    for node in stories:
        if {_path(url) for url in _urls(node)} & {here, claimed} - {""}:
            return node
    title = page.first_meta("og:title") or ""
    for node in stories:
        headline = node.get("headline")
        if isinstance(headline, str) and headline.strip() and headline.strip() in title:
            return node
    return stories[0]


def article_body(node: dict[str, Any] | None) -> str:
    """The story's text as JSON-LD has it, or ""; it may be glued, cut, or the description only."""
    return _text(node.get("articleBody")) if node else ""


def _types(node: dict[str, Any]) -> set[str]:
    kind = node.get("@type")
    return {k for k in (kind if isinstance(kind, list) else [kind]) if isinstance(k, str)}


def _urls(node: dict[str, Any]) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url).path).rstrip("/")
    except ValueError:
        return ""


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    return value.strip() if isinstance(value, str) else ""


def _read_story(node: dict[str, Any], fields: RawFields) -> None:
    holder = node.get("mainEntityOfPage")
    for field, keys in _STORY_DATES:
        for key in keys:
            fields.offer(field, _date_text(node.get(key)), JSON_LD)
        if isinstance(holder, dict):
            fields.offer(field, _date_text(holder.get(keys[0])), JSON_LD)
    fields.offer("title", _text(node.get("headline")) or _text(node.get("name")), JSON_LD)
    fields.offer("subtitle", _text(node.get("alternativeHeadline")), JSON_LD)
    names = list(_author_names(node.get("author")))[:_MOST_AUTHORS]
    fields.offer("authors", names, JSON_LD)
    fields.offer("section", _text(node.get("articleSection")), JSON_LD)
    keywords = node.get("keywords")
    fields.offer("tags", _comma_list(keywords) if isinstance(keywords, str) else _strings(keywords), JSON_LD)
    fields.offer("image", _image_url(node.get("image")) or _text(node.get("thumbnailUrl")), JSON_LD)


def _date_text(value: Any) -> str:
    return (
        str(value)
        if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < 64
        else _text(value)
    )


def _author_names(value: Any, depth: int = 0) -> Iterator[str]:
    if depth > 3:
        return
    if isinstance(value, list):
        for member in value[:_MOST_AUTHORS]:
            yield from _author_names(member, depth + 1)
    elif isinstance(value, dict):
        if "Organization" not in _types(value) and "NewsMediaOrganization" not in _types(value):
            yield from _author_names(value.get("name"), depth + 1)
    elif isinstance(value, str) and value.strip():
        yield value


def _comma_list(value: str | None) -> list[str]:
    if not value:
        return []
    return [part.strip() for part in value.replace("،", ",").split(",") if part.strip()]


def _strings(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for member in value if (text := _text(member))]
    return []


def _image_url(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
        if isinstance(value, list):
            value = value[0] if value else None
    return value if isinstance(value, str) else ""


def _read_microdata(page: Page, fields: RawFields) -> None:
    names: list[str] = []
    items: list[tuple[Field, str]] = []
    dates: list[str] = []
    for element in _ITEMS(page.root):
        kind = element.get("itemprop", "").lower()
        if kind in ("datepublished", "datemodified"):
            stamp = element.get("content") or element.get("datetime") or element.get("title") or ""
            items.append(("published" if kind == "datepublished" else "modified", stamp))
        elif kind == "author" and element.tag != "meta" and len(names) < _MOST_AUTHORS:
            inner = element.find(".//*[@itemprop='name']")
            named = element if inner is None else inner
            name = named.get("content") or text_of(named)
            if name and len(name) < 100:
                names.append(name)
        shown = element.get("property")
        if shown and element.tag != "meta" and any(name in shown for name in _RDFA_DATES):
            dates.append(element.get("content", ""))
    for date in dates[:_MOST_RDFA_DATES]:
        fields.offer("published", date, MICRODATA)
    for name, stamp in items:
        fields.offer(name, stamp, MICRODATA)
    fields.offer("authors", names, MICRODATA)


def _read_web_page(page: Page, fields: RawFields) -> None:
    """WordPress plug-ins put the dates on the WebPage object when they write no article object."""
    for node in page.json_ld:
        if "WebPage" in _types(node):
            fields.offer("published", _date_text(node.get("datePublished")), JSON_LD)
            fields.offer("modified", _date_text(node.get("dateModified")), JSON_LD)


def _read_breadcrumb(page: Page, fields: RawFields) -> None:
    for node in page.json_ld:
        if "BreadcrumbList" not in _types(node) or not isinstance(node.get("itemListElement"), list):
            continue
        names = []
        for member in node["itemListElement"]:
            if isinstance(member, dict):
                item = member.get("item")
                name = _text(member.get("name")) or (_text(item.get("name")) if isinstance(item, dict) else "")
                names.append(name)
        fields.offer("breadcrumb", [n for n in names if n], JSON_LD)


def _read_paywall(page: Page, fields: RawFields) -> None:
    for node in page.json_ld:
        if _types(node) & _MAY_BE_FREE:
            holder = node.get("mainEntityOfPage")
            for part in (node, holder if isinstance(holder, dict) else {}):
                free = part.get("isAccessibleForFree")
                if free is not None:
                    fields.offer("free", str(free).strip().lower() not in ("false", "0", "no"), JSON_LD)
    tier = page.first_meta("article:content_tier", "content_tier")
    if tier:
        fields.offer("free", tier.lower() == "free", META)
