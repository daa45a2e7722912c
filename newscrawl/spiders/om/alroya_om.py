from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AlroyaOm(NewsSpider):
    """الرؤية: keyed by the number after /post/."""

    name = "alroya_om"
    publisher = Publisher("الرؤية", "Al Roya", country="OM", timezone="Asia/Muscat")
    allowed_domains = ["alroya.om"]
    article_url = r"//alroya\.om/p(?:ost)?/(?P<id>\d+)\b"
    feeds = ["https://alroya.om/rss"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
