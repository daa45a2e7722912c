"""A page is decoded once, parsed once, and read without trust."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.arabic import detect_charset
from newscrawl.extraction.page import embedded, script_data
from newscrawl.extraction.page.page import Page, PageError
from newscrawl.extraction.rules import Embedded

URL = "https://www.paper.example/news/7?x=1"


def page(markup: str) -> Page:
    return Page(markup.encode(), URL)


@pytest.mark.parametrize("body", [b"", b" \n\t ", b"\x00\x00"])
def test_nothing_is_no_page(body: bytes) -> None:
    with pytest.raises(PageError, match="empty"):
        Page(body, URL)


def test_a_wrong_label_does_not_garble() -> None:
    body = "<p>افتتاح المعرض الدولي للكتاب في القاهرة</p>".encode("cp1256")
    found = Page(body, URL, {"Content-Type": "text/html; charset=utf-8"})
    assert found.encoding == "cp1256"
    assert [text for text, _ in found.texts] == ["افتتاح المعرض الدولي للكتاب في القاهرة"]


_PIECES = [b"<p>", b'<div class="', b'">', b"\xd8\xa7", b"\xd9", b"\x80", b"<", b"<script>", b"</script>", b"<!--",
           b"-->", b"&", b"\xed\xa0\x80", b"\xff", b"\xc7\xe1", b"\xef\xbb\xbf", b"\x00", b"x '", b"<?",
           b"</zz>" * 110]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map(b"".join))
def test_the_parser_tells_utf8_as_the_decoder_does(body: bytes) -> None:
    try:
        found = Page(body, URL)
    except PageError:
        return
    assert found.encoding == detect_charset(body)


def test_links_are_absolute_or_nothing() -> None:
    found = page('<head><base href="https://cdn.paper.example/a/"></head><p>x</p>')
    assert found.absolute("b.jpg") == "https://cdn.paper.example/a/b.jpg"
    assert found.absolute("mailto:x@y.example") is None
    assert found.absolute("http://[broken") is None


def test_scripts_and_templates_are_no_text() -> None:
    found = page("<body><script>var a = 'نص'</script><template><p>قالب</p></template><p>خبر</p></body>")
    assert [text for text, _ in found.texts] == ["خبر"]


def test_a_tag_of_many_thousand_attributes_is_cut() -> None:
    names = " ".join(f"a{number}=1" for number in range(30_000))
    found = page(f"<body><p class=lead {names}>خبر من المدينة</p></body>")
    paragraph = found.root.find(".//p")
    assert paragraph is not None
    assert paragraph.get("class") == "lead"
    assert len(paragraph.attrib) < 1100
    assert "".join(str(piece) for piece in paragraph.itertext()) == "خبر من المدينة"


def test_a_long_picture_in_the_markup_is_left_alone() -> None:
    data = "data:image/png;base64," + "A" * 90_000
    image = page(f'<body><img src="{data}" alt="صورة"></body>').root.find(".//img")
    assert image is not None
    assert image.get("src") == data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('{"a": [1, 2,],}', {"a": [1, 2]}),
        ('{"a": "سطر\nآخر"}', {"a": "سطر\nآخر"}),
        ('{"a": "C:\\d"}', {"a": "C:\\d"}),
        ('<!-- {"a": 1} -->', {"a": 1}),
        ("{a: 'نعم', // ملاحظة\n b: undefined};", {"a": "نعم", "b": None}),
        ('{"a": 1} {"b": 2}', {"a": 1}),
        ("لا شيء", None),
        ("[" * 100_000, None),
    ],
)
def test_json_is_repaired_or_refused(text: str, value: object) -> None:
    assert embedded.loads(text) == value


def test_react_rows_are_joined_and_their_long_strings_put_back() -> None:
    story = "<p>" + "خبر طويل من المدينة. " * 12 + "</p>"
    length = f"{len(story.encode()):x}"
    row = f'2:{{"html":"$1","shortUrl":"u"}}\n1:T{length},{story}'
    cut = len(row) // 2
    pushes = [f"self.__next_f.push([1,{json.dumps(part, ensure_ascii=False)}])" for part in (row[:cut], row[cut:])]
    scripts = [("", push) for push in pushes]
    rows = script_data.script_values(scripts, "__next_f")
    assert list(embedded.values(rows, Embedded("__next_f", "html", ("shortUrl",)))) == [story]


@given(st.text(max_size=300))
def test_any_text_as_json_is_a_value_or_nothing(text: str) -> None:
    embedded.loads(text)


@given(st.binary(min_size=1, max_size=600))
def test_any_bytes_are_a_page_or_a_stated_error(body: bytes) -> None:
    try:
        found = Page(body, URL)
    except PageError:
        return
    assert isinstance(found.title, str)
    assert isinstance(found.texts, list)
    assert isinstance(found.json_ld.nodes, list)


@pytest.mark.parametrize("body", [b"\x00\x01\x02" * 3000, b"\x01\x02\x03ab" * 2000, bytes(range(32)) * 300])
def test_control_characters_are_no_page_though_they_are_utf8(body: bytes) -> None:
    with pytest.raises(PageError, match="no text"):
        Page(body, "https://almithal.example/1")


def test_a_stray_control_character_spoils_no_page() -> None:
    text = "<p>" + "في المدينة القديمة استيقظت الأسواق باكرا. " * 20 + "\0\x0b</p>"
    assert "الأسواق" in Page(text.encode(), "https://almithal.example/1").texts[0][0]


@pytest.mark.parametrize("box", ["article", "main", "header", "my-app", "section"])
def test_a_page_without_body_tags_has_a_body(box: str) -> None:
    page = Page(
        f"<!DOCTYPE html><title>قصة</title><{box}><p>نص</p></{box}><p>آخر</p><meta name=a content=b>".encode(), URL
    )
    body = page.root.find("body")
    assert body is not None
    assert [text for text, _ in page.texts] == ["نص", "آخر"]
    assert page.first_meta("a") == "b"
