from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Almadina(NewsSpider):
    """المدينة: keyed by the number after /article/."""

    name = "almadina"
    publisher = Publisher("المدينة", "Al Madina", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["al-madina.com"]
    article_url = r"//al-madina\.com/article/(?P<id>\d+)\b"
    feeds = ["https://www.al-madina.com/rssFeed/193"]
    rules = []
    verified = None
    feed_seen = "2026-08-31"
    obstacles = "/rss answered 403, 2026-01; a new site was on trial hosts, 2026-08"
