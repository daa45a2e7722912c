from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Addiyar(NewsSpider):
    """الديار: keyed by the number in front of the slug."""

    name = "addiyar"
    publisher = Publisher("الديار", "Addiyar", country="LB", timezone="Asia/Beirut")
    allowed_domains = ["addiyar.com"]
    article_url = r"//addiyar\.com/article/(?P<id>\d+)\b"
    rules = []
    verified = None
