from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AlqudsCom(NewsSpider):
    """القدس: Rails; keyed by post id, with and without the slug; the Hebrew twins are other pages."""

    name = "alquds_com"
    publisher = Publisher("القدس", "Al-Quds", country="PS", timezone="Asia/Jerusalem")
    allowed_domains = ["alquds.com"]
    article_url = r"//alquds\.com/ar/posts/(?P<id>\d+)(?:-[a-z0-9-]+)?$"
    sections = [
        f"https://alquds.com/ar/categories/{category}"
        for category in ("palestine", "arab-and-world", "opinions", "business", "sport", "misc")
    ]
    rules = [
        Rules(
            since="2026-08",
            title="h1",
            body=".arabiana-article-container, .fr-view",
            drop=[".arabiana-featured-quote"],
            section="h2 a[href*='/categories/']",
            tags="a[href*='/ar/search?tag=']",
        )
    ]
    verified = "2026-08-27"
