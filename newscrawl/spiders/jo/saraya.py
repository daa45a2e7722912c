from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Saraya(NewsSpider):
    """سرايا: keyed by the number after /article/."""

    name = "saraya"
    publisher = Publisher("سرايا", "Saraya News", country="JO", timezone="Asia/Amman")
    allowed_domains = ["sarayanews.com"]
    article_url = r"//sarayanews\.com/article/(?P<id>\d+)\b"
    feeds = [
        "https://www.sarayanews.com/rss.php?type=news&id=2",
        "https://www.sarayanews.com/rss.php?type=news&id=9",
        "https://www.sarayanews.com/rss.php?type=news&id=16",
    ]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
