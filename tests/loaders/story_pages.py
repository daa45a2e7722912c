"""Story pages of one site as an editors' system writes them, with what differs between them under a test's control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

TITLES = (
    "البلدية تعيد فتح السوق القديم",
    "مطر غزير يغمر طرق الساحل",
    "الفريق يعود من رحلته بفوز",
    "معرض للخط في دار الكتب",
)
WRITERS = ("سلمى الحداد", "كريم النابلسي", "هالة الصفدي", "مازن العكاري")
STORY = (
    "قالت البلدية في بيان وزعته صباح اليوم إن الأعمال التي بدأت في الربيع انتهت قبل موعدها بأسبوعين كاملين.",
    "وأوضح رئيس اللجنة أن الكلفة لم تتجاوز ما رصد لها في الموازنة، وأن ما بقي منها يذهب إلى ترميم السقف.",
    "ورحب أصحاب المحال بالقرار، وقال أحدهم إن الزبائن عادوا منذ اليوم الأول وإن الحركة أفضل مما كانت.",
    "ومن المقرر أن تعرض اللجنة تقريرها النهائي على المجلس في جلسته المقبلة قبل نهاية الشهر الجاري.",
)
BOX = '<div class="read-more-box"><h4>اقرأ أيضا</h4><ul><li><a href="/news/{0}">{1} بعد انتظار</a></li></ul></div>'


def address(number: int) -> str:
    """Where a story lies."""
    return f"https://www.almithal.example/news/{770_100 + number * 13}"


def story_page(
    number: int,
    *,
    inside: str = "",
    head: str = "",
    title_class: str = "entry-title mt-3",
    body_class: str = "entry-content col-md-8",
    paragraphs: Sequence[str] = STORY,
    attributes: Mapping[str, str] | None = None,
) -> bytes:
    """The page of a story; `inside` stands between its paragraphs."""
    title, writer = TITLES[number % 4], WRITERS[number % 4]
    lines = [f"<p>{text} وهذا ما جرى في اليوم {number} من العام.</p>" for text in paragraphs]
    lines.insert(2, inside)
    url = address(number)
    menu = "".join(f'<li><a href="/section/{desk}">{name}</a></li>' for desk, name in (("1", "محليات"), ("2", "رياضة")))
    given = "".join(f' {name}="{value}"' for name, value in (attributes or {}).items())
    html = f"""<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title} | المثال</title>
<link rel="canonical" href="{url}"><meta property="og:site_name" content="المثال">
<link rel="alternate" type="application/rss+xml" href="/feed">{head}</head>
<body class="single postid-{number}"><nav><ul class="menu">{menu}</ul></nav>
<div class="container"><div class="row"><article id="post-{number}" class="post"{given}>
<h1 class="{title_class}">{title}</h1><div class="entry-meta"><span class="author">{writer}</span>
<span class="posted-on">{1 + number % 28} نوفمبر 2026</span></div>
<div class="{body_class}">{"".join(lines)}</div>
<div class="tags-links"><a href="/tag/a{number}" rel="tag">السوق {number}</a>
<a href="/tag/b" rel="tag">المدينة</a></div>
</article></div></div><footer><p>جميع الحقوق محفوظة</p></footer></body></html>"""
    return html.encode()
