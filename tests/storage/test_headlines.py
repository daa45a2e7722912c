"""How listings call an article: only a change of it is one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.storage.headlines import Headlines

FEED, FRONT = "https://paper.test/rss.xml", "https://paper.test/"


def test_a_listing_differs_from_itself_only() -> None:
    headlines = Headlines(None)
    assert headlines.note(FEED, "افتتاح المكتبة العامة")
    assert not headlines.differs(FEED, "افتتاح المكتبة العامة")
    assert headlines.differs(FEED, "إغلاق المكتبة العامة")
    # Another listing may always have had a shorter headline.
    assert not headlines.differs(FRONT, "المكتبة العامة")
    assert headlines.note(FRONT, "المكتبة العامة")
    assert not headlines.note(FRONT, "المكتبة العامة")
    assert headlines.differs(FRONT, "افتتاح المكتبة العامة")


def test_marks_and_letter_variants_are_no_change() -> None:
    headlines = Headlines(None)
    headlines.note(FEED, "إفتتاح المكتبة")
    assert not headlines.differs(FEED, "اِفتتاح المكتبـــة")


def test_the_first_few_listings_are_kept_and_may_change() -> None:
    headlines = Headlines(None)
    noted = [headlines.note(f"{FRONT}{number}", "عنوان") for number in range(6)]
    assert noted == [True] * 4 + [False] * 2
    assert len(headlines) == 4
    assert headlines.note(f"{FRONT}3", "عنوان آخر")
    assert not headlines.differs(f"{FRONT}5", "عنوان آخر")


@given(
    st.integers(-1, 9),
    st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=4),
    st.text(max_size=20),
)
def test_what_a_row_keeps_is_read_as_it_was(step: int, listed: dict[str, str], other: str) -> None:
    headlines = Headlines(None)
    headlines.step = step
    for listing, title in listed.items():
        headlines.note(listing, title)
    again = Headlines(str(headlines))
    assert (again.step, len(again), str(again)) == (step, len(headlines), str(headlines))
    for listing, title in listed.items():
        assert not again.differs(listing, title)
        assert again.differs(listing, other) == headlines.differs(listing, other)


def test_nothing_was_followed_up_at_first() -> None:
    assert Headlines(None).step == Headlines("").step == -1
    assert str(Headlines(None)) == "-1"


def test_rows_that_other_releases_have_written_are_read() -> None:
    headlines = Headlines("2 ef5410e21442:b8a40e8658f5")
    assert headlines.step == 2
    assert not headlines.differs(FEED, "افتتاح المكتبة العامة")
    assert headlines.differs(FEED, "إغلاق المكتبة العامة")
