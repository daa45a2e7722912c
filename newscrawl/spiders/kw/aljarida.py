from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Aljarida(NewsSpider):
    """الجريدة: keyed by the number after /article/; until 2023 by one of 13 to 19 digits."""

    name = "aljarida"
    publisher = Publisher("الجريدة", "Al-Jarida", country="KW", timezone="Asia/Kuwait")
    allowed_domains = ["aljarida.com"]
    article_url = r"//aljarida\.com/(?:article/(?P<id>\d+)|articles/(?P<old>\d{13,19}))(?:/|$)"
    rules = []
    verified = None
