"""الضفاف: the markup of a Drupal site."""

from __future__ import annotations

from html import escape
from typing import Any

from newscrawl.demo import house_dates, json_ld, markup
from newscrawl.demo.pieces import Piece, base_record, iso

PATHS = {"menu": "/section/{slug}", "page": "/section/{slug}?page={n}"}
# How much the page's JSON-LD is worth, article by article.
_QUALITY = ("graph", "graph", "trailing commas", "control characters", "arabic date", "none")


def _quality(piece: Piece) -> str:
    return _QUALITY[piece.index % len(_QUALITY)]


def _house(text: str) -> str:
    """House style: straight quotation marks."""
    return text.replace("«", '"').replace("»", '"')


def _paragraphs(piece: Piece) -> list[str]:
    paragraphs = [_house(paragraph) for paragraph in piece.story.paragraphs]
    if piece.wire:
        paragraphs[0] = f"{piece.wire.city} ({piece.wire.printed}) - {paragraphs[0]}"
    return paragraphs


def _published_text(piece: Piece) -> str:
    """The string that a reader of the metadata, or without them of the page, finds."""
    if _quality(piece) == "arabic date":
        return house_dates.levantine(piece.published)
    if _quality(piece) == "none":
        return house_dates.dual(piece.published)
    return piece.published.isoformat()


def _json_ld(piece: Piece) -> str:
    quality = _quality(piece)
    if quality == "none":
        return ""
    modified = iso(piece.modified)
    node = json_ld.article(piece, _house(piece.story.title), _published_text(piece), modified)
    if quality == "trailing commas":
        return json_ld.trailing_commas(node)
    if quality == "control characters":
        return json_ld.control_characters(node, _house(piece.story.subtitle))
    return json_ld.graph(piece, node) if quality == "graph" else json_ld.plain(node)


def _figure(piece: Piece) -> str:
    if piece.image is None:
        return ""
    credit = f" ({piece.photo_agency.printed})" if piece.photo_agency else ""
    return (
        f'<figure class="field-name-field-image"><img src="{piece.image}" width="900" height="506" alt="" />'
        f"<figcaption>{escape(_house(piece.story.caption or ''))}{credit}</figcaption></figure>"
    )


def _body(piece: Piece, issue: markup.Issue) -> str:
    blocks = [f"<p>{escape(text, quote=False)}</p>" for text in _paragraphs(piece)]
    related = markup.links(issue.others(piece, 2, 11))
    blocks.insert(
        2,
        '<div class="injected-block"><h3>اقرأ المزيد</h3>'
        "<p>يحتوي هذا القسم على المقالات ذات الصلة, الموضوعة في (Related Nodes field)</p>"
        f"<ul>{related}</ul></div>",
    )
    if piece.index % 3 == 1:
        blocks.insert(4, "<p>&nbsp;</p><p><strong>تابعونا على فيسبوك وتويتر</strong></p>")
    if piece.index % 4 == 2:
        blocks.append('<div class="newsletter-box"><p>للاشتراك في نشرة "الضفاف" اليومية اضغط هنا</p></div>')
    return "\n".join(blocks)


def page(piece: Piece, issue: markup.Issue) -> str:
    """The article's page."""
    title = escape(_house(piece.story.title))
    writer = f'<a href="/author/{piece.index}">{piece.author}</a>'
    byline = f'<div class="submitted"><span class="author">{writer}</span></div>' if piece.author else ""
    return markup.fill(
        "aldifaf_article.html",
        title=title,
        subtitle=escape(_house(piece.story.subtitle)),
        url=piece.url,
        number=piece.number,
        og_image=f'<meta property="og:image" content="{piece.image}" />' if piece.image else "",
        json_ld=_json_ld(piece),
        clock=house_dates.dual(issue.now.astimezone(piece.paper.zone)),
        menu=markup.menu(piece.paper, PATHS["menu"]),
        section=piece.section.label,
        section_slug=piece.section.slug,
        byline=byline,
        date=house_dates.dual(piece.published),
        figure=_figure(piece),
        body=_body(piece, issue),
        tags=" ".join(f'<a href="/tags/{number}">{escape(tag)}</a>' for number, tag in enumerate(piece.story.tags)),
        more=markup.links(issue.others(piece, 3, 2)),
        comments=markup.comments(piece, '<div class="comment"><h3><a href="#">قارئ</a></h3><p>{}</p></div>'),
        popular=markup.links(issue.others(piece, 5, 20)),
    )


def record(piece: Piece) -> dict[str, Any]:
    """What the page says, field by field."""
    story = piece.story
    caption = _house(story.caption) if story.caption else None
    credit = piece.photo_agency.agency if piece.photo_agency else None
    image = {"url": piece.image, "caption": caption, "credit": credit}
    return {
        **base_record(piece, _house(story.title), _house(story.subtitle), _paragraphs(piece)),
        "canonical_url": piece.url,
        "tags": list(story.tags),
        "images": [image] if piece.image else [],
        "published_at": piece.published.isoformat(),
        "published_raw": _published_text(piece),
        "modified_at": iso(piece.modified) if _quality(piece) != "none" else None,
        "paywalled": None,
    }
