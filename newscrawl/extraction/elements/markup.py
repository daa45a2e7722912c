"""Markup inside the strings of metadata: a headline with <b>, a name inside a link."""

from __future__ import annotations

import re

from newscrawl.arabic.references import unescape

_INLINE = "b|i|u|s|a|em|strong|span|font|small|big|sub|sup|mark|bdi|bdo|q|cite|wbr|strike|del|ins|abbr|label|time"
_BLOCK = "br|p|div|h[1-6]|img|center|ul|ol|li|blockquote|section|header|figure|hr|td|tr|dl|dt|dd|table|article"
_TAG = re.compile(
    rf"</?(?:(?:{_INLINE})|(?P<block>{_BLOCK}))(?:\s[^<>]*|/)?/?>|<!\[CDATA\[|\]\]>|<!--(?:.*?-->|.*)",
    re.IGNORECASE | re.DOTALL,
)


def plain_text(text: str) -> str:
    """What a reader would see of a string of metadata if its markup, escaped up to twice, were markup; a string
    without any stays as it is."""
    if "<" not in text and "&" not in text:
        return text
    markup = unescape(unescape(text))
    if _TAG.search(markup) is None:
        return text
    return " ".join(_TAG.sub(lambda tag: " " if tag["block"] else "", markup).split())
