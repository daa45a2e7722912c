from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alrakoba(NewsSpider):
    """الراكوبة: WordPress; keyed by the bare number."""

    name = "alrakoba"
    publisher = Publisher("الراكوبة", "Alrakoba", country="SD", timezone="Africa/Khartoum")
    allowed_domains = ["alrakoba.net"]
    article_url = r"//alrakoba\.net/(?P<id>\d{5,})(?:/[^/]+)?$"
    feeds = ["https://www.alrakoba.net/feed/"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
    obstacles = "Cloudflare refuses robots, 2026; robots.txt says ai-train=no, 2026-08"
