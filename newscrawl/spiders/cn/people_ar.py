from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class PeopleAr(NewsSpider):
    """صحيفة الشعب اليومية: keyed by the number at the end, on either domain."""

    name = "people_ar"
    publisher = Publisher("صحيفة الشعب اليومية", "People's Daily (Arabic)", country="CN", timezone="Asia/Shanghai")
    allowed_domains = ["arabic.people.com.cn", "arabic.peopledaily.com.cn"]
    article_url = r"//arabic\.people(?:daily)?\.com\.cn/n3/\d{4}/\d{4}/c\d+-(?P<id>\d+)\.html$"
    rules = []
    verified = None
