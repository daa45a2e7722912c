from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class TuniscopeAr(NewsSpider):
    """تونيسكوب: keyed by the number after /article/."""

    name = "tuniscope_ar"
    publisher = Publisher("تونيسكوب", "Tuniscope (Arabic)", country="TN", timezone="Africa/Tunis")
    allowed_domains = ["tuniscope.com"]
    article_url = r"//tuniscope\.com/ar/article/(?P<id>\d+)\b"
    rules = []
    verified = None
