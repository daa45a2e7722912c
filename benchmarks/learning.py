"""What would learned boilerplate (LEARN_BOILERPLATE) drop of furniture, and cut of stories?

    python benchmarks/learning.py     crawls of 60, 200 and 400 generated stories

Each story has furniture that no phrase of the tables knows at both edges, and up to three of 60 sentences of
background, each of which every sixth to tenth story has, inside and as its last paragraph.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from newscrawl.extraction.body.memory import RecurringLines
from newscrawl.loaders import load_article

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FURNITURE = ("جريدة الضفة نافذتك على المدينة", "صوت الضفة مسموع في كل بيت")
BACKGROUND = tuple(
    f"يشار إلى أن المدينة شهدت في العام {1960 + n} حدثا مماثلا تناولته الصحف في حينه." for n in range(60)
)
_EVERY, _MOST, _SENTENCES, _SEED = (6, 7, 8, 9, 10), 3, 6, 3
_WHO = "مجلس البلدية|جمعية الصيادين|إدارة المتحف|لجنة المهرجان|نقابة المعلمين|شركة المياه|دار النشر|غرفة التجارة".split(
    "|"
)
_WHAT = "خطة ترميم السوق|ميزانية العام المقبل|نتائج المسابقة|جدول الرحلات|تقرير جودة المياه|مواعيد التسجيل".split("|")
_HOW = "بعد نقاش استمر ساعتين|وسط حضور كبير|رغم اعتراض ثلاثة أعضاء|بكلفة لم تحدد بعد|في جلسة علنية|قبل موعدها".split(
    "|"
)


class Crawl(NamedTuple):
    """Lines of furniture that were on the pages and that the records lack; sentences of background that were cut."""

    shown: int
    dropped: int
    cut: int


def page(number: int, chance: random.Random, background: list[str]) -> bytes:
    """The page of a story."""
    title = f"{chance.choice(_WHO)} وقرار رقم {number} بشأن {chance.choice(_WHAT)}"
    story = [
        f"ناقش {chance.choice(_WHO)} {chance.choice(_WHAT)} {chance.choice(_HOW)}، وبلغ الرقم {chance.random():.6f}."
        for _ in range(_SENTENCES)
    ]
    for sentence in background[:-1]:
        story.insert(chance.randrange(1, len(story)), sentence)
    lines = (FURNITURE[0], *story, *background[-1:], FURNITURE[1])
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f"<title>{title}</title><article><h1>{title}</h1><div class='entry-content'>{body}</div></article>".encode()


def crawl(stories: int) -> Crawl:
    """One crawl that begins to learn with its first story."""
    chance = random.Random(_SEED)
    memory = RecurringLines(learns=True)
    dropped = 0
    cut: set[str] = set()
    for number in range(stories):
        due = [text for at, text in enumerate(BACKGROUND) if (number - at) % _EVERY[at % len(_EVERY)] == 0]
        background = chance.sample(due, min(len(due), _MOST))
        article = load_article(
            page(number, chance, background),
            url=f"https://daffa.example/{number}",
            fetched_at=NOW,
            memory=memory,
            learn=True,
        )
        body = article.body or ""
        cut.update(text for text in background if text not in body)
        dropped += sum(line not in body for line in FURNITURE)
    return Crawl(stories * len(FURNITURE), dropped, len(cut))


def main() -> None:
    """Prints a row for every crawl."""
    table = Table(header_style="dim")
    for heading in ("stories", "lines of furniture", "dropped", "background cut, of 60"):
        table.add_column(heading, justify="right")
    for stories in (60, 200, 400):
        found = crawl(stories)
        table.add_row(str(stories), str(found.shown), f"{found.dropped / found.shown:.3f}", str(found.cut))
    Console().print(table)


if __name__ == "__main__":
    main()
