"""Links without an end, which hold the rest of the page, are no links."""

from __future__ import annotations

import random
import re

import pytest

from newscrawl import extract
from newscrawl.extraction.page.page import Page
from tests.extraction.test_early_ends import record
from tests.extraction.test_zoo import PAGES, ZOO

_PARAGRAPHS = (
    "أعلنت بلدية المدينة صباح اليوم أن أعمال الصيانة في شبكة المياه ستبدأ مطلع الأسبوع المقبل وتستمر شهرين.",
    "وقال رئيس البلدية إن العمل سيجري ليلا حتى لا تتعطل حركة السير في الشوارع الرئيسية والأسواق القديمة.",
    "وأضاف أن السكان سيبلغون مسبقا بمواعيد انقطاع المياه عن كل حي، وأن صهاريج ستوزع الماء مجانا.",
    "وتعود الشبكة إلى نحو أربعين عاما، وقد تكررت أعطالها في الصيف الماضي مع ارتفاع الطلب على المياه.",
    "وخصصت الوزارة للمشروع مبلغا يكفي لتبديل الأنابيب في ستة أحياء، على أن تستكمل البقية في العام التالي.",
    "ودعا المجلس المحلي الأهالي إلى الاقتصاد في الاستهلاك خلال فترة العمل والإبلاغ عن أي تسرب في الطرق.",
)
_TITLE = "بدء صيانة شبكة المياه في أحياء المدينة القديمة"
_OPENED = ('<a name="top">', "<a>", '<a href="#top">', '<a href="/">', '<A HREF="http://paper.test/a/1">')


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_a_link_that_is_never_closed_reads_the_same(name: str) -> None:
    page = (ZOO / name / "page.html").read_bytes()
    opened = random.Random(name).choice(_OPENED)
    inside, count = re.subn(rb"(<body[^>]*>)", lambda found: found[1] + opened.encode(), page, count=1)
    if not count:
        pytest.skip("the page has no <body> to put it behind")

    assert record(name, inside) == record(name, page)


@pytest.mark.parametrize("opened", _OPENED)
@pytest.mark.parametrize(
    ("start", "between"), [("<p>", "</p><p>"), ("", "<br><br>"), ("<div>", "</div><div>"), ("<li>", "")]
)
def test_a_story_in_a_link_that_is_never_closed_is_the_body(opened: str, start: str, between: str) -> None:
    story = f"<div>{start}{(between or start).join(_PARAGRAPHS)}</div>"
    page = f"<html><head><title>{_TITLE}</title></head><body><div><h1>{_TITLE}</h1>{opened}{story}</div></body></html>"

    read = extract(page.encode(), url="http://paper.test/a/1", generic=True)

    assert [line.split()[0] for line in read.body.split("\n") if line] == [line.split()[0] for line in _PARAGRAPHS]


def test_a_card_that_is_one_link_remains_a_link() -> None:
    card = f"<a href=/b/2><img src=/i.jpg><h3>{_TITLE}</h3><p>{_PARAGRAPHS[0]}</p><p>{_PARAGRAPHS[1]}</p></a>"

    page = Page(f"<html><body><div>{card}</div></body></html>".encode(), "http://paper.test/")

    assert page.root.find(".//a") is not None
