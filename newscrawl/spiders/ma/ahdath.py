from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Ahdath(NewsSpider):
    """أحداث.أنفو: keyed by slug."""

    name = "ahdath"
    publisher = Publisher("أحداث.أنفو", "Ahdath.info", country="MA", timezone="Africa/Casablanca")
    allowed_domains = ["ahdath.info"]
    article_url = r"//ahdath\.info/(?P<slug>(?=[^/]*[ء-ي])[^/]+-[^/]+-[^/]+-[^/]+)$"
    feeds = ["https://www.ahdath.info/rssFeed/0"]
    rules = []
    verified = None
    feed_seen = "2026-05-12"
