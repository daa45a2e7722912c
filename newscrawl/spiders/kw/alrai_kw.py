from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AlraiKw(NewsSpider):
    """الراي: keyed by the number after /article/."""

    name = "alrai_kw"
    publisher = Publisher("الراي", "Al-Rai (Kuwait)", country="KW", timezone="Asia/Kuwait")
    allowed_domains = ["alraimedia.com"]
    article_url = r"//alraimedia\.com/article/(?P<id>\d+)\b"
    rules = []
    verified = None
