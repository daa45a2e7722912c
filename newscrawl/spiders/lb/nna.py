from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Nna(NewsSpider):
    """الوكالة الوطنية للإعلام: the state's agency; keyed by number, and counted anew under /ar/news/."""

    name = "nna"
    publisher = Publisher("الوكالة الوطنية للإعلام", "NNA", country="LB", timezone="Asia/Beirut")
    allowed_domains = ["nna-leb.gov.lb"]
    article_url = (
        r"//nna-leb\.gov\.lb/ar/(?:news/(?:short/)?(?P<new>\d{5,})"
        r"|(?!rss|sitemap|latest)[^/]+/(?P<id>\d{5,}))(?:/|$)"
    )
    feeds = ["https://www.nna-leb.gov.lb/ar/rss"]
    archives = ["https://www.nna-leb.gov.lb/ar/sitemap/n/3?date={date:%Y-%m-%d}"]
    rules = []
    verified = None
    obstacles = "bodies are drawn by JavaScript from an address that robots.txt closes, 2026-09"
