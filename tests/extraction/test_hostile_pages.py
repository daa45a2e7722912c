"""Pages that no newsroom wrote: broken names, half characters, a hundred times more of everything."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from newscrawl import extract
from newscrawl.extraction.body import boilerplate, phrases
from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.page import embedded
from newscrawl.items import Article
from tests.patience import PATIENCE

SENTENCE = "قال وزير الخارجية، الأحد، إن الاتفاق الجديد سيوقع خلال الأسبوع المقبل في العاصمة. "
HEAD = "<html><head><title>عنوان الخبر الطويل هنا</title></head><body><h1>عنوان الخبر الطويل هنا</h1>"


def read(markup: str) -> Article:
    return extract(
        markup.encode(), url="https://example.com/news/1", generic=True, fetched_at=datetime(2026, 11, 22, tzinfo=UTC)
    )


def page(content: str) -> str:
    return f"{HEAD}<div class='article-body'><p>{SENTENCE * 3}</p>{content}</div></body></html>"


@pytest.mark.parametrize("tag", ["p\x1b", "p{x", "p*", "h1\x01"])
def test_a_tag_whose_name_is_none(tag: str) -> None:
    body = "".join(f"<{tag}>{SENTENCE} {number}</{tag}>" for number in range(4))
    markup = f"{HEAD}<img src='/lead.jpg'><div class='article-body'>{body}</div></body></html>"
    assert SENTENCE.strip() in (read(markup).body or "")


@pytest.mark.parametrize("escape", [r"\ud800", r"\uDC00", r"\udfff\ud800"])
def test_half_a_character_in_json(escape: str) -> None:
    script = '{"@type":"NewsArticle","headline":"عنوان %s","author":{"name":"سامي %s الجندي"},"image":"/a%s.jpg"}'
    script = script.replace("%s", escape)
    article = read(page(f"<script type='application/ld+json'>{script}</script>"))
    article.to_json().encode()


def test_a_whole_pair_stays() -> None:
    assert embedded.loads(r'{"a": "\ud83d\ude00"}') == {"a": "😀"}


@pytest.mark.parametrize(
    "content",
    [
        "<p>" + "ش" * 400_000 + "</p>",
        "<p>" + "ش.a" * 100_000 + "</p>",
        "".join(f"<img src='/a{number}x.jpg'>" for number in range(30_000)),
        "".join(f"<p><img src='/a{number}x.jpg'>{SENTENCE}</p>" for number in range(5_000)),
        "".join(f"<h2>عنوان فرعي {number}</h2>" for number in range(15_000)),
        "<p>ا" + "\u0651\u064e" * 200_000 + "</p>",
    ],
    ids=["one-word", "one-address", "pictures", "pictures-in-paragraphs", "headings", "marks"],
)
def test_time_grows_with_size_only(content: str) -> None:
    """Quadratic, each of these took from twenty seconds to several minutes."""
    start = time.process_time()
    read(page(content))
    assert time.process_time() - start < 10


def test_twenty_pictures_at_most() -> None:
    pictures = "".join(f"<figure><img src='/a{number}x.jpg'></figure>" for number in range(50))
    assert len(read(page(pictures)).images) == 20


def blocks(*texts: str) -> list[Block]:
    from lxml import etree

    return [Block(text, "paragraph", etree.Element("p"), words=len(text.split())) for text in texts]


def test_an_end_counts_only_after_most_of_the_prose() -> None:
    """What closes a story closes nothing while more than a third of the prose is still to come."""
    rows = [row for rows in phrases._phrases()[0].values() for row in rows]
    ends = next(" ".join(row.words) for row in rows if row.anchor == "end" and not row.later)
    early = blocks(SENTENCE, ends, f"{SENTENCE} أولا", f"{SENTENCE} ثانيا")
    boilerplate.sift(early, title=None)
    assert [b.dropped for b in early] == [None, "phrase", None, None]
    late = blocks(SENTENCE, f"{SENTENCE} أولا", f"{SENTENCE} ثانيا", ends, "سطر بعد نهاية الخبر بقليل جدا")
    boilerplate.sift(late, title=None)
    assert [b.dropped for b in late] == [None, None, None, "phrase", "after the end"]


_LARGE = """
from datetime import UTC, datetime
from newscrawl import extract
from tests.memory import peak_kilobytes
story = "<p>قال وزير الخارجية، الأحد، إن الاتفاق الجديد سيوقع خلال الأسبوع المقبل.</p>"
head = "<title>عنوان الخبر الطويل هنا</title><h1>عنوان الخبر الطويل هنا</h1><article>"
page = (head + story * 9 + PIECE * COUNT).encode()
assert len(page) > 14_000_000, len(page)
article = extract(page, url="https://example.com/news/1", generic=True, fetched_at=datetime(2026, 11, 22, tzinfo=UTC))
assert article.body.startswith("قال وزير الخارجية"), article.body[:80]
print(peak_kilobytes() // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("piece", "count"),
    [("<p>نص طويل جدا لا ينتهي أبدا كما يبدو.</p>", 218_000), ("<b>", 5_000_000)],
    ids=["paragraphs", "tags"],
)
def test_a_page_of_fifteen_megabytes_takes_little_memory(piece: str, count: int) -> None:
    code = f"PIECE, COUNT = {piece!r}, {count}\n{_LARGE}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 350


_LONG_NAMES = """
from datetime import UTC, datetime
from newscrawl import extract
from tests.memory import peak_kilobytes
now = datetime(2026, 11, 22, tzinfo=UTC)
def read(number):
    pieces = (
        f'<div class="{number} {at} {"a" * 30_000}"><p>قال الوزير {at} إن الاتفاق سيوقع.</p></div>'
        f'<a href="/{number}/{at}/{"b" * 30_000}">عنوان خبر طويل آخر في الصفحة {at}</a>' for at in range(40)
    )
    page = f'<title>عنوان الخبر الطويل</title><h1>عنوان الخبر الطويل</h1><article>{"".join(pieces)}</article>'
    extract(page.encode(), url="https://example.com/news/1", generic=True, fetched_at=now)
for number in range(3):
    read(number)
before = peak_kilobytes()
for number in range(3, 23):
    read(number)
print((peak_kilobytes() - before) // 1024)
"""


def test_long_names_of_pages_are_not_kept() -> None:
    """What classes and addresses say is remembered over pages, but of none more than LONGEST_NAMES."""
    code = [sys.executable, "-c", _LONG_NAMES]
    done = subprocess.run(code, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 20  # megabytes; 46 have been read
