from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Aps(NewsSpider):
    """وكالة الأنباء الجزائرية (وأج): the state's agency; Joomla, keyed by the number in front of the slug."""

    name = "aps"
    publisher = Publisher("وكالة الأنباء الجزائرية (وأج)", "APS", country="DZ", timezone="Africa/Algiers")
    allowed_domains = ["aps.dz"]
    article_url = r"//aps\.dz/ar/[a-z-]+/(?P<id>\d{5,})-[^/]*$"
    feeds = ["https://www.aps.dz/ar/feed", "https://www.aps.dz/ar/rss.xml"]
    rules = []
    verified = None
