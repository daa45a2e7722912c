from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Asharq(NewsSpider):
    """الشرق للأخبار: Next.js; keyed by the number behind the section."""

    name = "asharq"
    publisher = Publisher("الشرق للأخبار", "Asharq News", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["asharq.com"]
    article_url = r"//asharq\.com/(?!live|shows?/)[a-z-]+/(?P<id>\d{4,})(?:/|$)"
    feeds = ["https://asharq.com/rss.xml", "https://asharq.com/snapchat/rss.xml"]
    rules = []
    verified = None
    feed_seen = "2026-08-22"
    obstacles = "/rss answered 404, 2026-01"
