from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Lebanondebate(NewsSpider):
    """ليبانون ديبايت: keyed by the number in front of the slug."""

    name = "lebanondebate"
    publisher = Publisher("ليبانون ديبايت", "Lebanon Debate", country="LB", timezone="Asia/Beirut")
    allowed_domains = ["lebanondebate.com"]
    article_url = r"//lebanondebate\.com/article/(?P<id>\d+)\b"
    rules = []
    verified = None
