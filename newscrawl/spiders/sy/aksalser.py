from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Aksalser(NewsSpider):
    """عكس السير: news for Syrians abroad, on Berlin's clock; keyed by day and slug."""

    name = "aksalser"
    publisher = Publisher("عكس السير", "Aksalser", country="SY", timezone="Europe/Berlin")
    allowed_domains = ["aksalser.com"]
    article_url = r"//aksalser\.com/news/(?P<id>\d{4}/\d{2}/\d{2}/[^/]+)$"
    rules = []
    verified = None
