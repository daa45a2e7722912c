from newscrawl.discovery.sections import Listing
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Almarfa(NewsSpider):
    """المرفأ اليوم: WordPress; keyed by day and slug. Its metadata are good, so the rules are few."""

    name = "almarfa"
    publisher = Publisher("المرفأ اليوم", "Al-Marfa Today", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["almarfa.test"]
    article_url = r"//almarfa\.test/(?P<day>\d{4}/\d{2}/\d{2})/(?P<slug>[^/]+)$"
    feeds = ["http://almarfa.test/feed/", "http://almarfa.test/feed/atom/"]
    sitemaps = ["http://almarfa.test/sitemap_index.xml"]
    sections = ["http://almarfa.test/category/news/"]
    listing = Listing(item=".card", date=".date", next="a.next")
    rules = [
        Rules(
            subtitle=".entry-subtitle",
            body=".entry-content",
            drop=[".sharedaddy", "#jp-relatedposts", ".mc4wp-form", ".read-also"],
            tags=".tags-links a",
        )
    ]
    verified = "2026-11-22"
