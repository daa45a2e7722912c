from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Elwatannews(NewsSpider):
    """الوطن: keyed by the number after /news/details/."""

    name = "elwatannews"
    publisher = Publisher("الوطن (مصر)", "El Watan", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["elwatannews.com"]
    article_url = r"//elwatannews\.com/news/details/(?P<id>\d+)\b"
    rules = []
    verified = None
