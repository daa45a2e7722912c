from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class XinhuaAr(NewsSpider):
    """شينخوا: the state's agency; keyed by day and 32 hex digits, before 2023 by the number after c_."""

    name = "xinhua_ar"
    publisher = Publisher("شينخوا", "Xinhua (Arabic)", country="CN", timezone="Asia/Shanghai")
    allowed_domains = ["arabic.news.cn", "arabic.xinhuanet.com"]
    article_url = (
        r"//arabic\.(?:news\.cn|xinhuanet\.com)/(?:(?P<id>\d{8}/[0-9a-f]{32})/c\.html"
        r"|\d{4}-\d{2}/\d{2}/c_(?P<old>\d+)(?:_\d+)?\.htm)$"
    )
    rules = []
    verified = None
