from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Sudanile(NewsSpider):
    """سودانايل: WordPress; keyed by slug."""

    name = "sudanile"
    publisher = Publisher("سودانايل", "Sudanile", country="SD", timezone="Africa/Khartoum")
    allowed_domains = ["sudanile.com"]
    article_url = r"//sudanile\.com/(?P<slug>(?=[^/]*[ء-ي])[^/]+-[^/]+-[^/]+)$"
    feeds = ["https://sudanile.com/feed/"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
