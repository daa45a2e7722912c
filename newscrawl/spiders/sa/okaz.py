from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Okaz(NewsSpider):
    """عكاظ: keyed by the number at the end; sections were renamed around it, AMP pages have nothing else."""

    name = "okaz"
    publisher = Publisher("عكاظ", "Okaz", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["okaz.com.sa"]
    article_url = r"//okaz\.com\.sa/(?!authors?/)(?:[A-Za-z-]+/)+(?P<id>\d{6,})$"
    feeds = [
        "https://www.okaz.com.sa/rssFeed/0",
        "https://www.okaz.com.sa/rssFeed/1",
        "https://www.okaz.com.sa/rss/all",
        "https://www.okaz.com.sa/rss/headlines",
    ]
    sections = [
        "https://www.okaz.com.sa/morearticles/news/local",
        "https://www.okaz.com.sa/morearticles/news/politics",
        "https://www.okaz.com.sa/morearticles/economy/saudi",
        "https://www.okaz.com.sa/morearticles/sport/saudi",
        "https://www.okaz.com.sa/morearticles/culture/art",
        "https://www.okaz.com.sa/morearticles/articles/authors",
    ]
    rules = []
    verified = None
    feed_seen = "2026-05-12"
