from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AlraiJo(NewsSpider):
    """الرأي: keyed by the number after /article/."""

    name = "alrai_jo"
    publisher = Publisher("الرأي", "Al Rai (Jordan)", country="JO", timezone="Asia/Amman")
    allowed_domains = ["alrai.com"]
    article_url = r"//alrai\.com/article/(?P<id>\d+)\b"
    rules = []
    verified = None
