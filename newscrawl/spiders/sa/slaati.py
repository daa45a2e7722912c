from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Slaati(NewsSpider):
    """صحيفة صدى: keyed by the number after the p."""

    name = "slaati"
    publisher = Publisher("صحيفة صدى", "Slaati", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["slaati.com"]
    article_url = r"//slaati\.com/\d{4}/\d{2}/\d{2}/p(?P<id>\d+)\.html$"
    rules = []
    verified = None
