from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alyaoum24(NewsSpider):
    """اليوم 24: WordPress; keyed by the number of the file."""

    name = "alyaoum24"
    publisher = Publisher("اليوم 24", "Alyaoum24", country="MA", timezone="Africa/Casablanca")
    allowed_domains = ["alyaoum24.com"]
    article_url = r"//alyaoum24\.com/(?P<id>\d+)\.html$"
    feeds = ["https://alyaoum24.com/feed"]
    rules = []
    verified = None
    feed_seen = "2026-05-12"
