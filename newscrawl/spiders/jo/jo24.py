from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Jo24(NewsSpider):
    """جو 24: keyed by the number after /article/."""

    name = "jo24"
    publisher = Publisher("جو 24", "Jo24", country="JO", timezone="Asia/Amman")
    allowed_domains = ["jo24.net"]
    article_url = r"//jo24\.net/article/(?P<id>\d+)\b"
    rules = []
    verified = None
