from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AlwatanSa(NewsSpider):
    """الوطن: keyed by the number after /article/; ASP.NET pages before 2018 have numbers of their own."""

    name = "alwatan_sa"
    publisher = Publisher("الوطن (السعودية)", "Al-Watan (Saudi Arabia)", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["alwatan.com.sa"]
    article_url = (
        r"//alwatan\.com\.sa/(?:(?:ampA|a)rticle/(?P<id>\d+)"
        r"|.*(?i:News_Detail\.aspx\?(?:.*&)?ArticleID=)(?P<old>\d+))"
    )
    feeds = ["https://www.alwatan.com.sa/rssFeed/0", "https://www.alwatan.com.sa/rss"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
