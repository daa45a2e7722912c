from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Almayadeen(NewsSpider):
    """الميادين: keyed by section and slug; its punctuation became double hyphens."""

    name = "almayadeen"
    publisher = Publisher("الميادين", "Al Mayadeen", country="LB", timezone="Asia/Beirut")
    allowed_domains = ["almayadeen.net"]
    article_url = (
        r"//almayadeen\.net/(?!episodes?/|newscast/|infograph/|coverage/|tv-reports/)"
        r"(?P<id>(?:news/)?[A-Za-z-]+/(?=[^/]*[ء-ي])[^/]*-[^/]+)$"
    )
    feeds = ["https://www.almayadeen.net/rss"]
    rules = []
    verified = None
    obstacles = "403 to one program, 2026"
