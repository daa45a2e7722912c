from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alanbat(NewsSpider):
    """الأنباط: keyed by the number after /article/."""

    name = "alanbat"
    publisher = Publisher("الأنباط", "Al-Anbat", country="JO", timezone="Asia/Amman")
    allowed_domains = ["alanbatnews.net"]
    article_url = r"//alanbatnews\.net/article/(?P<id>\d+)\b"
    rules = []
    verified = None
