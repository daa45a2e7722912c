from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Elaph(NewsSpider):
    """إيلاف: keyed by the number of the file."""

    name = "elaph"
    publisher = Publisher("إيلاف", "Elaph", country="GB", timezone="Europe/London")
    allowed_domains = ["elaph.com"]
    article_url = r"//elaph\.com/Web/[^/]+/\d{4}/\d{1,2}/(?P<id>\d+)\.html$"
    rules = []
    verified = None
