from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alarabiya(NewsSpider):
    """العربية: keyed by day and slug, whatever the section and language in front of them."""

    name = "alarabiya"
    publisher = Publisher("العربية", "Al Arabiya", country="AE", timezone="Asia/Dubai")
    allowed_domains = ["alarabiya.net"]
    article_url = r"//alarabiya\.net/(?:[^/]+/)+(?P<id>\d{4}/\d{2}/\d{2}/[^/]+?)(?:\.html)?$"
    feeds = ["https://www.alarabiya.net/tools/mrss/?cat=main"]
    sections = ["https://www.alarabiya.net/politics"]
    rules = []
    verified = None
    feed_seen = "2026-08-22"
    obstacles = "Cloudflare; 403 to programs, 2026-08"
