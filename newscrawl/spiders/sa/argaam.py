from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Argaam(NewsSpider):
    """أرقام: markets and companies; keyed by the number at the end."""

    name = "argaam"
    publisher = Publisher("أرقام", "Argaam", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["argaam.com"]
    article_url = r"//argaam\.com/ar/article/articledetail/id/(?P<id>\d+)"
    feeds = ["https://www.argaam.com/ar/rss"]
    rules = []
    verified = None
    feed_seen = "2026-01-15"
