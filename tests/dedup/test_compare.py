"""Jaccard and the care that short items need."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dedup.compare import contained, jaccard
from newscrawl.dedup.near import NearIndex
from newscrawl.dedup.shingles import Fingerprint, fingerprint
from tests.dedup.wording import story, text

FIRST = "مقتل 5 أشخاص وإصابة 12 آخرين في انفجار سيارة مفخخة وسط بغداد"
STORY = f"بغداد (رويترز) - {FIRST} صباح اليوم الأحد، بحسب ما أعلنت الشرطة.\n{text(7)}"


def made(body: str) -> Fingerprint:
    found = fingerprint("", body)
    assert found is not None
    return found


def words_of(numbers: list[int]) -> str:
    return " ".join(f"كلمة{'بتثجحخدذرز'[n % 10]}{'سشصضطظعغفق'[n // 10 % 10]}{'كلمنهويبتث'[n // 100]}" for n in numbers)


WORDS = st.lists(st.integers(0, 300), min_size=30, max_size=200)


@given(WORDS, WORDS)
def test_jaccard_is_exact_for_usual_stories(one: list[int], other: list[int]) -> None:
    sets = [set(zip(words, words[1:], words[2:], strict=False)) for words in (one, other)]
    exact = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
    assert jaccard(made(words_of(one)), made(words_of(other))) == pytest.approx(exact)


def test_jaccard_of_long_stories_is_near() -> None:
    rng = Random(1)
    for share in (0.0, 0.3, 0.6, 0.9, 1.0):
        words = text(1, 3000).split()
        kept = words[: int(len(words) * share)]
        other = kept + text(rng.randrange(10**6), 3000 - len(kept) or 40).split()
        triples = [set(zip(w, w[1:], w[2:], strict=False)) for w in (words, other)]
        exact = len(triples[0] & triples[1]) / len(triples[0] | triples[1])
        assert jaccard(made(" ".join(words)), made(" ".join(other))) == pytest.approx(exact, abs=0.07)


@pytest.mark.parametrize(
    "copy",
    [
        f"عاجل | {FIRST}",
        f"عاجل: {FIRST} (أ ف ب)",
        FIRST.replace("5", "٥").replace("12", "١٢"),
        FIRST.replace("إصابة", "اصابة").replace("أشخاص", "اشخاص"),
        FIRST + " اليوم",
        " ".join(FIRST.split()[:10]),
    ],
)
@pytest.mark.parametrize("earlier", [FIRST, f"عاجل: {FIRST}", STORY])
def test_copies_of_an_urgent_item(copy: str, earlier: str) -> None:
    if copy.endswith("اليوم") and earlier == STORY:
        copy = FIRST
    assert contained(made(copy), made(earlier))


@pytest.mark.parametrize(
    "other",
    [
        FIRST.replace("5", "7"),
        FIRST.replace("12", "5").replace("5 أشخاص", "12 أشخاص"),
        FIRST.replace("بغداد", "دمشق"),
        FIRST.replace("سيارة", "دراجة"),
        "نفي " + FIRST,
        FIRST.replace("في انفجار", "في انفجار ثان"),
        FIRST + " 3 منهم أطفال",
        FIRST + " والشرطة تغلق الطرق المؤدية إلى المكان",
        "انفجار سيارة مفخخة",
        "مقتل أشخاص في انفجار",
    ],
)
@pytest.mark.parametrize("earlier", [FIRST, f"عاجل: {FIRST}"])
def test_other_news_in_nearly_the_same_words(other: str, earlier: str) -> None:
    assert not contained(made(other), made(earlier))


def test_a_denied_item_is_not_the_item() -> None:
    denial = "نفت وزارة الداخلية " + FIRST
    assert not contained(made(FIRST), made(denial))
    assert not contained(made(denial), made(FIRST))


def test_swapped_numbers_are_other_news() -> None:
    swapped = FIRST.replace("5", "x").replace("12", "5").replace("x", "12")
    assert not contained(made(swapped), made(FIRST))


def test_short_items_through_the_index(open_index: Callable[..., NearIndex]) -> None:
    index = open_index()
    index.add(story("story", STORY))
    match = index.match(story("flash", f"عاجل: {FIRST}"))
    assert match is not None
    assert match.id == "story"
    assert 0 < match.similarity < 0.3
    assert index.match(story("other", FIRST.replace("5", "8"))) is None


def test_a_story_is_no_copy_of_a_short_item(open_index: Callable[..., NearIndex]) -> None:
    index = open_index()
    index.add(story("flash", f"عاجل: {FIRST}"))
    assert index.match(story("story", STORY)) is None
    assert index.match(story("again", FIRST)) is not None


def test_the_same_urgent_words_on_another_day_are_other_news(open_index: Callable[..., NearIndex]) -> None:
    index = open_index()
    index.add(story("flash", "عاجل: صفارات الإنذار تدوي في مدن الشمال", published=0))
    assert index.match(story("again", "صفارات الإنذار تدوي في مدن الشمال", published=0.5)) is not None
    assert index.match(story("tomorrow", "صفارات الإنذار تدوي في مدن الشمال", published=1.5)) is None
    assert index.match(story("undated", "صفارات الإنذار تدوي في مدن الشمال", days=2)) is None
