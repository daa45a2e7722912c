from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class CnnArabic(NewsSpider):
    """CNN بالعربية: keyed by day and slug; the slugs are English."""

    name = "cnn_arabic"
    publisher = Publisher("CNN بالعربية", "CNN Arabic", country="AE", timezone="Asia/Dubai")
    allowed_domains = ["arabic.cnn.com"]
    article_url = r"//arabic\.cnn\.com/(?:[a-z-]+/)*article/(?P<id>\d{4}/\d{2}/\d{2}/[^/]+)$"
    feeds = ["https://arabic.cnn.com/api/v1/rss/rss.xml"]
    rules = []
    verified = None
