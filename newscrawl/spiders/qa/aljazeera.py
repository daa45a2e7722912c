from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Aljazeera(NewsSpider):
    """الجزيرة نت: keyed by the whole path: section, day and slug."""

    name = "aljazeera"
    publisher = Publisher("الجزيرة نت", "Al Jazeera", country="QA", timezone="Asia/Qatar")
    allowed_domains = ["aljazeera.net"]
    article_url = r"//aljazeera\.net/(?!podcasts?/|liveblog/)(?P<id>(?:[a-z-]+/)+\d{4}/\d{1,2}/\d{1,2}/[^/]+)$"
    feeds = [
        "https://www.aljazeera.net/aljazeerarss/a7c186be-1baa-4bd4-9d80-a84db769f779"
        "/73d0e1b4-532f-45ef-b135-bfdff8b8cab9",
    ]
    rules = []
    verified = None
    feed_seen = "2026-09-28"
