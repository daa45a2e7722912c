from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Assabeel(NewsSpider):
    """السبيل: WordPress; keyed by the bare number."""

    name = "assabeel"
    publisher = Publisher("السبيل", "Assabeel", country="JO", timezone="Asia/Amman")
    allowed_domains = ["assabeel.net"]
    article_url = r"//assabeel\.net/(?P<id>\d{5,})(?:/[^/]+)?$"
    feeds = ["https://assabeel.net/feed"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
