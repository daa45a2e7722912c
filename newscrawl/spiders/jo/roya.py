from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Roya(NewsSpider):
    """رؤيا الإخباري: one newsroom on two domains; keyed by the number after /news/."""

    name = "roya"
    publisher = Publisher("رؤيا الإخباري", "Roya News", country="JO", timezone="Asia/Amman")
    allowed_domains = ["royanews.tv", "roya.tv"]
    article_url = r"//(?:royanews|roya)\.tv/news/(?P<id>\d+)\b"
    feeds = ["https://royanews.tv/rss", "https://roya.tv/rss"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
