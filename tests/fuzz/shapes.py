# ruff: noqa: E501
"""Inputs that grow: one piece a thousand times, in each place where an entry point may read it."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

from hypothesis import strategies as st

#: Pieces that are repeated: of prose, names and dates, of addresses, of markup, of scripts.
PIECES = [
    " ", "\n", "\u00a0", "\u200f", "ـ", "ّ", "1", "١", ".", ":", "-", "–", "/", "\\", "|", "،", ",", "(", "[", "«", '"', "'", "#", "@", "_", "*", "&", "&#", "&amp;",
    "a", "ن", "a.", "ن.", "a@", "a@a.", "a:", "'a\\", '"\\', '\\"', "a ", "ن ", " -", "- ", " /", "/ ", " :", ": ", " |", "، ", "\n ", " \n-", "x-1 ", "1:", "1/", "1-1", "10:10 ", "٢٧ ",
    "من ", "و ", "في ", "بقلم ", "بقلم: ", "كتب ", "كتب: ", "كتبت/ ", "منذ ", "قبل ", "منذ ١ ", "تصوير: ", "(رويترز) ", "أ ف ب ", "أ.", "أ. ", "د. ", "علي حسن ", "علي حسن و", "القاهرة - ",
    "القاهرة (", "القاهرة، ", "المصدر: ", "الخميس ", "٢٧ أغسطس ٢٠٢٦ ", "2026-08-27T", "+03:00", "صباحا ", "الجديدة ", "اقرأ أيضا: ", "(اقرأ أيضا ", "* علي ", "الوطنية", "<b>", "<!--", "&lt;b", "&lt;!--",
    "https://", "http://a.test/", "%", "%2f", "/..", "?a=b", "&a=b", "a=b;", "//", "__A", "__A_", "window.__NUXT__=(function(", "self.__next_f.push([1,", 'self.__next_f.push([1,"', "dataLayer.push(", "{", "[", "{}", "[[", '{"a":', '"a" ', '"" x ',
    "#a", "undefined ", "//a", "/*", "*/", "]]>", "-->", "أصدرت الوزارة بيانا جديدا اليوم. ", "هل؟ ", "!", "ه", "ﷺ", "𞸀", "\u0301", "A.", "Al-", "GMT ", "ت م ", "هـ ", "1448 ", "2a", "w ", "a 1w, ", "1px ", "font-size: 1",
]  # fmt: skip

_SIZE = 60_000
_STORY = "قال وزير الخارجية، الأحد، إن الاتفاق الجديد سيوقع خلال الأسبوع المقبل في العاصمة. "


def _page(head: str = "", body: str = "", title: str = "عنوان الخبر الطويل هنا", headline: str = "عنوان الخبر") -> str:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><h1>{headline}</h1>"
        f"<div class='article-body'><p>{_STORY * 3}</p>{body}<p>{_STORY * 2}</p></div></body></html>"
    )


def _linked(text: str) -> str:
    names = ("headline", "articleBody", "datePublished", "articleSection", "keywords", "image", "url")
    story = {"@type": "NewsArticle", "author": {"name": text}, **dict.fromkeys(names, text)}
    return _page(f"<script type='application/ld+json'>{json.dumps(story, ensure_ascii=False)}</script>")


def _shown(text: str) -> str:
    line = escape(text)
    meta = "".join(
        f'<meta property="{name}" content="{line}">'
        for name in ("og:title", "author", "keywords", "article:published_time")
    )
    body = (
        f"<div class='byline author'>بقلم: {line}</div><time class=date datetime=\"{line}\">{line}</time>"
        f'<figure><img src="/a{line}.jpg" srcset="{line}" alt="{line}"><figcaption>{line} x</figcaption></figure>'
        f'<p class="{line}" id="{line}" style="{line}">كلمة {line} x</p><a href="/{line}">رابط {line}</a><p>{line}</p>'
    )
    return _page(meta, body, f"عنوان {line} x", f"{line} x")


def _script(text: str) -> str:
    rows = json.dumps(f'1:["{text}"]\n2:T5,{text}')
    scripts = [
        text,
        f"window.__NUXT__={text}",
        f"window.__NUXT__=(function(a){{return {{a:{text}}}}}({text}))",
        f"self.__next_f.push([1,{rows}])",
    ]
    data = [f"{{x{text}}}", f'{{"a":"{text}}}', f'{{"a"{text}x}}', f"x{text}}}"]
    return _page(
        "".join(f"<script>{script}</script>" for script in scripts)
        + "".join(f"<script type='application/ld+json'>{value}</script>" for value in data)
    )


#: Where a page may hold a text that grows.
PLACES: dict[str, Callable[[str], str]] = {
    "shown": _shown,
    "linked data": _linked,
    "scripts": _script,
    "markup": lambda text: _page(body=text),
    "head": lambda text: _page(head=text),
    "address": lambda text: _page(f'<link rel=canonical href="/{escape(text)}"><base href="/{escape(text)}">'),
}

TAGS = [
    "h1",
    "h2",
    "p",
    "div",
    "span",
    "b",
    "a",
    "li",
    "ul",
    "table",
    "td",
    "figure",
    "time",
    "article",
    "section",
    "form",
    "button",
    "font",
    "blockquote",
    "picture",
    "svg",
    "template",
    "iframe",
]
_ATTRIBUTES = [
    "",
    " class=author",
    " class='article-body'",
    " class=date",
    " itemprop=author",
    " href=/news/2",
    " itemprop=articleBody",
    " class=card",
    " style='font-size:30px'",
    " hidden",
]


@st.composite
def repeated(draw: st.DrawFn, size: int = _SIZE) -> str:
    """One piece, or two by turns, as often as the size allows; sometimes with an end that fits none."""
    piece = draw(st.sampled_from(PIECES)) + draw(st.just("") | st.sampled_from(PIECES))
    return piece * (size // len(piece.encode())) + draw(st.sampled_from(["", " x", "!", "\n"]))


@st.composite
def elements(draw: st.DrawFn) -> str:
    """Elements in one another or side by side; a tag of many attributes."""
    tag, attribute = draw(st.sampled_from(TAGS)), draw(st.sampled_from(_ATTRIBUTES))
    inside = draw(
        st.sampled_from(
            [
                "",
                "كلمة ",
                _STORY,
                "٢٧ أغسطس ٢٠٢٦ ",
                "بقلم: علي حسن",
                "<img src=/a.jpg>",
                "<a href=/news/3>خبر آخر من المدينة</a>",
            ]
        )
    )
    one = f"<{tag}{attribute}>{inside}"
    shape = draw(st.sampled_from(["nest", "row", "attributes"]))
    if shape == "attributes":
        return f"<{tag} " + " ".join(f"a{number}=1" for number in range(_SIZE // 8)) + f">{inside}"
    return (one if shape == "nest" else f"{one}</{tag}>") * (_SIZE // len(one.encode()))


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    """A page in which something grows."""
    if draw(st.booleans()):
        return _page(body=draw(elements())).encode()
    place = PLACES[draw(st.sampled_from(sorted(PLACES)))]
    return place(draw(repeated(_SIZE // 4))).encode()
