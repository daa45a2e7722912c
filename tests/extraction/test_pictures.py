"""The story's pictures, however a page holds them, and what is written below them."""

from __future__ import annotations

import pytest

from newscrawl.extraction.layers.pictures import credited
from tests.extraction.own_page import STORY, page, read

PICTURE = "https://www.rabwa.test/i/souq.jpg"


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/i/souq.jpg">',
        '<img srcset="/i/souq.jpg 1200w" sizes="100vw">',
        '<img srcset="/i/souq-300.jpg 300w, /i/souq.jpg 1200w, /i/souq-600.jpg 600w">',
        '<img srcset="/i/souq.jpg 2x, /i/souq-s.jpg 1x">',
        '<img data-srcset="/i/s.jpg 480w,/i/souq.jpg 960w" src="data:image/gif;base64,R0lGOD">',
        '<img data-lazy-srcset="/i/souq.jpg" src="/i/blank.gif">',
        '<amp-img src="/i/souq.jpg" width="1200" height="700" layout="responsive"></amp-img>',
        '<amp-img srcset="/i/souq.jpg 1080w, /i/s.jpg 360w"></amp-img>',
        '<picture><source srcset="/i/souq.jpg 1600w, /i/s.jpg 800w"><img src="data:image/gif;base64,R0lGOD"></picture>',
        '<img data-src="/i/souq.jpg" src="/i/placeholder.png">',
        '<img data-original="/i/souq.jpg" class="lazy">',
        '<img srcset=" , " src="/i/souq.jpg">',
    ],
)
def test_forms(image: str) -> None:
    for above, story in ((f"<figure>{image}</figure>", ""), ("", f"<p>{STORY[0]}</p><p>{image}</p><p>{STORY[1]}</p>")):
        assert [found.url for found in read(page(above=above, story=story)).images] == [PICTURE]


@pytest.mark.parametrize(
    "line",
    [
        "© أ ف ب - دكاكين السوق بعد الترميم",
        "أ ف ب | دكاكين السوق بعد الترميم",
        "(أ.ف.ب) - دكاكين السوق بعد الترميم",
        "فرانس برس: دكاكين السوق بعد الترميم",
        "دكاكين السوق بعد الترميم (أ.ف.ب)",
        "دكاكين السوق بعد الترميم - أ ف ب",
        "© AFP – دكاكين السوق بعد الترميم",
        "صورة: دكاكين السوق بعد الترميم / فرانس برس",
        "AFP / دكاكين السوق بعد الترميم",
        "تصوير أ ف ب - دكاكين السوق بعد الترميم",
    ],
)
def test_caption_and_credit(line: str) -> None:
    assert credited(line) == ("دكاكين السوق بعد الترميم", "AFP")


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("© رويترز", None, "Reuters"),
        ("(c) Reuters", None, "Reuters"),
        ("أ ف ب", None, "AFP"),
        ("السوق - من الداخل", "السوق - من الداخل", None),
        ("الربوة: السوق القديم بعد الترميم", "الربوة: السوق القديم بعد الترميم", None),
        ("", None, None),
    ],
)
def test_what_is_no_caption_with_a_credit(line: str, caption: str | None, credit: str | None) -> None:
    assert credited(line) == (caption, credit)


@pytest.mark.parametrize(
    "caption",
    [
        "دكاكين السوق بعد الترميم © أ ف ب",
        "[أ ف ب] دكاكين السوق بعد الترميم",
        "دكاكين السوق بعد الترميم<br>أ ف ب",
        "<span class=credit>أ.ف.ب</span><span>دكاكين السوق بعد الترميم</span>",
        "<b>المصدر: أ ف ب</b> - <i>دكاكين السوق بعد الترميم</i>",
    ],
)
def test_credits_in_lines_and_elements_of_their_own(caption: str) -> None:
    figure = f'<figure><img src="/up/market.jpg" width="900"><figcaption>{caption}</figcaption></figure>'
    image = read(page(above=figure)).images[0]
    assert (image.caption, image.credit) == ("دكاكين السوق بعد الترميم", "AFP")
