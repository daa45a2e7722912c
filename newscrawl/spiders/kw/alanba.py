from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alanba(NewsSpider):
    """الأنباء: keyed by a number that answers without section and slug, too."""

    name = "alanba"
    publisher = Publisher("الأنباء", "Al-Anba", country="KW", timezone="Asia/Kuwait")
    allowed_domains = ["alanba.com.kw"]
    article_url = (
        r"//alanba\.com\.kw/(?:(?:(?:ar|newspaper)/(?:[a-z0-9-]+/)+)?"
        r"|(?:.*/)?print-article\.aspx\?(?:.*&)?articleid=)(?P<id>\d{6,})(?:[/?&]|$)"
    )
    feeds = ["https://www.alanba.com.kw/rss/kuwait-news"]
    sections = [
        "https://www.alanba.com.kw/ar/kuwait-news/",
        "https://www.alanba.com.kw/ar/sport-news/",
        "https://www.alanba.com.kw/ar/opinion/",
    ]
    rules = []
    verified = None
    feed_seen = "2026-08-31"
