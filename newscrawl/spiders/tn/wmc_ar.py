from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class WmcAr(NewsSpider):
    """ويب منجر سنتر العربية: economy; WordPress, keyed by the number after the day."""

    name = "wmc_ar"
    publisher = Publisher("ويب منجر سنتر العربية", "Webmanagercenter (Arabic)", country="TN", timezone="Africa/Tunis")
    allowed_domains = ["ar.webmanagercenter.com"]
    article_url = r"//ar\.webmanagercenter\.com/\d{4}/\d{2}/\d{2}/(?P<id>\d+)(?:/|$)"
    rules = []
    verified = None
