"""جريدة الواحة: hand-made pages of long ago, in windows-1256, with numeric entities for what that cannot write."""

from __future__ import annotations

from html import escape
from typing import Any

from newscrawl.demo import house_dates, markup
from newscrawl.demo.pieces import Piece, base_record

PATHS = {"menu": "/list.php?cat={slug}", "page": "/list.php?cat={slug}&amp;p={n}"}
CHARSET = "windows-1256"


def encode(html: str) -> bytes:
    """The bytes of a page: what windows-1256 lacks (Arabic-Indic digits) becomes a numeric entity."""
    return html.encode(CHARSET, "xmlcharrefreplace")


def _paragraphs(piece: Piece) -> list[str]:
    paragraphs = [house_dates.arabic_digits(paragraph) for paragraph in piece.story.paragraphs]
    if piece.wire:
        paragraphs[0] = f"{piece.wire.city} - {piece.wire.printed}: {paragraphs[0]}"
    return paragraphs


def _only_days_ago(piece: Piece) -> bool:
    """Some pages say only how many days ago the article appeared."""
    return piece.index % 8 == 5


def _date(piece: Piece, issue: markup.Issue) -> str:
    if _only_days_ago(piece):
        return house_dates.relative(piece.published, issue.now)
    return house_dates.hijri(piece.published)


def _figure(piece: Piece) -> str:
    if piece.image is None:
        return ""
    credit = f" ({piece.photo_agency.printed})" if piece.photo_agency else ""
    caption = house_dates.arabic_digits(piece.story.caption or "")
    return (
        f'<TR><TD ALIGN=CENTER CLASS=pic><IMG SRC="{piece.image}" WIDTH=500 HEIGHT=320><BR>'
        f"<FONT SIZE=2 CLASS=cap>{escape(caption)}{credit}</FONT></TD></TR>"
    )


def _body(piece: Piece, issue: markup.Issue) -> str:
    blocks = [escape(text, quote=False) for text in _paragraphs(piece)]
    if piece.index % 2:
        other = markup.links(issue.others(piece, 1, 4), "{}")
        blocks.insert(2, f"<B>اقرأ أيضاً: {other}</B>")
    if piece.index % 5 == 0:
        blocks.append("<CENTER>للمزيد تابعونا على تويتر وفيسبوك</CENTER>")
    return "<BR><BR>\n".join(blocks)


def page(piece: Piece, issue: markup.Issue) -> str:
    """The article's page, before it is encoded."""
    return markup.fill(
        "alwaha_article.html",
        title=escape(house_dates.arabic_digits(piece.story.title)),
        subtitle=escape(house_dates.arabic_digits(piece.story.subtitle)),
        number=piece.number,
        clock=house_dates.hijri(issue.now.astimezone(piece.paper.zone)),
        menu=markup.menu(piece.paper, PATHS["menu"], "{} |"),
        section=piece.section.label,
        date=_date(piece, issue),
        byline=f"<TR><TD CLASS=by>كتب: {piece.author}</TD></TR>" if piece.author else "",
        figure=_figure(piece),
        body=_body(piece, issue),
        reads=house_dates.arabic_digits(str(137 + piece.index * 53)),
        comments=markup.comments(piece, "{}<BR>"),
        more=markup.links(issue.others(piece, 6, 9), "{}<BR>"),
        popular=markup.links(issue.others(piece, 5, 20), "{}<BR>"),
    )


def record(piece: Piece, issue: markup.Issue) -> dict[str, Any]:
    """What the page says on the day of the issue, field by field."""
    story = piece.story
    digits = house_dates.arabic_digits
    credit = piece.photo_agency.agency if piece.photo_agency else None
    image = {"url": piece.image, "caption": digits(story.caption or ""), "credit": credit}
    days_only = _only_days_ago(piece)
    return {
        **base_record(piece, digits(story.title), digits(story.subtitle), _paragraphs(piece)),
        "canonical_url": None,
        "tags": [],
        "images": [image] if piece.image else [],
        "published_at": piece.published.date().isoformat() if days_only else piece.published.isoformat(),
        "published_raw": _date(piece, issue),
        "modified_at": None,
        "paywalled": None,
    }
