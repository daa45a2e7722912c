from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AlsharqQa(NewsSpider):
    """الشرق: keyed by day, written from the day to the year, and slug."""

    name = "alsharq_qa"
    publisher = Publisher("الشرق", "Al-Sharq (Qatar)", country="QA", timezone="Asia/Qatar")
    allowed_domains = ["al-sharq.com"]
    article_url = r"//al-sharq\.com/(?:article|opinion)/(?P<id>\d{2}/\d{2}/\d{4}/[^/]+)$"
    feeds = ["https://al-sharq.com/rss/latestNews"]
    rules = []
    verified = None
    obstacles = "Cloudflare asked for a challenge, 2020"
