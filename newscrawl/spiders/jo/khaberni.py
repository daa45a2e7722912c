from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Khaberni(NewsSpider):
    """خبرني: keyed by the number in front of the slug."""

    name = "khaberni"
    publisher = Publisher("خبرني", "Khaberni", country="JO", timezone="Asia/Amman")
    allowed_domains = ["khaberni.com"]
    article_url = r"//khaberni\.com/news/(?P<id>\d+)\b"
    rules = []
    verified = None
