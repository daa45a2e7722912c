from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Almada(NewsSpider):
    """المدى: WordPress, keyed by the bare number; until 2023 a system of its own with other numbers."""

    name = "almada"
    publisher = Publisher("المدى", "Al Mada", country="IQ", timezone="Asia/Baghdad")
    allowed_domains = ["almadapaper.net"]
    article_url = r"//almadapaper\.net/(?:(?P<id>\d{5,})|Details/(?P<old>\d+))(?:/|$)"
    feeds = ["https://almadapaper.net/feed/"]
    rules = []
    verified = None
    feed_seen = "2026-09-28"
