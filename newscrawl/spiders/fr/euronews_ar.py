from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class EuronewsAr(NewsSpider):
    """يورونيوز: keyed by day and slug; the slugs are English."""

    name = "euronews_ar"
    publisher = Publisher("يورونيوز", "Euronews Arabic", country="FR", timezone="Europe/Paris")
    allowed_domains = ["arabic.euronews.com"]
    article_url = r"//arabic\.euronews\.com/(?:[a-z-]+/)*(?P<id>\d{4}/\d{2}/\d{2}/[^/]+)$"
    feeds = ["https://arabic.euronews.com/rss"]
    rules = []
    verified = None
    feed_seen = "2026-09-28"
