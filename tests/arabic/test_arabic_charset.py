"""Charsets: the bytes decide, the label helps only where they cannot."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.arabic import as_utf8, decode, detect_charset

_PAGE = (
    "<html><head><title>أعلنت وزارة التعليم</title></head><body>"
    + "<p>قال المتحدث باسم الوزارة إن الخطة الجديدة</p>" * 20
)


@pytest.mark.parametrize(
    "label", [None, "utf-8", "windows-1256", "iso-8859-1", "iso-8859-6", "no such codec", "hex", "a\0b", ""]
)
def test_utf8_is_seen_under_any_label(label: str | None) -> None:
    assert decode(_PAGE.encode(), label) == (_PAGE, "utf-8")


@pytest.mark.parametrize("label", [None, "utf-8", "windows-1256", "iso-8859-1", "iso-8859-6", "cp1256"])
def test_windows_1256_is_seen_under_any_label(label: str | None) -> None:
    assert decode(_PAGE.encode("cp1256"), label) == (_PAGE, "cp1256")


@pytest.mark.parametrize("label", [None, "utf-8", "iso-8859-6"])
def test_iso_8859_6_is_seen(label: str | None) -> None:
    assert decode(_PAGE.encode("iso8859-6"), label) == (_PAGE, "iso8859-6")


def test_one_broken_byte_leaves_utf8() -> None:
    body = bytearray(_PAGE.encode())
    del body[len(body) // 2 + 1]
    text, codec = decode(bytes(body), "windows-1256")
    assert codec == "utf-8"
    assert text.count("\ufffd") <= 2


def test_a_page_cut_within_a_letter_is_still_utf8() -> None:
    body = _PAGE.encode()
    cut = body[: body.index("ق".encode()) + 1]
    assert detect_charset(cut) == "utf-8"


@pytest.mark.parametrize(
    ("mark", "codec"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_byte_order_mark_beats_every_label(mark: bytes, codec: str) -> None:
    assert decode(mark + _PAGE.encode(codec), "windows-1256") == (_PAGE, codec)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("declared", [None, "utf-16", "utf-8", "windows-1256"])
def test_wide_characters_without_a_byte_order_mark(codec: str, declared: str | None) -> None:
    text = "<html><title>خبر</title></html>"
    assert decode(text.encode(codec), declared)[0] == text


def test_an_emoji_in_halves_is_no_sign_of_another_charset() -> None:
    assert detect_charset("<title>خبر ".encode() + b"\xed\xa0\xbd\xed\xb8\x80") == "utf-8"


def test_a_stray_nul_is_not_wide() -> None:
    assert detect_charset(b"<html>\0\0\0 plain text of a page \0</html>") == "utf-8"


def test_an_empty_body_and_plain_ascii() -> None:
    assert decode(b"") == ("", "utf-8")
    assert decode(b"<html>plain</html>", "iso-8859-1")[0] == "<html>plain</html>"


def test_french_stays_french() -> None:
    text = "Le président a déclaré que l'été à Alger sera très chaud, où qu'on aille."
    assert decode(text.encode("cp1252"), None)[0] == text
    assert decode(text.encode("cp1252"), "iso-8859-1") == (text, "cp1252")


def test_other_languages_follow_their_label() -> None:
    text = "Президент заявил о планах"
    assert decode(text.encode("cp1251"), "windows-1251") == (text, "cp1251")


@given(st.binary(), st.one_of(st.none(), st.text(max_size=20)))
def test_any_bytes_give_text(body: bytes, label: str | None) -> None:
    text, codec = decode(body, label)
    assert text == body.decode(codec, "replace").removeprefix("\ufeff")


@given(st.text(), st.sampled_from([None, "utf-8", "windows-1256", "latin-1"]))
def test_any_utf8_comes_back(text: str, label: str | None) -> None:
    body = text.encode("utf-8", "ignore")
    if not body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        assert decode(body, label)[0] == body.decode().removeprefix("\ufeff")


@given(
    st.binary(max_size=80) | st.text(max_size=40).map(str.encode), st.sampled_from([None, "utf-8", "utf-16", "cp1256"])
)
def test_a_page_in_utf8_is_the_page_decoded_and_encoded(body: bytes, label: str | None) -> None:
    text, codec = decode(body, label)
    assert as_utf8(body, label) == (text.encode("utf-8", "replace"), codec)


def test_good_utf8_is_not_copied() -> None:
    body = _PAGE.encode()
    assert as_utf8(body, "windows-1256")[0] is body
