from newscrawl.discovery.sections import Listing
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Akhbaralaan(NewsSpider):
    """أخبار الآن: WordPress without ids in its URLs; frozen since 31 August 2025."""

    name = "akhbaralaan"
    publisher = Publisher("أخبار الآن", "Akhbar Al Aan", country="AE", timezone="Asia/Dubai")
    allowed_domains = ["akhbaralaan.net"]
    article_url = r"//akhbaralaan\.net/(?:news/[^/]+/\d{4}/\d\d/\d\d|stories)/[^/?]+"
    sections = ["https://akhbaralaan.net/latest", "https://akhbaralaan.net/news/exclusive"]
    listing = Listing(item="li.card")
    rules = [
        Rules(
            since="2026-08",
            title="article h1",
            body=".post-content",
            drop=[".wp-caption", "h3:has(> strong > em)", "h3:has(> strong em)"],
            authors=[".author-data small", "article::attr(data-author-name)"],
            dateline=".post-byline",
            section="small.category a",
            tags="ul.tags__list a",
        )
    ]
    verified = "2026-08-27"
