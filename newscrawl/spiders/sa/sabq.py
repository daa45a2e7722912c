from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Sabq(NewsSpider):
    """سبق: keyed by the ten letters and digits behind the section."""

    name = "sabq"
    publisher = Publisher("سبق", "Sabq", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["sabq.org"]
    article_url = r"//sabq\.org/[a-z-]+/(?P<id>[a-z0-9]{10})$"
    feeds = ["https://sabq.org/rss"]
    rules = []
    verified = None
    feed_seen = "2026-01-15"
    obstacles = "one project needed a browser, 2023"
