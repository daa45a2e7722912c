from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Bokra(NewsSpider):
    """بكرا: keyed by the number after Article-."""

    name = "bokra"
    publisher = Publisher("بكرا", "Bokra", country="IL", timezone="Asia/Jerusalem")
    allowed_domains = ["bokra.net"]
    article_url = r"//bokra\.net/Article-(?P<id>\d+)\b"
    rules = []
    verified = None
