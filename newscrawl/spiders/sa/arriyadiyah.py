from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Arriyadiyah(NewsSpider):
    """الرياضية: a sports daily; keyed by the number that begins the path, until 2016 by Drupal's node id."""

    name = "arriyadiyah"
    publisher = Publisher("الرياضية", "Arriyadiyah", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["arriyadiyah.com"]
    article_url = r"//arriyadiyah\.com/(?:(?P<id>\d{5,})|node/(?P<node>\d+))(?:/|$)"
    feeds = ["https://arriyadiyah.com/rss"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
    obstacles = "/feed/ and /rss/arriyadiyah.xml are gone, 2026-01"
