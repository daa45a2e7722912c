from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Mosaique(NewsSpider):
    """موزاييك أف أم: keyed by the number behind the section."""

    name = "mosaique"
    publisher = Publisher("موزاييك أف أم", "Mosaique FM", country="TN", timezone="Africa/Tunis")
    allowed_domains = ["mosaiquefm.net"]
    article_url = r"//mosaiquefm\.net/ar/[^/]+/(?P<id>\d{5,})\b"
    feeds = ["https://www.mosaiquefm.net/ar/rss"]
    sections = ["https://www.mosaiquefm.net/ar/actualites/تونس-وطنية/1"]
    rules = []
    verified = None
    obstacles = "bodies are drawn by JavaScript, but not on AMP pages, 2026"
