from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Al3Omk(NewsSpider):
    """العمق المغربي: WordPress; keyed by the number of the file."""

    name = "al3omk"
    publisher = Publisher("العمق المغربي", "Al3omk", country="MA", timezone="Africa/Casablanca")
    allowed_domains = ["al3omk.com"]
    article_url = r"//al3omk\.com/(?P<id>\d+)\.html$"
    feeds = ["https://al3omk.com/feed"]
    rules = []
    verified = None
    feed_seen = "2026-05-12"
