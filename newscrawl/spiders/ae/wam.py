from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Wam(NewsSpider):
    """وكالة أنباء الإمارات (وام): the state's agency; keyed by a short code, until 2023 by a long number."""

    name = "wam"
    publisher = Publisher("وكالة أنباء الإمارات (وام)", "WAM", country="AE", timezone="Asia/Dubai")
    allowed_domains = ["wam.ae"]
    article_url = r"//wam\.ae/ar/(?:article/(?P<id>[a-z0-9]{6,10})(?:-|$)|details/(?P<old>\d{10,}))"
    feeds = ["https://www.wam.ae/ar/rss/feed/g50ndvocjz?slug=rss-economy&vsCode=avs-001-1jc74qmetxqw&type=rss"]
    sitemaps = ["https://www.wam.ae/sitemap.xml"]
    rules = []
    verified = None
    obstacles = "the stories are drawn by JavaScript, 2026"
