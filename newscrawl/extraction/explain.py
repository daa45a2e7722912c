"""Extraction explained: one self-contained HTML page that shows every block of a page with its verdict."""

from __future__ import annotations

from collections import Counter
from html import escape
from importlib.resources import files

from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.fields import RawFields
from newscrawl.items import Article

_VERDICTS = {
    "kept": "the story",
    "rule": "a drop rule of the publisher",
    "structure": "its tag, role, class or id names what surrounds a story",
    "phrase": "a phrase of tables/boilerplate.tsv",
    "link": "a line that is a link to something else",
    "card": "the excerpt in a card of another story",
    "box": "stands in one small box with a phrase, or above nothing but links",
    "credit": "names the agencies or the writer of the story at its end",
    "repeats": "the headline or a caption again",
    "learned": "recurs on this publisher's pages",
    "copy": "says again what stands elsewhere in the body",
    "preamble": "stands before the first sentence",
    "before the headline": "stands before the headline",
    "contact": "an address, initials, a number, or who the author is, at the end",
    "date": "a line that says the date",
    "caption": "stands right below a picture",
    "byline": "a byline",
    "standfirst": "the standfirst, shown apart",
    "ornament": "no letter, no digit",
    "heading of nothing": "a sub-heading with no text below it",
    "after the end": "stands after what ends a story",
}


def render(article: Article, blocks: list[Block], fields: RawFields) -> str:
    """The page; needs no network, no script, and reads right to left."""
    counts = Counter(block.dropped or "kept" for block in blocks)
    legend = "".join(
        f'<li class="{_css(verdict)}"><b>{escape(verdict)}</b> {counts[verdict]} '
        f'<span dir="ltr">{escape(_why(verdict))}</span></li>'
        for verdict in counts
    )
    record = "".join(
        f"<tr><th dir=ltr>{escape(name)}</th><td>{escape(str(value))}</td>"
        f"<td dir=ltr>{escape(article.provenance.get(name, ''))}</td></tr>"
        for name, value in article.to_dict().items()
        if name not in ("body", "provenance") and value not in (None, [], "")
    )
    offers = "".join(
        f"<tr><th dir=ltr>{escape(name)}</th><td>{escape(str(offer.value)[:300])}</td>"
        f"<td dir=ltr>{escape(offer.layer)}</td></tr>"
        for name, found in fields.every().items()
        for offer in found[:6]
    )
    style = files("newscrawl.extraction").joinpath("tables", "explain.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="ar" dir="rtl"><head><meta charset="utf-8">'
        f"<title>{escape(article.title or article.url)}</title><style>{style}</style></head><body>"
        f'<h1>{escape(article.title or "—")}</h1><p dir="ltr"><code>{escape(article.url)}</code></p>'
        f"<ul class=legend>{legend}</ul><main>{''.join(map(_block, blocks))}</main>"
        f"<h2 dir=ltr>Record</h2><table>{record}</table><h2 dir=ltr>Offers of the layers</h2><table>{offers}</table>"
        "</body></html>\n"
    )


def _block(block: Block) -> str:
    verdict = block.dropped or "kept"
    note = f"{_place(block)} · {block.kind} · {block.words} words · {block.link_share:.0%} links · {verdict}"
    if block.dropped:
        note += f": {_why(verdict)}"
    text = escape(block.text[:1500])
    return f'<div class="{_css(verdict)}"><p>{text}</p><small dir="ltr">{escape(note)}</small></div>\n'


def _place(block: Block) -> str:
    """The element's tag, id and classes, as a CSS selector would name it."""
    element = block.element
    name = str(element.tag)
    if element.get("id"):
        name += f"#{element.get('id')}"
    return name + "".join(f".{part}" for part in (element.get("class") or "").split())


def _why(verdict: str) -> str:
    return _VERDICTS[verdict]


def _css(verdict: str) -> str:
    return verdict.replace(" ", "-")
