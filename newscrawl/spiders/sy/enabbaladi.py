from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Enabbaladi(NewsSpider):
    """عنب بلدي: WordPress; keyed by its number."""

    name = "enabbaladi"
    publisher = Publisher("عنب بلدي", "Enab Baladi", country="SY", timezone="Asia/Damascus")
    allowed_domains = ["enabbaladi.net"]
    article_url = r"//enabbaladi\.net/(?:archives/)?(?P<id>\d{5,})(?:/[^/]+)?$"
    feeds = ["https://www.enabbaladi.net/feed/"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
