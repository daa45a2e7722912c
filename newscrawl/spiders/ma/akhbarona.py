from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Akhbarona(NewsSpider):
    """أخبارنا: keyed by the number of the file."""

    name = "akhbarona"
    publisher = Publisher("أخبارنا", "Akhbarona", country="MA", timezone="Africa/Casablanca")
    allowed_domains = ["akhbarona.com"]
    article_url = r"//akhbarona\.com/(?:writers|[a-z]+)/(?P<id>\d+)\.html$"
    feeds = ["https://www.akhbarona.com/feed/index.rss"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
