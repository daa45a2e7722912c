from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alain(NewsSpider):
    """العين الإخبارية: keyed by its slug, which is English."""

    name = "alain"
    publisher = Publisher("العين الإخبارية", "Al-Ain News", country="AE", timezone="Asia/Dubai")
    allowed_domains = ["al-ain.com"]
    article_url = r"//al-ain\.com/article/(?P<id>[^/]+)$"
    sections = ["https://al-ain.com/section/business/", "https://al-ain.com/section/politics/"]
    rules = []
    verified = None
