from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Emaratalyoum(NewsSpider):
    """الإمارات اليوم: Polopoly; keyed by the number after the day."""

    name = "emaratalyoum"
    publisher = Publisher("الإمارات اليوم", "Emarat Al Youm", country="AE", timezone="Asia/Dubai")
    allowed_domains = ["emaratalyoum.com"]
    article_url = r"//emaratalyoum\.com/(?:[^/]+/)+\d{4}-\d{2}-\d{2}-1\.(?P<id>\d+)$"
    rules = []
    verified = None
