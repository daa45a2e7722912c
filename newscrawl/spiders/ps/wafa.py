from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Wafa(NewsSpider):
    """وكالة الأنباء والمعلومات الفلسطينية (وفا): keyed by the number after Details, in whatever letter case."""

    name = "wafa"
    publisher = Publisher("وكالة الأنباء والمعلومات الفلسطينية (وفا)", "WAFA", country="PS", timezone="Asia/Hebron")
    allowed_domains = ["wafa.ps"]
    article_url = r"//wafa\.ps/(?i:pages/details)/(?P<id>\d+)\b"
    feeds = ["https://www.wafa.ps/rss"]
    rules = []
    verified = None
