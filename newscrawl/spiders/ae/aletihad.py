from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Aletihad(NewsSpider):
    """الاتحاد: keyed by the number behind the section."""

    name = "aletihad"
    publisher = Publisher("الاتحاد", "Al-Ittihad", country="AE", timezone="Asia/Dubai")
    allowed_domains = ["aletihad.ae"]
    article_url = r"//aletihad\.ae/(?:news|opinion|article)/(?:[^/]+/)?(?P<id>\d{6,})(?:/|$)"
    feeds = [
        "https://www.aletihad.ae/feed.rss",
        "https://www.aletihad.ae/emirates.rss",
        "https://www.aletihad.ae/arabi.rss",
    ]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
