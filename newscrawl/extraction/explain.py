"""Extraction explained: one self-contained HTML page that shows every block of a page with its verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.fields import RawFields
from newscrawl.items import Article

_KEPT, _STORY = "kept", "the story"


def render(article: Article, blocks: Sequence[Block], fields: RawFields, coverage: float | None = None) -> str:
    """The page; needs no network, no script, and reads right to left. `coverage` is the reading's."""
    counts = Counter(block.dropped for block in blocks)
    legend = "".join(
        f'<li class="{_css(verdict)}"><b>{verdict or _KEPT}</b> {counts[verdict]} '
        f'<span dir="ltr">{escape(verdict.why if verdict else _STORY)}</span></li>'
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
        f"<p dir=ltr>{_covered(coverage)}</p><ul class=legend>{legend}</ul><main>{''.join(map(_block, blocks))}</main>"
        f"<h2 dir=ltr>Record</h2><table>{record}</table><h2 dir=ltr>Offers of the layers</h2><table>{offers}</table>"
        "</body></html>\n"
    )


def _covered(coverage: float | None) -> str:
    if coverage is None:
        return "The page shows no sentence outside furniture."
    return f"The story holds {coverage:.0%} of the page's sentences outside furniture."


def _block(block: Block) -> str:
    verdict = f"{block.dropped}: {block.dropped.why}" if block.dropped else _KEPT
    note = f"{_place(block)} · {block.kind} · {block.words} words · {block.link_share:.0%} links · {verdict}"
    text = escape(block.text[:1500])
    return f'<div class="{_css(block.dropped)}"><p>{text}</p><small dir="ltr">{escape(note)}</small></div>\n'


def _place(block: Block) -> str:
    """The element's tag, id and classes, as a CSS selector would name it."""
    element = block.element
    name = str(element.tag)
    if element.get("id"):
        name += f"#{element.get('id')}"
    return name + "".join(f".{part}" for part in (element.get("class") or "").split())


def _css(verdict: Verdict | None) -> str:
    return (verdict or _KEPT).replace(" ", "-")
