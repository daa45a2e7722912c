"""A newspaper under a domain of its own, of which a crawler is told the home page only."""

from __future__ import annotations

from typing import Literal

from tests.spiders.site import Answer, Site, story

HOME = "http://www.almithal.test/"
DESKS = {"economy": "اقتصاد", "sport": "رياضة", "culture": "ثقافة"}
_TITLES = ("البلدية تعيد فتح السوق", "مطر غزير على الساحل", "الفريق يعود من رحلته", "معرض للخط في دار الكتب")
Announced = Literal["feed", "robots", "nothing"]


def title(number: int) -> str:
    """A headline unlike any other's."""
    return f"{_TITLES[number % 4]} في اليوم {number}"


def path(number: int) -> str:
    """Where a story lies."""
    return f"/{list(DESKS)[number % 3]}/{1_250_000 + number * 7}-{title(number).replace(' ', '-')}"


def almithal(stories: int, announced: Announced, *, per_page: int = 10) -> Site:
    """The paper with so many stories: in its feed, in its sitemap, or only on the pages of its desks."""
    site = Site()
    newest = list(range(stories, 0, -1))
    menu = "".join(f'<li><a href="/{desk}">{name}</a></li>' for desk, name in DESKS.items())
    foot = '<footer><a href="/about">من نحن</a><a href="/contact">اتصل بنا</a><a href="/tag/souk">السوق</a></footer>'

    def page(body: str, head: str = "") -> str:
        return f"<html lang=ar><head>{head}</head><body><nav><ul>{menu}</ul></nav>{body}{foot}</body></html>"

    def cards(numbers: list[int]) -> str:
        return "".join(f'<article><h2><a href="{path(n)}">{title(n)}</a></h2><p>في المدينة.</p></article>'
                       for n in numbers)  # fmt: skip

    head = '<link rel="alternate" type="application/rss+xml" href="/khulasa">' if announced == "feed" else ""
    site.page("/", page(cards(newest[:9]), head))
    for desk in DESKS:
        own = [n for n in newest if path(n).startswith(f"/{desk}/")]
        sheets = [own[at : at + per_page] for at in range(0, len(own), per_page)]
        for number, sheet in enumerate(sheets, 1):
            further = f'<a href="/{desk}?page={number + 1}">التالي</a>' if number < len(sheets) else ""
            site.page(f"/{desk}" + (f"?page={number}" if number > 1 else ""), page(cards(sheet) + further))
    for n in newest:
        related = "".join(
            f'<li><a href="{path(o)}">{title(o)}</a></li>' for o in (n % stories + 1, (n + 5) % stories + 1)
        )
        html = story(n, title(n)).replace(
            "</h1>", f'</h1><time datetime="2026-11-{1 + n % 28:02}T09:30:00+02:00"></time>'
        )
        site.page(path(n), html.replace("</article>", f"</article><aside><ul>{related}</ul></aside>{foot}"))
    for other in ("/about", "/contact", "/tag/souk"):
        site.page(other, page("<h1>عن الموقع</h1><p>" + "صفحة عن الموقع ومن يعمل فيه. " * 20 + "</p>"))
    if announced == "feed":
        items = "".join(
            f"<item><title>{title(n)}</title><link>{HOME.rstrip('/')}{path(n)}</link></item>" for n in newest
        )
        site.xml("/khulasa", f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>')
    if announced == "robots":
        entries = "".join(f"<url><loc>{HOME.rstrip('/')}{where}</loc></url>"
                          for where in [*map(path, newest), "/about", "/tag/souk", "/economy"])  # fmt: skip
        site.xml("/maps/all.xml", f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>")
        site.pages["/robots.txt"] = Answer(b"User-agent: *\nAllow: /\nSitemap: /maps/all.xml\n")
    return site
