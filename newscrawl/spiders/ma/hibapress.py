from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Hibapress(NewsSpider):
    """هبة بريس: WordPress; keyed by the number after details-."""

    name = "hibapress"
    publisher = Publisher("هبة بريس", "Hibapress", country="MA", timezone="Africa/Casablanca")
    allowed_domains = ["hibapress.com"]
    article_url = r"//(?:ar\.)?hibapress\.com/details-(?P<id>\d+)\.html$"
    feeds = ["https://ar.hibapress.com/feed"]
    rules = []
    verified = None
