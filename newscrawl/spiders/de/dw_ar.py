from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class DwAr(NewsSpider):
    """DW عربية: keyed by the number after a-; av- are films, s- sections, g- galleries."""

    name = "dw_ar"
    publisher = Publisher("DW عربية", "DW Arabic", country="DE", timezone="Europe/Berlin")
    allowed_domains = ["dw.com"]
    article_url = r"//dw\.com/ar/(?:[^/]+/)?a-(?P<id>\d+)$"
    feeds = ["https://rss.dw.com/xml/rss-ar-all", "https://rss.dw.com/rdf/rss-ar-all"]
    rules = []
    verified = None
    feed_seen = "2026-09-28"
