from newscrawl.discovery.sections import Listing
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Aldifaf(NewsSpider):
    """الضفاف: Drupal; keyed by node id."""

    name = "aldifaf"
    publisher = Publisher("الضفاف", "Al-Difaf", country="LB", timezone="Asia/Beirut")
    allowed_domains = ["aldifaf.test"]
    article_url = r"//aldifaf\.test/node/(?P<id>\d+)"
    feeds = ["http://www.aldifaf.test/rss.xml"]
    sitemaps = ["http://www.aldifaf.test/sitemap.xml"]
    sections = ["http://www.aldifaf.test/section/local", "http://www.aldifaf.test/section/economy"]
    listing = Listing(item=".card", date=".date", next="a.next")
    rules = [
        Rules(
            title="h1.page-title",
            subtitle=".field-name-field-standfirst",
            body=".field-name-body .field-item",
            drop=[".injected-block", ".newsletter-box"],
            authors=".submitted .author",
            section=".breadcrumb a:last-child",
            tags=".field-name-field-tags a",
            caption=".field-name-field-image figcaption",
        )
    ]
    verified = "2026-11-22"
