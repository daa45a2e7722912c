from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alwatanvoice(NewsSpider):
    """دنيا الوطن: keyed by the number of the file, which the printed form shares."""

    name = "alwatanvoice"
    publisher = Publisher("دنيا الوطن", "Alwatan Voice", country="PS", timezone="Asia/Gaza")
    allowed_domains = ["alwatanvoice.com"]
    article_url = r"//alwatanvoice\.com/arabic/(?:content/print|news(?:/[a-z]+)?/\d{4}/\d{2}/\d{2})/(?P<id>\d+)\.html$"
    feeds = ["https://feeds.alwatanvoice.com/ar/palestine.xml"]
    rules = []
    verified = None
    feed_seen = "2026-05-12"
