from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Hespress(NewsSpider):
    """هسبريس: WordPress; keyed by the number at the end of the slug."""

    name = "hespress"
    publisher = Publisher("هسبريس", "Hespress", country="MA", timezone="Africa/Casablanca")
    allowed_domains = ["hespress.com"]
    article_url = r"//hespress\.com/(?:[^/]+-|(?:videos|[a-z]+)/)(?P<id>\d{4,})\.html$"
    feeds = ["https://www.hespress.com/feed"]
    rules = []
    verified = None
    feed_seen = "2026-09-14"
    obstacles = "403 to a plain client, 2026-08"
