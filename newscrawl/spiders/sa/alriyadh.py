from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alriyadh(NewsSpider):
    """الرياض: keyed by a bare number, which the dated addresses of 2011 carry, too."""

    name = "alriyadh"
    publisher = Publisher("الرياض", "Al Riyadh", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["alriyadh.com"]
    article_url = r"//alriyadh\.com/(?:net/article/|\d{4}/\d{2}/\d{2}/article)?(?P<id>\d{5,})(?:\.html)?$"
    rules = []
    verified = None
    obstacles = "rss.xml answered 404, 2026-01"
