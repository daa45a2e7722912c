from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Ina(NewsSpider):
    """وكالة الأنباء العراقية (واع): the state's agency; keyed by the number in front of a slug that is mostly empty."""

    name = "ina"
    publisher = Publisher("وكالة الأنباء العراقية (واع)", "INA", country="IQ", timezone="Asia/Baghdad")
    allowed_domains = ["ina.iq"]
    article_url = r"//ina\.iq/ar/[a-z-]+/(?P<id>\d+)-[^/]*\.html$"
    feeds = ["https://ina.iq/rss.xml"]
    rules = []
    verified = None
    feed_seen = "2026-09-14"
    obstacles = "403 to one project, 2026-09-28; open to another a fortnight before"
