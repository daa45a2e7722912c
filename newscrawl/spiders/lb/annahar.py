from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Annahar(NewsSpider):
    """النهار: several numberings, so that the word in front of the number belongs to the key."""

    name = "annahar"
    publisher = Publisher("النهار", "Annahar", country="LB", timezone="Asia/Beirut")
    allowed_domains = ["annahar.com"]
    article_url = (
        r"//annahar\.com/(?:arabic/(?!section/[^/]+$)(?P<kind>[a-z]+)/(?:[^/]+/)*?(?P<id>\d{5,18})(?:/[^/]+)?"
        r"|article/(?P<old>\d+)[^/]*)$"
    )
    feeds = ["https://www.annahar.com/arabic/rss-feed", "https://www.annahar.com/rss"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
    obstacles = "some pages are marked premium, 2026-09"
