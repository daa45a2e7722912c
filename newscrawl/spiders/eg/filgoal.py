from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Filgoal(NewsSpider):
    """في الجول: football; keyed by the number after /articles/."""

    name = "filgoal"
    publisher = Publisher("في الجول", "FilGoal", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["filgoal.com"]
    article_url = r"//filgoal\.com/articles/(?P<id>\d+)\b"
    feeds = ["https://www.filgoal.com/articles/rss", "https://www.filgoal.com/rss/news"]
    rules = []
    verified = None
    obstacles = "/rss/ answered 403, 2026-01"
