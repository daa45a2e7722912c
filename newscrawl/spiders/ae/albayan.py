from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Albayan(NewsSpider):
    """البيان: keyed by the number at the end, until 2025 by Polopoly's."""

    name = "albayan"
    publisher = Publisher("البيان", "Al Bayan", country="AE", timezone="Asia/Dubai")
    allowed_domains = ["albayan.ae"]
    article_url = r"//albayan\.ae/(?:[a-z0-9-]+/)+(?:(?P<id>\d{4,})|\d{4}-\d{2}-\d{2}-1\.(?P<old>\d+))$"
    rules = []
    verified = None
