from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Almowaten(NewsSpider):
    """المواطن: WordPress; keyed by month and slug."""

    name = "almowaten"
    publisher = Publisher("المواطن", "Almowaten", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["almowaten.net"]
    article_url = r"//almowaten\.net/(?P<id>\d{4}/\d{2}/(?!\d\d$)[^/]+)$"
    rules = []
    verified = None
