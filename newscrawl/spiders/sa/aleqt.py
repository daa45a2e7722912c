from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Aleqt(NewsSpider):
    """الاقتصادية: an economic daily; keyed by the number of the article's file."""

    name = "aleqt"
    publisher = Publisher("الاقتصادية", "Al Eqtisadiah", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["aleqt.com"]
    article_url = r"//aleqt\.com/\d{4}/\d{2}/\d{2}/article_(?P<id>\d+)\.html"
    feeds = ["https://www.aleqt.com/rss.xml"]
    rules = []
    verified = None
    feed_seen = "2026-01-15"
