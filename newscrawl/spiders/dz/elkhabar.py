from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Elkhabar(NewsSpider):
    """الخبر: keyed by the number at the end of the slug, in former years by the one after /press/article/."""

    name = "elkhabar"
    publisher = Publisher("الخبر", "El Khabar", country="DZ", timezone="Africa/Algiers")
    allowed_domains = ["elkhabar.com"]
    article_url = r"//elkhabar\.com/(?:press/article/(?P<old>\d+)(?:/|$)|(?!press/)[a-z-]+/[^/]+-(?P<id>\d{5,})$)"
    feeds = ["https://www.elkhabar.com/feed"]
    rules = []
    verified = None
