from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Sana(NewsSpider):
    """الوكالة العربية السورية للأنباء (سانا): keyed by WordPress' number, before that by day and number."""

    name = "sana"
    publisher = Publisher("الوكالة العربية السورية للأنباء (سانا)", "SANA", country="SY", timezone="Asia/Damascus")
    allowed_domains = ["sana.sy"]
    article_url = (
        r"//sana\.sy/(?:[a-z-]+/(?P<id>\d{6,})(?:[?/]|$)"
        r"|\?(?:.*&)?p=(?P<p>\d{5,})|ara/\d+/(?P<old>\d{4}/\d{2}/\d{2}/\d+)\.htm)"
    )
    feeds = ["https://sana.sy/feed/"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
