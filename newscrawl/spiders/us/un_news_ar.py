from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class UnNewsAr(NewsSpider):
    """أخبار الأمم المتحدة: keyed by month and number."""

    name = "un_news_ar"
    publisher = Publisher("أخبار الأمم المتحدة", "UN News (Arabic)", country="US", timezone="America/New_York")
    allowed_domains = ["news.un.org"]
    article_url = r"//news\.un\.org/ar/story/(?P<id>\d{4}/\d{2}/\d+)$"
    feeds = ["https://news.un.org/feed/subscribe/ar/news/all/rss.xml"]
    rules = []
    verified = None
    feed_seen = "2026-09-28"
