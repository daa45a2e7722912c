from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Albawabhnews(NewsSpider):
    """البوابة نيوز: keyed by the bare number."""

    name = "albawabhnews"
    publisher = Publisher("البوابة نيوز", "Al-Bawaba News", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["albawabhnews.com"]
    article_url = r"//albawabhnews\.com/(?P<id>\d{6,})(?:/[^/]+)?$"
    rules = []
    verified = None
