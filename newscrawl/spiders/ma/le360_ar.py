from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Le360Ar(NewsSpider):
    """Le360 بالعربية: Arc; keyed by 26 letters and digits, before by Drupal's number."""

    name = "le360_ar"
    publisher = Publisher("Le360 بالعربية", "Le360 Arabic", country="MA", timezone="Africa/Casablanca")
    allowed_domains = ["ar.le360.ma"]
    article_url = r"//ar\.le360\.ma/[a-z-]+/(?P<id>[A-Z2-7]{26}|\d{5,6})$"
    feeds = ["https://ar.le360.ma/arc/outboundfeeds/rss/?outputType=xml"]
    sections = ["https://ar.le360.ma/politique"]
    rules = []
    verified = None
