from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Dostor(NewsSpider):
    """الدستور: keyed by the bare number."""

    name = "dostor"
    publisher = Publisher("الدستور (مصر)", "El Dostor", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["dostor.org"]
    article_url = r"//dostor\.org/(?P<id>\d{6,})(?:/[^/]+)?$"
    rules = []
    verified = None
