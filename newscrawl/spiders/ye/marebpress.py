from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Marebpress(NewsSpider):
    """مأرب برس: keyed by sid in the query."""

    name = "marebpress"
    publisher = Publisher("مأرب برس", "Mareb Press", country="YE", timezone="Asia/Aden")
    allowed_domains = ["marebpress.net"]
    article_url = r"//marebpress\.net/news_details\.php\?(?!.*lang=en)(?:.*&)?sid=(?P<id>\d+)"
    feeds = ["https://marebpress.net/news_rss.php"]
    rules = []
    verified = None
