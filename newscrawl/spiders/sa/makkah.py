from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Makkah(NewsSpider):
    """مكة: keyed by the number after /article/; films have it, too."""

    name = "makkah"
    publisher = Publisher("مكة", "Makkah Newspaper", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["makkahnewspaper.com"]
    article_url = r"//makkahnewspaper\.com/article/(?P<id>\d+)\b"
    feeds = [
        "https://makkahnewspaper.com/rssFeed/0",
        "https://makkahnewspaper.com/rssFeed/1",
        "https://makkahnewspaper.com/rssFeed/2",
    ]
    sitemaps = [
        "https://makkahnewspaper.com/sitemaps/newsSitemap.xml",
        "https://makkahnewspaper.com/sitemaps/sitemap_0.xml",
    ]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
