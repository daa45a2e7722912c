"""JSON-LD as news sites write it: well, with slips that a strict parser refuses, or with next to nothing in it."""

from __future__ import annotations

import json
from typing import Any

from newscrawl.demo.pieces import Piece


def _script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1).replace("</", "<\\/")


def article(piece: Piece, title: str, published: str, modified: str | None, **more: Any) -> dict[str, Any]:
    """A NewsArticle node; `more` adds or overrides members, None leaves one out."""
    node = {
        "@type": "NewsArticle",
        "@id": f"{piece.url}#article",
        "mainEntityOfPage": piece.url,
        "headline": title,
        "datePublished": published,
        "dateModified": modified,
        "author": {"@type": "Person", "name": piece.author} if piece.author else None,
        "publisher": {"@type": "Organization", "name": piece.paper.name},
        "image": piece.image,
        "inLanguage": "ar",
        **more,
    }
    return {key: value for key, value in node.items() if value is not None}


def graph(piece: Piece, node: dict[str, Any]) -> str:
    """A well-made @graph, with the site, the page and the breadcrumb beside the article."""
    crumbs = [("الرئيسية", piece.paper.root), (piece.section.label, piece.paper.root), (node["headline"], piece.url)]
    trail = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(crumbs, 1)
    ]
    site = {"@type": "WebSite", "name": piece.paper.name, "url": piece.paper.root}
    page = {"@type": "WebPage", "@id": piece.url, "url": piece.url, "name": node["headline"]}
    members = [site, page, node, {"@type": "BreadcrumbList", "itemListElement": trail}]
    return _script(_dump({"@context": "https://schema.org", "@graph": members}))


def trailing_commas(node: dict[str, Any]) -> str:
    """An article object whose template leaves a comma before the closing brace."""
    text = _dump({"@context": "https://schema.org", **node})
    return _script(text[: text.rindex("}")].rstrip() + ",\n}")


def control_characters(node: dict[str, Any], description: str) -> str:
    """An article object whose description was pasted with raw line breaks and tabs."""
    text = _dump({"@context": "https://schema.org", **node, "description": "BREAK"})
    return _script(text.replace('"BREAK"', '"' + description.replace('"', "'").replace(" ", "\t", 1) + '\n\n"'))


def plain(node: dict[str, Any]) -> str:
    """A single well-formed article object."""
    return _script(_dump({"@context": "https://schema.org", **node}))
