from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AlsahwaYe(NewsSpider):
    """الصحوة نت: keyed by the number after p-."""

    name = "alsahwa_ye"
    publisher = Publisher("الصحوة نت", "Al-Sahwa", country="YE", timezone="Asia/Aden")
    allowed_domains = ["alsahwa-yemen.net"]
    article_url = r"//alsahwa-yemen\.net/p-(?P<id>\d+)(?:/|$)"
    feeds = ["https://alsahwa-yemen.net/rss"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
