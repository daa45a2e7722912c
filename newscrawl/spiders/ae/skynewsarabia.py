from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Skynewsarabia(NewsSpider):
    """سكاي نيوز عربية: keyed by the number in front of the slug."""

    name = "skynewsarabia"
    publisher = Publisher("سكاي نيوز عربية", "Sky News Arabia", country="AE", timezone="Asia/Dubai")
    allowed_domains = ["skynewsarabia.com"]
    article_url = r"//skynewsarabia\.com/(?:web/article|(?!live|program)[a-z-]+)/(?P<id>\d{5,})\b"
    feeds = ["https://www.skynewsarabia.com/rss"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
    obstacles = "/web/rss was refused, 2026-01; article pages were open, 2026-08"
