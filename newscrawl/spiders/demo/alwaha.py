from newscrawl.discovery.sections import Listing
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alwaha(NewsSpider):
    """جريدة الواحة: hand-made pages in windows-1256; keyed by the number in the query. No metadata at all."""

    name = "alwaha"
    publisher = Publisher("جريدة الواحة", "Al-Waha Gazette", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["alwaha.test"]
    article_url = r"//alwaha\.test/news\.php\?(?:.*&)?id=(?P<id>\d+)"
    feeds = ["http://www.alwaha.test/rdf.xml"]
    sections = [f"http://www.alwaha.test/list.php?cat={number}" for number in (1, 2, 3, 4)]
    listing = Listing(item=".card", date=".date", next="a.next")
    rules = [
        Rules(
            title="h1.ttl",
            subtitle="td.sub",
            body="td.txt",
            authors="td.by",
            section="td.cat",
            image="td.pic img::attr(src)",
            caption="td.pic .cap",
            published="td.dt",
        )
    ]
    verified = "2026-11-22"
