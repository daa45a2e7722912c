from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Akhbarelyom(NewsSpider):
    """بوابة أخبار اليوم: keyed by the number after newdetails, in whatever letter case."""

    name = "akhbarelyom"
    publisher = Publisher("بوابة أخبار اليوم", "Akhbar El Yom", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["akhbarelyom.com"]
    article_url = r"//(?:\w+\.)?akhbarelyom\.com/(?i:news/newdetails)/(?P<id>\d+)\b"
    rules = []
    verified = None
