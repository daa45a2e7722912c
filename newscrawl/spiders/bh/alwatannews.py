from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alwatannews(NewsSpider):
    """الوطن: keyed by the number after /article/, desktop or AMP."""

    name = "alwatannews"
    publisher = Publisher("الوطن (البحرين)", "Al-Watan (Bahrain)", country="BH", timezone="Asia/Bahrain")
    allowed_domains = ["alwatannews.net"]
    article_url = r"//alwatannews\.net/(?!en/)(?:[A-Za-z-]+/)?(?:ampA|a)rticle/(?P<id>\d+)\b"
    feeds = ["https://alwatannews.net/rssFeed/0"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
