from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Vetogate(NewsSpider):
    """فيتو: keyed by the bare number."""

    name = "vetogate"
    publisher = Publisher("فيتو", "Veto Gate", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["vetogate.com"]
    article_url = r"//vetogate\.com/(?P<id>\d{6,})(?:/[^/]+)?$"
    feeds = ["https://www.vetogate.com/rss.xml"]
    rules = []
    verified = None
