from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alnilin(NewsSpider):
    """النيلين: WordPress; keyed by the number of the file."""

    name = "alnilin"
    publisher = Publisher("النيلين", "Alnilin", country="SD", timezone="Africa/Khartoum")
    allowed_domains = ["alnilin.com"]
    article_url = r"//alnilin\.com/(?P<id>\d+)\.html?$"
    feeds = ["https://www.alnilin.com/feed"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
