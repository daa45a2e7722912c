from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alsumaria(NewsSpider):
    """السومرية نيوز: keyed by the number behind the section."""

    name = "alsumaria"
    publisher = Publisher("السومرية نيوز", "Alsumaria News", country="IQ", timezone="Asia/Baghdad")
    allowed_domains = ["alsumaria.tv"]
    article_url = r"//alsumaria\.tv/(?:mobile/)?(?:news|alsumarianews)/(?:[a-z-]+/)?(?P<id>\d{5,})(?:/|$)"
    feeds = ["https://www.alsumaria.tv/Rss/iraq-latest-news/ar", "https://www.alsumaria.tv/rss/news"]
    rules = []
    verified = None
    feed_seen = "2026-09-28"
