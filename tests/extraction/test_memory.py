"""Lines that recur are learned, fade, and survive being stored."""

from __future__ import annotations

import json
import tarfile
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.arabic import FOLD_VERSION, fold
from newscrawl.dedup.exact import content_hash, possible_hashes
from newscrawl.extraction.body.memory import HALF_LIFE, RecurringLines
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher, Source
from newscrawl.items import Article, StoryLine
from newscrawl.loaders import load_article

PROMO = "حمّل دليل المدينة واحصل على خصم للقراء"
BACKGROUND = "يشار إلى أن المهرجان انطلق قبل عشرين عاما في ساحة المدينة القديمة ويشارك فيه مئات الفنانين كل صيف."
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def story(number: int) -> list[str]:
    return [
        f"افتتحت البلدية رقم {number} جسرا جديدا فوق النهر، وقالت إن العمل فيه استغرق {number} أشهر كاملة.",
        f"وأضافت أن المرحلة {number + 7} تشمل رصف الطريق المؤدي إليه، وأن الحركة عليه تبدأ الأسبوع المقبل.",
        f"وقال مهندس المشروع رقم {number} إن الجسر يتحمل {number + 40} طنا، وإن صيانته تجري كل {number + 2} أشهر.",
    ]


def page(number: int, lines: list[str]) -> bytes:
    told = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html><body><article><h1>افتتاح الجسر رقم {number} في المدينة</h1><div class='entry-content'>{told}</div>"
        "</article></body></html>"
    ).encode()


def load(number: int, lines: list[str], memory: RecurringLines, *, learn: bool = True) -> Article:
    url = f"https://paper.example/news/{number}"
    return load_article(page(number, lines), url=url, fetched_at=NOW, memory=memory, learn=learn)


def with_line(number: int, line: str, at: int) -> list[str]:
    lines = story(number)
    lines.insert(at, line)
    return lines


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_a_line_of_all_articles_is_dropped_from_the_eleventh(at: int) -> None:
    memory = RecurringLines()
    bodies = [load(number, with_line(number, PROMO, at), memory).body or "" for number in range(1, 14)]
    assert [PROMO in body for body in bodies] == [True] * 10 + [False] * 3
    assert bodies[-1].split("\n") == story(13)


@pytest.mark.parametrize("by_chance", [True, False])
def test_background_is_never_cut(by_chance: bool) -> None:
    """Sixty sentences, each in every sixth to tenth of a hundred stories, inside and as the last paragraph."""
    memory, rng = RecurringLines(), Random(7)
    sentences = [(BACKGROUND.replace("عشرين", f"{number + 20}"), 6 + number % 5) for number in range(60)]
    for number in range(100):
        lines, last = story(number), []
        for at, (sentence, every) in enumerate(sentences):
            if rng.random() < 1 / every if by_chance else number % every == at % every:
                (last if at % 2 else lines).insert(1, sentence)
        told = [*lines, *last]
        body = load(number, [*told, PROMO], memory).body or ""
        assert body.split("\n") == (told if number >= 10 else [*told, PROMO])


SITE = Path(__file__).parents[3] / "shared" / "realnews" / "racidy.com.tar.xz"


@pytest.mark.slow
def test_of_a_real_site_nothing_is_cut() -> None:
    if not SITE.exists():
        pytest.skip(f"{SITE} is not here")
    memory = RecurringLines()
    with tarfile.open(SITE) as packed:
        pages = [packed.extractfile(member) for member in packed if member.name.endswith(".html")]
        assert len(pages) == 150
        for number, file in enumerate(pages):
            assert file is not None
            url = f"https://racidy.com/{number}"
            load_article(file.read(), url=url, generic=True, fetched_at=NOW, memory=memory, learn=True)
    assert not memory.has_dropped


def test_a_sentence_between_sentences_is_the_storys_even_if_all_have_it() -> None:
    memory = RecurringLines()
    for number in range(30):
        lines = with_line(number, BACKGROUND, 2)
        assert (load(number, lines, memory).body or "").split("\n") == lines


def test_sub_headings_and_what_leads_to_a_quote_stay() -> None:
    memory = RecurringLines()
    for number in range(30):
        lines = with_line(number, "وجاء في البيان:", 2)
        assert (load(number, lines, memory).body or "").split("\n") == lines


def test_a_ruled_body_is_left_alone() -> None:
    memory = RecurringLines()
    for _ in range(30):
        memory.observe([PROMO])
    rules = Rules(title="h1", body=".entry-content")
    publisher = Publisher("الجريدة", "Paper", country="SY", timezone="Asia/Damascus")
    source = Source(name="paper", publisher=publisher, domains=("paper.example",), rules=(rules,))
    lines = with_line(1, PROMO, 3)
    url = "https://paper.example/news/1"
    for learn in (True, False):
        made = load_article(page(1, lines), url=url, source=source, fetched_at=NOW, memory=memory, learn=learn)
        assert made.body == "\n".join(lines)


def test_revisits_teach_nothing() -> None:
    memory = RecurringLines()
    for _ in range(15):
        assert PROMO in (load(1, with_line(1, PROMO, 3), memory, learn=False).body or "")


def test_the_hash_is_that_of_the_body_and_the_lines_say_what_else_it_may_have_been() -> None:
    memory = RecurringLines()
    lines = with_line(1, PROMO, 3)
    before = load(1, lines, memory)
    assert before.lines == ()
    for number in range(2, 12):
        load(number, with_line(number, PROMO, 3), memory)
    for later in (memory, RecurringLines.load(memory.dump(), learns=False)):
        after = load(1, lines, later, learn=False)
        assert (PROMO in (after.body or "")) == (not later.learns)
        assert after.content_hash == content_hash(after.title, after.body)
        assert after.lines == tuple(StoryLine(line, line == PROMO) for line in lines)
        assert before.content_hash in possible_hashes(after.title, after.lines)


def test_six_in_ten_are_needed() -> None:
    memory = RecurringLines()
    for number in range(100):
        memory.observe([PROMO] if number % 2 else [f"خبر {number}"])
    assert fold(PROMO) not in memory


def test_what_no_longer_recurs_is_forgotten_but_may_have_been_dropped() -> None:
    memory = RecurringLines()
    for _ in range(30):
        memory.observe([PROMO])
    assert fold(PROMO) in memory
    assert HALF_LIFE == 400
    for number in range(HALF_LIFE):
        memory.observe([f"خبر {number}"])
    assert fold(PROMO) not in memory
    assert memory.may_have_dropped(fold(PROMO))


def test_one_that_does_not_learn_drops_and_counts_nothing() -> None:
    memory = RecurringLines(learns=False)
    for _ in range(30):
        memory.observe([PROMO])
    assert fold(PROMO) not in memory
    assert json.loads(memory.dump())["articles"] == 0


def test_long_lines_are_never_learned() -> None:
    memory = RecurringLines()
    line = (
        "وكانت الوزارة قد أعلنت في وقت سابق من الشهر الجاري أنها ستبدأ تنفيذ المشروع فور الانتهاء من أعمال التصميم "
        "والحصول على الموافقات اللازمة من الجهات المختصة"
    )
    for _ in range(20):
        memory.observe([line])
    assert fold(line) not in memory


@given(st.lists(st.lists(st.text(max_size=40), max_size=6), max_size=20))
def test_storing_changes_nothing_that_matters(articles: list[list[str]]) -> None:
    memory = RecurringLines()
    for lines in articles:
        memory.observe(lines)
    again = RecurringLines.load(memory.dump())
    for lines in articles:
        for line in lines:
            assert (fold(line) in memory) == (fold(line) in again)


def test_an_older_fold_keeps_only_what_was_furniture() -> None:
    memory = RecurringLines()
    for _ in range(20):
        memory.observe([PROMO])
    older = json.loads(memory.dump()) | {"fold": -1}
    again = RecurringLines.load(json.dumps(older))
    assert fold(PROMO) not in again
    assert again.may_have_dropped(fold(PROMO))
    assert RecurringLines.load(None).dump() == RecurringLines().dump()


def test_what_0_1_0_learned_may_have_been_dropped_and_is_no_furniture() -> None:
    number = int.from_bytes(blake2b(fold(PROMO).encode(), digest_size=8).digest())
    note = {"fold": FOLD_VERSION, "articles": 40, "counts": {f"{number:x}": 12, "ab": 2}}
    memory = RecurringLines.load(json.dumps(note))
    assert fold(PROMO) not in memory
    assert memory.may_have_dropped(fold(PROMO))
    assert list(json.loads(memory.dump())["dropped"]) == [f"{number:x}"]
