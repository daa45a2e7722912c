from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Spa(NewsSpider):
    """وكالة الأنباء السعودية (واس): the state's agency; keyed by number; since 2023 its N belongs to it."""

    name = "spa"
    publisher = Publisher("وكالة الأنباء السعودية (واس)", "Saudi Press Agency", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["spa.gov.sa"]
    article_url = (
        r"//spa\.gov\.sa/(?!.*lang=en)"
        r"(?:(?:view(?:full)?story|details)\.php\?(?:.*&)?(?:news)?id=)?(?P<id>[Nw]?\d{6,})(?:[?&/]|$)"
    )
    rules = []
    verified = None
    obstacles = "the pages are drawn by JavaScript since 2023"
