from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Almanar(NewsSpider):
    """المنار: keyed by the bare number; what is old lies on archive.almanar.com.lb."""

    name = "almanar"
    publisher = Publisher("المنار", "Al Manar", country="LB", timezone="Asia/Beirut")
    allowed_domains = ["almanar.com.lb"]
    article_url = r"//(?:archive\.)?almanar\.com\.lb/(?P<id>\d{6,})(?:/[^/]+)?$"
    feeds = ["https://almanar.com.lb/rss"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
