from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Elbalad(NewsSpider):
    """صدى البلد: keyed by the bare number."""

    name = "elbalad"
    publisher = Publisher("صدى البلد", "Sada El-Balad", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["elbalad.news"]
    article_url = r"//elbalad\.news/(?P<id>\d{6,})(?:/[^/]+)?$"
    feeds = ["https://www.elbalad.news/rss.aspx"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
