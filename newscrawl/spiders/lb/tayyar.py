from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Tayyar(NewsSpider):
    """التيار: keyed by the number behind the section."""

    name = "tayyar"
    publisher = Publisher("التيار", "Tayyar", country="LB", timezone="Asia/Beirut")
    allowed_domains = ["tayyar.org"]
    article_url = r"//tayyar\.org/News/[^/]+/(?P<id>\d+)\b"
    rules = []
    verified = None
