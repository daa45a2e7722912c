from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Elfagr(NewsSpider):
    """الفجر: keyed by the bare number."""

    name = "elfagr"
    publisher = Publisher("الفجر (مصر)", "El Fagr", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["elfagr.org"]
    article_url = r"//elfagr\.org/(?P<id>\d{6,})(?:/[^/]+)?$"
    rules = []
    verified = None
