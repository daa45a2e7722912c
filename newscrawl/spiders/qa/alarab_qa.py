from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AlarabQa(NewsSpider):
    """العرب: keyed by the number after /story/."""

    name = "alarab_qa"
    publisher = Publisher("العرب", "Al-Arab (Qatar)", country="QA", timezone="Asia/Qatar")
    allowed_domains = ["alarab.qa"]
    article_url = r"//alarab\.qa/(?:story|article)/(?P<id>\d+)(?:/|$)"
    feeds = [
        "https://alarab.qa/rss/latestNews",
        "https://alarab.qa/category/محليات/feed",
        "https://alarab.qa/category/الأخبار-العامة/feed",
    ]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
