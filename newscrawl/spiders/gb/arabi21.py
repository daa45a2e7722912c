from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Arabi21(NewsSpider):
    """عربي21: keyed by the number after /story/, AMP or not."""

    name = "arabi21"
    publisher = Publisher("عربي21", "Arabi21", country="GB", timezone="Europe/London")
    allowed_domains = ["arabi21.com"]
    article_url = r"//arabi21\.com/story(?:amp)?/(?P<id>\d+)(?:/|$)"
    feeds = ["https://arabi21.com/rss"]
    rules = []
    verified = None
