from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Shafaq(NewsSpider):
    """شفق نيوز: keyed by section and slug; section names are stretched with tatweel."""

    name = "shafaq"
    publisher = Publisher("شفق نيوز", "Shafaq News", country="IQ", timezone="Asia/Baghdad")
    allowed_domains = ["shafaq.com"]
    article_url = r"//shafaq\.com/ar/(?!bbc-arabic/|كل-)(?P<id>[^/]+/[^/]+-[^/]+)$"
    feeds = ["https://shafaq.com/rss/ar"]
    rules = []
    verified = None
    feed_seen = "2026-09-28"
