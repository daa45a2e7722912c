from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AaAr(NewsSpider):
    """الأناضول: keyed by the number at the end."""

    name = "aa_ar"
    publisher = Publisher("الأناضول", "Anadolu (Arabic)", country="TR", timezone="Europe/Istanbul")
    allowed_domains = ["aa.com.tr"]
    article_url = r"//aa\.com\.tr/ar/(?:[^/]+/)+(?P<id>\d{6,})$"
    feeds = ["https://www.aa.com.tr/ar/rss/default?cat=guncel"]
    rules = []
    verified = None
    feed_seen = "2026-09-28"
