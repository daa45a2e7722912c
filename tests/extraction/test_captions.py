"""What stands right below a picture: a caption, or the story that goes on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl import extract

PROSE = [
    "قال أهالي الحي إنهم ينتظرون افتتاح المدرسة الجديدة منذ أن وضع حجر الأساس لها قبل ثمانية أعوام.",
    "وأوضحت مديرية التربية أن المقاول تأخر في تسليم المبنى بسبب ارتفاع أسعار مواد البناء في السوق.",
    "وأضافت أن أعمال التشطيب بلغت مراحلها الأخيرة، وأن الأثاث وصل إلى المخازن قبل نحو أسبوعين.",
    "ويضم المبنى عشرين قاعة ومختبرين ومكتبة وملعبا، ويتسع لنحو ستمئة تلميذ من أبناء الحي.",
]


def body(line: str) -> str:
    first, *others = (f"<p>{paragraph}</p>" for paragraph in PROSE)
    page = (
        "<html><body><article><h1>مدرسة الحي تنتظر افتتاحها منذ أعوام</h1><div class='entry-content'>"
        f"{first}<img src='/p/1.jpg' width='600'><p>{line}</p>{''.join(others)}</div></article></body></html>"
    )
    found = extract(page.encode(), url="https://paper.example/n/1", generic=True, fetched_at=datetime.now(UTC))
    return found.body or ""


@pytest.mark.parametrize(
    "line",
    [
        "وتساءل: «لماذا تأخر المشروع كل هذه السنين؟»",
        'وتساءل: "لماذا تأخر المشروع كل هذه السنين؟"',
        "وتساءل: “لماذا تأخر المشروع كل هذه السنين؟”",
        'وهتفت الأمهات: "نريد المدرسة!"',
        "(ولم يرد المقاول على الأسئلة.)",
        "وقال أحدهم: «سئمنا الانتظار…»",
        "وقال أحدهم: «سئمنا الانتظار».\u200f",
        "وقال أحدهم: 'متى تفتح؟!'",
    ],
)
def test_a_sentence_below_a_picture_stays(line: str) -> None:
    assert line.strip("\u200f") in body(line)


@pytest.mark.parametrize("line", ["مبنى المدرسة الجديدة في الحي", "مبنى المدرسة الجديدة «دار الحكمة»"])
def test_a_caption_goes(line: str) -> None:
    assert line not in body(line)
