"""The story with its structure: what a reader of CommonMark sees is the body."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from newscrawl.arabic import clean
from newscrawl.extraction.markdown.inline import address, linked
from newscrawl.extraction.markdown.story import plain
from newscrawl.loaders import load_article

NOW = datetime(2026, 11, 20, tzinfo=UTC)
URL = "https://jarida.example/news/7"
FIRST = "افتتحت بلدية المدينة اليوم جسرا جديدا فوق النهر، وقالت إن العمل فيه استغرق ثلاثة أعوام كاملة."
LAST = "وأضاف رئيس البلدية أن الحركة على الجسر تبدأ الأسبوع المقبل بعد فحص أخير للأساسات والإنارة."
# Without what CommonMark calls tables, which GitHub adds.
READER = MarkdownIt("commonmark").enable("table")


def page(*pieces: str) -> bytes:
    body = "".join((f"<p>{FIRST}</p>", *pieces, f"<p>{LAST}</p>"))
    return (
        "<html><head><title>افتتاح جسر جديد في المدينة</title></head><body><article>"
        f"<h1>افتتاح جسر جديد في المدينة</h1><div class='entry-content'>{body}</div></article></body></html>"
    ).encode()


def read(*pieces: str) -> tuple[str, str]:
    """(body, markdown)"""
    article = load_article(page(*pieces), url=URL, fetched_at=NOW, markdown=True)
    assert article.body
    assert article.markdown
    return article.body, article.markdown


def inside(*pieces: str) -> str:
    """What stands between the first and the last paragraph."""
    body, told = read(*pieces)
    assert shown(told) == body.replace("\n", " ").split()
    return told.removeprefix(FIRST).removesuffix(LAST).strip("\n")


def _inline(token: Token) -> str:
    told, is_auto = "", False
    for child in token.children or ():
        if child.type == "link_open":
            assert str(child.attrs["href"]).startswith(("http://", "https://"))
            is_auto = child.info == "auto"
        elif child.type == "link_close":
            is_auto = False
        elif child.type in ("softbreak", "hardbreak"):
            told += " "
        elif child.type != "image" and not is_auto:
            told += child.content
    return told


def shown(markdown: str) -> list[str]:
    """The words that a reader sees, without pictures and embeds."""
    tokens = READER.parse(markdown)
    assert not {token.type for token in tokens} & {"html_block", "code_block", "fence", "hr"}
    return " ".join(_inline(token) for token in tokens if token.type == "inline").split()


def test_a_plain_story() -> None:
    body, told = read()
    assert told == body.replace("\n", "\n\n") == f"{FIRST}\n\n{LAST}"


def test_nothing_unless_it_is_asked_for() -> None:
    article = load_article(page(), url=URL, fetched_at=NOW)
    assert article.markdown is None
    assert (article.extractor or "").startswith("newscrawl ")


@pytest.mark.parametrize(
    ("piece", "told"),
    [
        ("<h3>مراحل العمل</h3><p>بدأ العمل في الربيع.</p>", "### مراحل العمل\n\nبدأ العمل في الربيع."),
        ("<ul><li>رصف الطريق كله.</li><li>إنارة الجسر كله.</li></ul>", "- رصف الطريق كله.\n- إنارة الجسر كله."),
        ("<ol><li>رصف الطريق كله.</li><li>إنارة الجسر كله.</li></ol>", "1. رصف الطريق كله.\n1. إنارة الجسر كله."),
        ("<blockquote>قال أحد السكان إن الجسر حلم قديم.</blockquote>", "> قال أحد السكان إن الجسر حلم قديم."),
        (
            "<table><tr><th>السنة</th><th>الكلفة</th></tr><tr><td>2024</td><td>3 ملايين</td></tr></table>",
            "| السنة | الكلفة |\n| --- | --- |\n| 2024 | 3 ملايين |",
        ),
        (
            "<table><tr><td><a href='/y/2024'>سنة 2024</a></td><td>3 ملايين <b>|</b> <a href='/n'>ملاحظة</a></td></tr>"
            "<tr><td>سنة 2025</td><td><a href='javascript:x()'>4 ملايين</a></td></tr></table>",
            "| [سنة 2024](https://jarida.example/y/2024) | 3 ملايين \\| [ملاحظة](https://jarida.example/n) |\n"
            "| --- | --- |\n| سنة 2025 | 4 ملايين |",
        ),
        (
            "<p>وقالت <a href='/about?a=1&amp;b=(2)'>إدارة الجسور</a> إن العمل انتهى في موعده.</p>",
            "وقالت [إدارة الجسور](https://jarida.example/about?a=1&b=%282%29) إن العمل انتهى في موعده.",
        ),
        ("<p>كتب إلى <a href='mailto:a@b.example'>المدير</a> كثيرون في ذلك.</p>", "كتب إلى المدير كثيرون في ذلك."),
        (
            "<figure><img src='/p/bridge.jpg' width='800'><figcaption>الجسر ليلا (رويترز)</figcaption></figure>",
            "![الجسر ليلا (Reuters)](https://jarida.example/p/bridge.jpg)",
        ),
        ("<iframe src='https://www.youtube.com/embed/abc_1'></iframe>", "<https://www.youtube.com/embed/abc_1>"),
        ("<iframe src='https://ads.example/frame'></iframe>", ""),
        ("<p># ليس عنوانا بل وسم *مهم* في [نص] الخبر.</p>", "\\# ليس عنوانا بل وسم \\*مهم\\* في \\[نص\\] الخبر."),
        ("<p>1. ليس هذا بندا بل سطر من الخبر نفسه.</p>", "1\\. ليس هذا بندا بل سطر من الخبر نفسه."),
    ],
)
def test_structure_is_kept(piece: str, told: str) -> None:
    assert inside(piece) == told


LINE = st.text(
    st.sampled_from("ابتثج دهوز 12.)#*_[]<>|\\`~&;!-+=:>\"'()") | st.characters(exclude_categories=["Cs", "Cc"]),
    max_size=40,
)


@given(st.lists(LINE, max_size=6))
def test_plain_text_means_itself(lines: list[str]) -> None:
    body = "\n".join(" ".join(line.split()) for line in lines)
    assert shown(plain(body)) == body.split()


@example([("عجبا!", None), ("هنا", "/a b")])
@example([("!", None), ("0", "/a b")])
@example([("!", None), ("", "tel:1"), ("0", "/a b")])
@given(st.lists(st.tuples(LINE, st.none() | st.sampled_from(["/a b", "https://x.example/(1)?q=[2]|<3>", "tel:1"]))))
def test_linked_text_means_itself(runs: list[tuple[str, str | None]]) -> None:
    text = clean(" ".join("".join(text for text, _ in runs).split())).strip()

    def absolute(href: str) -> str | None:
        return None if href == "tel:1" else href if href.startswith("http") else f"https://x.example{href}"

    told = linked(runs, text, absolute)
    if told is not None:
        assert shown(f"ا {told}") == f"ا {text}".split()


@given(st.text(max_size=40))
def test_an_address_does_not_end_early(path: str) -> None:
    url = address(f"https://x.example/{path}")
    (token,) = [token for token in READER.parse(f"[نص]({url}) ا") if token.type == "inline"]
    assert [child.type for child in token.children or ()] == ["link_open", "text", "link_close", "text"]


TAGS = st.sampled_from(["p", "h2", "h5", "li", "blockquote", "td", "div", "a href='/x'", "b", "span"])


@settings(max_examples=60)
@given(st.lists(st.tuples(TAGS, LINE), max_size=6))
def test_of_any_page_the_text_without_mark_up_is_the_body(pieces: list[tuple[str, str]]) -> None:
    article = load_article(
        page(*(f"<{tag}>{escape(text)}</{tag.split()[0]}>" for tag, text in pieces)),
        url=URL, fetched_at=NOW, markdown=True,
    )  # fmt: skip
    assert shown(article.markdown or "") == (article.body or "").split()
