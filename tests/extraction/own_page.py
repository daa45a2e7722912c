"""A plain story page of our own around whatever a test puts into it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from newscrawl import extract
from newscrawl.items import Article

URL = "https://www.rabwa.test/local/8123"
TITLE = "بلدية الربوة تعيد فتح سوق الحرفيين بعد ترميم دام ثلاثة أعوام"
STORY = (
    "أعادت بلدية الربوة صباح اليوم فتح سوق الحرفيين في البلدة القديمة بعد أعمال ترميم دامت ثلاثة أعوام كاملة.",
    "وقال المشرف على الأعمال إن السوق يضم ستين دكانا للنحاسين والنجارين وصانعي السلال، وإن الإيجارات لن ترتفع.",
    "وتوقع التجار أن يعود الزوار إلى المكان مع بداية الخريف، بعدما انتقل كثير منهم إلى أسواق المدينة الجديدة.",
)
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def page(*, head: str = "", above: str = "", below: str = "", title: str | None = TITLE, story: str = "") -> bytes:
    """A page with `head` in its head, `above` between headline and body, `below` behind the body."""
    heading = f"<h1>{title}</h1>" if title else ""
    body = story or "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    return (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title or "الربوة"} | '
        f'جريدة الربوة</title>{head}</head><body><header><a href="/">جريدة الربوة</a><nav><a href="/local">محليات</a>'
        f'</nav></header><main><article>{heading}{above}<div class="article-body">{body}</div>{below}</article></main>'
        "<footer><p>جميع الحقوق محفوظة</p></footer></body></html>"
    ).encode()


def linked(*values: Any) -> str:
    """Every value in a JSON-LD script of its own."""
    return "".join(
        f'<script type="application/ld+json">{json.dumps(value, ensure_ascii=False)}</script>' for value in values
    )


def story_object(**more: Any) -> dict[str, Any]:
    """A NewsArticle of the story of `page`."""
    return {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **more}


def read(source: bytes, url: str = URL, **more: Any) -> Article:
    """The record of a page, fetched on 1 September 2026."""
    return extract(source, url=url, fetched_at=more.pop("fetched_at", NOW), **more)
