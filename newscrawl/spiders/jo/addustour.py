from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Addustour(NewsSpider):
    """الدستور: keyed by the number in front of the slug."""

    name = "addustour"
    publisher = Publisher("الدستور (الأردن)", "Ad-Dustour", country="JO", timezone="Asia/Amman")
    allowed_domains = ["addustour.com"]
    article_url = r"//addustour\.com/articles/(?P<id>\d+)\b"
    rules = []
    verified = None
