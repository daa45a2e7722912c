"""The sift before extraction: no Arabic page is left out, whatever its bytes; the neighbours' languages are."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extraction.sift import FEWEST_LETTERS, may_be_arabic

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted((*ROOT.glob("extraction/zoo/*/page.html"), *ROOT.glob("sources/*/*/article.html")))
ARABIC = "أعلنت وزارة الصحة يوم الثلاثاء عن حملة وطنية للتطعيم في جميع المحافظات، وقالت الوزيرة إن الحملة ستستمر. "
OTHERS = {
    "Persian": "وزیر گفت که دولت برای حل مشکلات مردم برنامه‌های زیادی دارد و تا پایان سال آینده آنها را اجرا می‌کند. ",
    "Urdu": "وزیر اعظم نے کہا کہ حکومت عوام کے مسائل حل کرنے کے لیے کوشش کر رہی ہے اور ان کے ساتھ ہے۔ ",
    "Kurdish": "سەرۆک وەزیران گوتی کە حکومەت بەردەوامە لە کارەکانی خۆی بۆ چارەسەرکردنی کێشەکانی خەڵک. ",
    "Pashto": "وزیر وویل چې حکومت به د خلکو ستونزې حل کړي او دا کار به په راتلونکي کال کې پیل شي. ",
    "Russian": "Министр заявил, что правительство будет решать проблемы граждан в следующем году. ",
    "Greek": "Ο υπουργός δήλωσε ότι η κυβέρνηση θα λύσει τα προβλήματα των πολιτών. ",
    "French": "Le ministre a déclaré que le gouvernement résoudrait les problèmes à l'été. ",
    "Chinese": "部长表示，政府将在明年解决公民的问题。",
}


def page(text: str) -> str:
    menu = '<ul><li>English<li>Français<li>العربية<li>فارسی</ul><a href="/ar">الموقع العربي</a>'
    return f"<!DOCTYPE html><html><head><title>{text[:60]}</title></head><body>{menu}<p>{text}</p></body></html>"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_every_page_of_ours_passes(path: Path) -> None:
    assert may_be_arabic(path.read_bytes(), "text/html")


WAYS = {
    "utf-8": str.encode,
    "windows-1256": lambda text: text.encode("cp1256", "xmlcharrefreplace"),
    "iso-8859-6": lambda text: text.encode("iso8859-6", "xmlcharrefreplace"),
    "utf-16": lambda text: text.encode("utf-16"),
    "decimal references": lambda text: text.encode("ascii", "xmlcharrefreplace"),
    "hexadecimal references": lambda text: "".join(f"&#x{ord(c):04X};" if c > "~" else c for c in text).encode(),
    "JavaScript escapes": lambda text: text.encode("ascii", "backslashreplace"),
    "UTF-8 twice": lambda text: text.encode().decode("cp1252", "replace").encode(),
    "a Persian keyboard": lambda text: text.replace("ي", "ی").replace("ك", "ک").encode(),
    "a cut": lambda text: text.encode()[:-1],
    "Arabic-Indic digits and marks": lambda text: text.replace(" ", " ١٢٣ ").replace("ة", "ةُ").encode(),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("label", ["", "text/html", "text/html; charset=utf-8", "text/html; charset=iso-8859-1"])
def test_arabic_passes_however_it_is_written(way: str, label: str) -> None:
    assert may_be_arabic(WAYS[way](page(ARABIC * 4)), label)  # type: ignore[operator]


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_do_not(language: str) -> None:
    assert not may_be_arabic(page(OTHERS[language] * 20).encode(), "text/html; charset=utf-8")


@pytest.mark.parametrize(("language", "codec"), [("Russian", "cp1251"), ("Greek", "cp1253"), ("French", "cp1252")])
def test_other_languages_in_old_encodings_do_not(language: str, codec: str) -> None:
    text = "<html><body>" + OTHERS[language] * 40 + "</body></html>"
    assert not may_be_arabic(text.encode(codec), f"text/html; charset={codec}")
    assert not may_be_arabic(text.encode(codec))


@given(st.binary(max_size=4000), st.text(max_size=60))
def test_any_bytes_get_an_answer(body: bytes, content_type: str) -> None:
    assert may_be_arabic(body, content_type) in (True, False)


@given(st.text(max_size=300), st.integers(0, 300))
def test_text_around_the_story_does_not_hide_it(junk: str, at: int) -> None:
    story = page(ARABIC * 4)
    mixed = story[:at] + html.escape(junk) + story[at:]
    assert may_be_arabic(mixed.encode("utf-8", "replace"), "text/html")


@given(st.integers(0, FEWEST_LETTERS // 2))
def test_a_few_arabic_words_make_no_arabic_page(letters: int) -> None:
    text = OTHERS["French"] * 50 + "ا" * letters
    assert not may_be_arabic(f"<p>{text}</p>".encode())
