from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Shorouknews(NewsSpider):
    """بوابة الشروق: keyed by the GUID in the query; cdate beside it is the day."""

    name = "shorouknews"
    publisher = Publisher("بوابة الشروق", "Shorouk News", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["shorouknews.com"]
    article_url = r"//shorouknews\.com/(?:mobile/)?(?:news|columns|sports)/view\.aspx\?(?:.*&)?id=(?P<id>[0-9a-f-]{36})"
    sections = ["https://www.shorouknews.com/egypt", "https://www.shorouknews.com/variety/Internet-Comm"]
    rules = []
    verified = None
    obstacles = "no general feed was found, 2026"
