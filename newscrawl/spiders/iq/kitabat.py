from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Kitabat(NewsSpider):
    """كتابات: WordPress; keyed by slug. Opinion more than news."""

    name = "kitabat"
    publisher = Publisher("كتابات", "Kitabat", country="IQ", timezone="Asia/Baghdad")
    allowed_domains = ["kitabat.com"]
    article_url = r"//kitabat\.com/(?:news/)?(?P<slug>(?=[^/]*[ء-ي])[^/]*-[^/]+)$"
    feeds = ["https://kitabat.com/feed/"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
