from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class ArabianBusinessAr(NewsSpider):
    """أريبيان بزنس: an economic monthly; WordPress, keyed by slug."""

    name = "arabian_business_ar"
    publisher = Publisher("أريبيان بزنس", "Arabian Business (Arabic)", country="AE", timezone="Asia/Dubai")
    allowed_domains = ["arabic.arabianbusiness.com"]
    article_url = r"//arabic\.arabianbusiness\.com/(?:[^/]+/)+(?P<slug>(?=[^/]*[ء-ي])[^/]*-[^/]+)$"
    rules = []
    verified = None
