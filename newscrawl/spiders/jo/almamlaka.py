from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Almamlaka(NewsSpider):
    """المملكة: keyed by the number in front of the slug, in 2020 behind it."""

    name = "almamlaka"
    publisher = Publisher("المملكة", "Al Mamlaka", country="JO", timezone="Asia/Amman")
    allowed_domains = ["almamlakatv.com"]
    article_url = r"//almamlakatv\.com/news/(?:(?!\d{4,}-)[^/]*-)?(?P<id>\d{4,})(?:-[^/]*)?$"
    feeds = ["https://almamlakatv.com/rss.xml"]
    rules = []
    verified = None
    feed_seen = "2026-09-14"
    obstacles = "the feed was refused to clients in data centres, 2026"
