"""المرفأ اليوم: the markup of a WordPress site."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any

from newscrawl.demo import house_dates, json_ld, markup
from newscrawl.demo.pieces import Piece, base_record

PATHS = {"menu": "/category/{slug}/", "page": "/category/{slug}/page/{n}/"}
_FOLLOW_US = "تابعوا آخر أخبار المرفأ اليوم عبر Google News"


def _utc(when: datetime | None) -> str | None:
    """WordPress plug-ins print UTC."""
    return when.astimezone(UTC).isoformat() if when else None


def _paragraphs(piece: Piece) -> list[str]:
    paragraphs = list(piece.story.paragraphs)
    if piece.wire:
        paragraphs[0] = f"{piece.wire.city} - {piece.wire.printed}: {paragraphs[0]}"
    return paragraphs


def _subscribers_only(piece: Piece) -> bool:
    return piece.index % 10 == 7


def _json_ld(piece: Piece) -> str:
    """Every fourth article has none; of the others' articleBody is the standfirst alone."""
    if piece.index % 4 == 3:
        return ""
    node = json_ld.article(
        piece,
        piece.story.title,
        piece.published.astimezone(UTC).isoformat(),
        _utc(piece.modified),
        articleBody=piece.story.subtitle,
        articleSection=piece.section.label,
        keywords=list(piece.story.tags),
        isAccessibleForFree=not _subscribers_only(piece),
    )
    return json_ld.graph(piece, node)


def _figure(piece: Piece) -> str:
    if piece.image is None:
        return ""
    credit = f" - {piece.photo_agency.printed}" if piece.photo_agency else ""
    return (
        f'<figure class="wp-caption"><img class="wp-post-image" src="{piece.image}" alt="" width="1024" height="683">'
        f'<figcaption class="wp-caption-text">{escape(piece.story.caption or "")}{credit}</figcaption></figure>'
    )


def _body(piece: Piece, issue: markup.Issue) -> str:
    blocks = [f"<p>{escape(text, quote=False)}</p>" for text in _paragraphs(piece)]
    also = issue.others(piece, 2, 7)
    if piece.index % 2:
        box = markup.links(also[:1], "{}")
        blocks.insert(2, f"<p><strong>اقرأ أيضاً: {box}</strong></p>")
    else:
        blocks.insert(3, f'<div class="read-also"><span>اقرأ أيضا</span><ul>{markup.links(also)}</ul></div>')
    if piece.index % 3 == 0:
        blocks.insert(
            1,
            '<div class="mc4wp-form"><p>اشترك في نشرتنا البريدية</p><input type="email"><p>بريدك في أمان</p></div>',
        )
    blocks.append(f"<p>{_FOLLOW_US}</p>")
    return "\n".join(blocks)


def page(piece: Piece, issue: markup.Issue) -> str:
    """The article's page."""
    writer = f'<a class="url fn n" rel="author" href="/author/w{piece.index}/">{piece.author}</a>'
    modified = _utc(piece.modified)
    return markup.fill(
        "almarfa_article.html",
        title=escape(piece.story.title),
        subtitle=escape(piece.story.subtitle),
        url=piece.url,
        number=piece.number,
        published_utc=_utc(piece.published),
        modified_meta=f'<meta property="article:modified_time" content="{modified}" />' if modified else "",
        robots='<meta name="robots" content="noarchive" />' if _reserved(piece) else "",
        og_image=f'<meta property="og:image" content="{piece.image}" />' if piece.image else "",
        json_ld=_json_ld(piece),
        menu=markup.menu(piece.paper, PATHS["menu"]),
        ticker=markup.links(issue.others(piece, 2, 30), "{}"),
        section=piece.section.label,
        section_slug=piece.section.slug,
        byline=f'<span class="byline">{writer}</span> ' if piece.author else "",
        date=house_dates.wordpress(piece.published),
        figure=_figure(piece),
        body=_body(piece, issue),
        tags="، ".join(
            f'<a href="/tag/{number}/" rel="tag">{escape(tag)}</a>' for number, tag in enumerate(piece.story.tags)
        ),
        more=markup.links(issue.others(piece, 3, 2), '<div class="jp-related">{}</div>'),
        comments=markup.comments(piece, '<li class="comment"><div class="comment-content"><p>{}</p></div></li>'),
        popular=markup.links(issue.others(piece, 5, 20)),
    )


def _reserved(piece: Piece) -> bool:
    return piece.index == 5


def record(piece: Piece) -> dict[str, Any]:
    """What the page says, field by field."""
    story = piece.story
    credit = piece.photo_agency.agency if piece.photo_agency else None
    image = {"url": piece.image, "caption": story.caption, "credit": credit}
    return {
        **base_record(piece, story.title, story.subtitle, _paragraphs(piece)),
        "canonical_url": piece.url,
        "tags": list(story.tags),
        "images": [image] if piece.image else [],
        "published_at": _utc(piece.published),
        "published_raw": _utc(piece.published),
        "modified_at": _utc(piece.modified),
        "paywalled": None if piece.index % 4 == 3 else _subscribers_only(piece),
        "restrictions": ["noarchive"] if _reserved(piece) else [],
    }
