"""Shapes: stories of many schemes are told by their addresses, one story has one identity, nothing else is one."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.shapes import MANY, catalogue, many, models
from newscrawl.discovery.shapes import Shapes, learn

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SITE = "https://www.almithal.test"
DESKS = ("economy", "sport", "culture", "local", "world")
ARABIC_DESKS = ("اقتصاد", "رياضة", "ثقافة", "محليات", "حوادث")
SUBJECTS = ("المجلس-البلدي", "وزير-المالية", "فريق-الضفاف", "مهرجان-المسرح", "سوق-السمك")
VERBS = ("يفتتح-جسرا-جديدا", "يؤجل-اجتماعه", "يعلن-نتائج-العام", "يناقش-الميزانية-في-جلسة-علنية")


@dataclass(frozen=True)
class Story:
    """The parts that a scheme puts an address together from."""

    number: int

    @property
    def title(self) -> str:
        return f"{SUBJECTS[self.number % 5]}-{VERBS[self.number % 4]}-{self.number % 9 + 2}-مرات"

    @property
    def latin(self) -> str:
        words = ("bridge", "market", "harbour", "council", "rain", "school", "winter", "train")
        return "-".join(words[(self.number * step) % 8] for step in (1, 3, 5, 7)) + f"-{words[self.number % 7]}"

    @property
    def desk(self) -> str:
        return DESKS[self.number % 5]

    @property
    def arabic_desk(self) -> str:
        return ARABIC_DESKS[self.number % 5]

    @property
    def day(self) -> str:
        return f"{2020 + self.number % 6}/{1 + self.number % 12:02}/{1 + self.number % 28:02}"

    @property
    def code(self) -> str:
        return hashlib.blake2b(str(self.number).encode(), digest_size=12).hexdigest()


# Each scheme, and addresses of the same site that are no stories.
SCHEMES: dict[str, tuple[Callable[[Story], str], list[str]]] = {
    "number": (lambda s: f"/news/{s.number}", ["/news/12", "/news", "/news/page/3", "/tag/123456", "/users/7"]),
    "number with title": (lambda s: f"/{s.number}/{s.title}", ["/12/رياضة", "/2025/07", "/tag/سد-الوادي"]),
    "title with number": (lambda s: f"/{s.desk}/{s.title}-{s.number}.html", ["/sport/index.4.html", "/sport/"]),
    "number before title": (
        lambda s: f"/{s.arabic_desk}/{s.number}-{s.title}",
        ["/رياضة", "/رياضة?page=2", "/كاتب/12-مها-الدرويش", "/رياضة/2024-حصاد-العام"],
    ),
    "number and underscore": (lambda s: f"/{s.desk}/{s.number}_{s.latin}", ["/sport/12_archive", "/sport"]),
    "glued": (lambda s: f"/ar/n{s.number}.htm", ["/ar/c12.htm", "/ar/about.htm"]),
    "number in a dated path": (lambda s: f"/news/{s.day}/{s.number}.html", [f"/news/2024/0{d}/" for d in range(1, 9)]),
    "compact date": (
        lambda s: f"/{s.desk}/{s.day.replace('/', '')}/{s.number}",
        ["/sport/20240512", "/sport/20240512/"],
    ),
    "dotted number": (lambda s: f"/{s.desk}/{s.title}-1.{s.number}", ["/sport/section-1.1", "/sport"]),
    "dated title": (
        lambda s: f"/{s.day}/{s.title}/",
        ["/2024/05/12/", "/2024/05/", "/2024/05/12/page/2/", "/category/sport/"],
    ),
    "dated title below desks": (
        lambda s: f"/{s.desk}/{s.day}/{s.latin}" if s.number % 2 else f"/{s.desk}/more/{s.day}/{s.latin}",
        ["/sport/2024/05/12", "/sport/more", "/sport", "/authors/rana-sharif"],
    ),
    "title at the root": (lambda s: f"/{s.title}/", ["/من-نحن/", "/اتصل-بنا/", "/category/رياضة/", "/page/4/"]),
    "title below a word": (lambda s: f"/article/{s.latin}", ["/articles", "/about-us", "/topics/markets"]),
    "title below a desk": (lambda s: f"/{s.desk}/{s.title}", ["/sport", "/sport/ملاعب", "/author/رنا-شريف"]),
    "query": (lambda s: f"/?p={s.number}", ["/?cat=4", "/?page_id=123456", "/?m=202405"]),
    "query with a file": (
        lambda s: f"/{s.desk}/News_Details.aspx?CategoryID={s.number % 5}&NewsID={s.number}",
        ["/sport/Default.aspx?CategoryID=4", "/Writers/Details.aspx?WriterID=12", "/Albums/Album.aspx?AlbumID=77"],
    ),
    "joomla": (
        lambda s: f"/index.php?option=com_content&view=article&id={s.number}:{s.latin}&catid=5&Itemid=12",
        ["/index.php?option=com_content&view=category&id=5&Itemid=12", "/index.php?option=com_contact&view=contact"],
    ),
    "code": (lambda s: f"/{s.desk}/{s.code[:10]}", ["/sport/volleyball", "/sport/basketball", "/author/rana-sharif"]),
    "long code": (lambda s: f"/articles/{s.code}", ["/articles", "/topics/markets"]),
    "title with code": (lambda s: f"/{s.desk}/{s.title}-{s.code[:8]}", ["/sport", "/sport/تحليلات"]),
    "base64": (
        lambda s: "/post/" + base64.b64encode(str(s.number).encode()).decode(),
        ["/cat/" + base64.b64encode(b"12").decode(), "/post", "/page/" + base64.b64encode(b"about").decode()],
    ),
    "two numbers": (lambda s: f"/news/newdetails/{s.number}/1/{s.title}", ["/news/newssection/7/1/رياضة"]),
    "numbered desks": (
        lambda s: f"/{s.desk}/{s.number % 3 + 4}-local/{s.number}-{s.latin}",
        ["/sport/4-local", "/sport", "/sport?start=20", "/component/12-search"],
    ),
    "months by name": (
        lambda s: (
            f"/{s.desk}/2025/{('jan', 'march', 'نوفمبر', 'كانون-الثاني')[s.number % 4]}/{s.number % 28 + 1}/{s.latin}"
        ),
        ["/sport/2025/jan", "/sport/2025/nov/03", "/profile/rana-sharif-of-the-council", "/about/our-own-terms-of-use"],
    ),
    "desks on both sides of a number": (
        lambda s: f"/{s.desk}/{s.number % 7}/{s.arabic_desk}/{s.latin}",
        ["/sport/3/رياضة", "/sport", "/sport/local"],
    ),
    "number before date": (lambda s: f"/{s.number}/{s.day}/{s.title}", ["/archive/2024/05/12", "/12/رياضة"]),
}


def _stories(first: int, count: int) -> list[Story]:
    # Steps that no counter has: numbers are as far apart as a feed's.
    return [Story(first + step * 37 + step % 5) for step in range(count)]


@pytest.mark.parametrize("name", SCHEMES)
def test_a_scheme_is_learned_from_a_feed(name: str) -> None:
    address, others = SCHEMES[name]
    shapes = learn(SITE + address(story) for story in _stories(1_234_567, 20))
    later = [SITE + address(story) for story in _stories(1_301_002, 40)]
    identities = [shapes.identity(url) for url in later]
    assert None not in identities, shapes.article_url
    assert len(set(identities)) == len(later)
    assert [url for url in others if shapes.identity(SITE + url)] == []
    assert shapes.identity(later[0].replace("https://www.", "http://")) == identities[0]
    assert shapes.identity(f"{SITE}/login?next={later[0]}") is None or "?" in later[0]
    assert shapes.identity(later[0] + ("&" if "?" in later[0] else "?") + "utm_source=x") == identities[0]


@pytest.mark.parametrize("name", SCHEMES)
def test_a_shape_is_a_publishers_article_url(name: str) -> None:
    address, _ = SCHEMES[name]
    urls = [SITE + address(story) for story in _stories(1_234_567, 20)]
    shapes = learn(urls)
    again = Shapes(shapes.article_url)
    assert [again.identity(url) for url in urls] == [shapes.identity(url) for url in urls]


DIGITS = {name: str.maketrans("0123456789", written) for name, written in
          {"Arabic": "٠١٢٣٤٥٦٧٨٩", "Persian": "۰۱۲۳۴۵۶۷۸۹"}.items()}  # fmt: skip
# Schemes whose figures are numbers and days, not signs of a code.
COUNTED = [name for name in SCHEMES if name not in ("glued", "base64") and "code" not in name and "uuid" not in name]


@pytest.mark.parametrize("name", COUNTED)
@given(
    number=st.integers(1_000_000, 9_999_999),
    digits=st.sampled_from(sorted(DIGITS)),
    is_encoded=st.booleans(),
    is_taught=st.booleans(),
)
@settings(max_examples=8)
def test_digits_of_arabic_are_digits(name: str, number: int, digits: str, is_encoded: bool, is_taught: bool) -> None:
    address, others = SCHEMES[name]

    def written(path: str) -> str:
        eastern = path.translate(DIGITS[digits])
        return SITE + (quote(eastern, safe="/?=&") if is_encoded else eastern)

    stories = [address(story) for story in _stories(1_234_567, 20)]
    shapes = learn(written(path) if is_taught else SITE + path for path in stories)
    path = address(Story(number))
    assert shapes.identity(written(path)) == shapes.identity(SITE + path) is not None
    assert [url for url in others if shapes.identity(written(url))] == []


@pytest.mark.parametrize(
    "forms",
    [
        ["/sport/1234567-{t}", "/amp/sport/1234567-{t}", "/sport/1234567", "/sport/1234567-{t}/amp"],
        ["/news/details/1234567", "/amp/1234567", "/news/print/1234567", "/news/details/1234567?page=2"],
        ["/{t}-1234567.html", "/غير-ذلك-1234567.html", "/{t}-1234567.html/amp"],
    ],
)
def test_other_forms_of_a_story_are_the_same_story(forms: list[str]) -> None:
    seen = [forms[0].replace("1234567", str(story.number)).format(t=story.title) for story in _stories(1_230_000, 12)]
    shapes = learn(SITE + path for path in seen)
    found = {shapes.identity(SITE + form.format(t=Story(1).title)) for form in forms}
    assert found == {"id=1234567"}


def test_numbers_that_sections_share_by_chance_are_two_stories() -> None:
    urls = [f"{SITE}/{desk}/{20_000 + at * 7 % 200}" for at in range(40) for desk in ("football", "tennis")]
    shapes = learn(urls)
    assert shapes.identity(f"{SITE}/football/20150") != shapes.identity(f"{SITE}/tennis/20150")
    far = [f"{SITE}/{desk}/{20_000_000 + at * 91_733}" for at in range(10) for desk in ("top", DESKS[at % 5])]
    assert learn(far).identity(f"{SITE}/top/24010277") == learn(far).identity(f"{SITE}/sport/24010277")


def test_numbers_that_begin_anew_each_day_need_the_day() -> None:
    shapes = learn(f"{SITE}/2026/09/{day:02}/{number}.html" for day in range(1, 20) for number in range(1, 4))
    assert shapes.identity(f"{SITE}/2026/09/14/3.html") != shapes.identity(f"{SITE}/2026/09/15/3.html")
    assert shapes.identity(f"{SITE}/2026/09/14/") is None


def test_what_only_says_where_the_reader_came_from_is_no_identity() -> None:
    stories = _stories(1_234_567, 12)
    titled = [f"{SITE}/{story.desk}/{story.latin}" for story in stories]
    assert learn(f"{url}?src=rss-main" for url in titled).identity(titled[0]) == learn(titled).identity(titled[0])
    numbered = [f"{SITE}/{story.desk}/{story.title}/{story.number}" for story in stories]
    shapes = learn([*numbered, *(f"{url}?place=most-read" for url in numbered)])
    assert shapes.identity(f"{numbered[0]}?place=most-read") == shapes.identity(numbered[0]) == "id=1234567"
    # Numbers of places on the page do not become those of stories whose addresses stand there without.
    placed = [f"{url}?pos={4000 + at}" for at, url in enumerate(titled)]
    assert learn([*titled, *placed]).identity(placed[0]) == learn(titled).identity(titled[0]) is not None


def test_other_addresses_teach_what_is_none() -> None:
    articles = [f"{SITE}/{story.desk}/{story.number}" for story in _stories(1_234_567, 20)]
    programme = f"{SITE}/programmes/1234999"
    assert learn(articles).identity(programme)
    shapes = learn(articles, [f"{SITE}/programmes/1234001"])
    assert shapes.identity(programme) is None
    assert shapes.identity(f"{SITE}/sport/1234999")


def test_what_a_feed_lists_of_others_teaches_nothing() -> None:
    articles = [f"{SITE}/news/{story.number}" for story in _stories(1_234_567, 20)]
    shapes = learn([*articles, "https://films.test/watch/99887766", "mailto:a@b.test", "not an address", ""])
    assert shapes.identity("https://films.test/watch/99887766") is None
    assert shapes.identity(f"{SITE}/news/1299999")


def test_nothing_is_learned_from_nothing() -> None:
    assert learn([]) == Shapes()
    assert learn(["http://[broken", "x:y"]) == Shapes()
    assert Shapes().identity(f"{SITE}/news/1234567") is None
    assert learn([f"{SITE}/"]).identity(f"{SITE}/") is None


@pytest.mark.parametrize(
    "days",
    [
        [f"{year}/{year}/{month:02}/{day:02}" for year in (2024, 2025) for month in (1, 11) for day in range(1, 9)],
        [f"2024{mark}05{mark}{day:02}" for mark in "/-" for day in range(1, 20)],
        [f"{desk}/2024{mark}05{mark}{day:02}/{desk}" for desk, mark in ("a-", "b/") for day in range(1, 20)],
        [f"{edition}/{day:02}" for edition in ("2024/05", "7/2024/06", "a/7/2024/07") for day in range(1, 20)],
    ],
    ids=["a year before the date", "two ways to write it", "with desks around", "an edition before it"],
)
def test_numbers_that_begin_anew_each_day_go_with_their_day_wherever_it_stands(days: list[str]) -> None:
    addresses = [f"{SITE}/{day}/{number}" for day in days for number in (1, 2, 3)]
    shapes = learn(addresses)
    identities = [shapes.identity(address) for address in addresses]
    assert None not in identities
    assert len(set(identities)) == len(addresses)


PIECES = st.one_of(
    st.text(alphabet="ab1290-_.%()[]{}?*+\\^$|ءب/=&:~'\"", max_size=14),
    st.integers(0, 10**9).map(str),
    st.sampled_from(["amp", "news", "article", "2024", "05", "12", "tag", "id=12345", "index.php"]),
)


@given(st.lists(st.lists(PIECES, max_size=7).map(lambda parts: f"{SITE}/{'/'.join(parts)}"), max_size=12), st.data())
def test_any_addresses_can_be_learned(urls: list[str], data: st.DataObject) -> None:
    shapes = learn(urls, data.draw(st.lists(st.sampled_from(urls), max_size=3)) if urls else ())
    re.compile(shapes.article_url)
    for url in urls:
        assert shapes.identity(url) == shapes.identity(url.replace("https://www.", "http://"))


@given(st.text(max_size=200))
def test_any_text_may_be_asked_about(text: str) -> None:
    shapes = learn(f"{SITE}/sport/{story.title}-{story.number}" for story in _stories(1_234_567, 9))
    assert shapes.identity(text) is None or text.lower().lstrip().startswith(("http:", "https:"))


@pytest.mark.parametrize("piece", ["amp/", "a-", "ا-", "1/", "2024/", "x", "print", "-_"])
def test_no_address_takes_long(piece: str) -> None:
    shapes = [learn(SITE + address(story) for story in _stories(1_234_567, 20)) for address, _ in SCHEMES.values()]
    started = time.process_time()
    for shape in shapes:
        shape.identity(f"{SITE}/{piece * (2000 // len(piece))}!")
    assert time.process_time() - started < 10 * 0.1 * len(shapes)


def test_a_large_sitemap_is_learned_in_two_seconds() -> None:
    urls = list(many(MANY))
    started = time.process_time()
    shapes = learn(urls)
    assert time.process_time() - started < 2
    assert all(shapes.identity(url) for url in urls[:300])


def test_the_models_of_real_schemes() -> None:
    path = SHARED / "discovery" / "shapes.jsonl"
    if not path.is_file():
        pytest.skip("../shared is absent")
    score = models(path)
    assert score.recall >= 0.99, score.faults
    assert score.precision >= 0.99, score.faults
    assert score.same_found == score.same
    assert score.merged == 0


def test_the_publishers_of_the_catalogue() -> None:
    path = SHARED / "facts" / "catalog.jsonl"
    if not path.is_file():
        pytest.skip("../shared is absent")
    score = catalogue(path)
    assert score.tested >= 66
    assert score.recall >= 0.97, score.faults
    assert score.precision >= 0.97, score.faults
