from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Kurdistan24Ar(NewsSpider):
    """كوردستان 24: keyed by the number after /story/, until 2020 by a GUID."""

    name = "kurdistan24_ar"
    publisher = Publisher("كوردستان 24", "Kurdistan 24 (Arabic)", country="IQ", timezone="Asia/Baghdad")
    allowed_domains = ["kurdistan24.net"]
    article_url = r"//kurdistan24\.net/ar/(?:story|news)/(?P<id>[0-9a-f-]{36}|\d+)\b"
    feeds = ["https://www.kurdistan24.net/ar/rss.xml"]
    rules = []
    verified = None
    feed_seen = "2026-09-28"
