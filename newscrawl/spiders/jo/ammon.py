from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Ammon(NewsSpider):
    """عمون: keyed by the number after /article/."""

    name = "ammon"
    publisher = Publisher("عمون", "Ammon News", country="JO", timezone="Asia/Amman")
    allowed_domains = ["ammonnews.net"]
    article_url = r"//ammonnews\.net/article/(?P<id>\d+)\b"
    feeds = [
        "https://ammonnews.net/rss.php?type=news&id=64",
        "https://ammonnews.net/rss.php?type=news&id=43",
        "https://ammonnews.net/rss.php?type=news&id=16",
    ]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
    obstacles = "perhaps a paywall, 2026"
