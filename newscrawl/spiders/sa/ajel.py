from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Ajel(NewsSpider):
    """عاجل: keyed by the ten letters and digits behind the section, as at Sabq."""

    name = "ajel"
    publisher = Publisher("عاجل", "Ajel", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["ajel.sa"]
    article_url = r"//ajel\.sa/[a-z-]+/(?P<id>[a-z0-9]{10})$"
    feeds = ["https://ajel.sa/stories.rss", "https://www.ajel.sa/rss"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
