"""Extraction explained: every box that was left out says truly why."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl.extraction.body.boilerplate import NETS
from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.reading import read_page

NOW = datetime(2026, 11, 1, tzinfo=UTC)
STORY = "".join(
    f"<p>قالت البلدية في بيانها رقم {number} إن أعمال صيانة الجسر القديم تبدأ مطلع الأسبوع المقبل وتستمر شهرا.</p>"
    for number in range(6)
)
CARDS = "".join(
    f"<div class='b'><h3><a href='/n/{number}'>افتتاح حديقة عامة جديدة في الحي رقم {number}</a></h3>"
    f"<p>نحو مئة شجرة زرعت في الموقع خلال يومين اثنين {number}</p></div>"
    for number in range(4)
)
COMMENTS = "<div><h4>التعليقات</h4><p>أحسنتم، كان الجسر بحاجة إلى هذه الصيانة منذ أعوام طويلة، شكرا.</p></div>"
FORM = "<div><p>وصلتنا رسائلكم، فاكتبوا بريدكم هنا</p><input type='email'></div>"


def blocks(inside: str) -> tuple[Block, ...]:
    body = f"<html><body><h1>صيانة الجسر القديم تبدأ قريبا</h1><div>{STORY}{inside}</div></body></html>"
    return read_page(Page(body.encode(), "https://paper.example/n/77"), now=NOW, generic=True).blocks


@pytest.mark.parametrize(
    ("inside", "verdict"), [(CARDS, Verdict.CARD_BOX), (COMMENTS, Verdict.COMMENTS), (FORM, Verdict.FORM)]
)
def test_a_box_is_called_what_it_is(inside: str, verdict: Verdict) -> None:
    assert {block.dropped for block in blocks(inside) if block.kind == "furniture"} == {verdict}


def test_no_page_without_rules_names_a_rule() -> None:
    assert all(block.dropped is not Verdict.RULE for block in blocks(CARDS + COMMENTS + FORM))


def test_every_verdict_has_its_own_sentence() -> None:
    assert len({verdict.why for verdict in Verdict}) == len(Verdict)


def test_every_net_has_its_own_sentence() -> None:
    assert len({net.why for net in NETS}) == len({net.name for net in NETS}) == len(NETS)
