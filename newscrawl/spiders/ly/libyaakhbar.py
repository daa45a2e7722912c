from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Libyaakhbar(NewsSpider):
    """أخبار ليبيا: keyed by the number of the file. It copies from other papers."""

    name = "libyaakhbar"
    publisher = Publisher("أخبار ليبيا", "Libya Akhbar", country="LY", timezone="Africa/Tripoli")
    allowed_domains = ["libyaakhbar.com"]
    article_url = r"//libyaakhbar\.com/[a-z-]+/(?P<id>\d+)\.html$"
    rules = []
    verified = None
