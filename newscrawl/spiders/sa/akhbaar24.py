from newscrawl.discovery.sections import Listing
from newscrawl.extraction.rules import Embedded, Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Akhbaar24(NewsSpider):
    """أخبار 24: Next.js; keyed by the number at the end of the path, with or without a slug."""

    name = "akhbaar24"
    publisher = Publisher("أخبار 24", "Akhbaar24", country="SA", timezone="Asia/Riyadh")
    allowed_domains = ["akhbaar24.com"]
    article_url = r"//akhbaar24\.com/[^/]+/(?:[^/?]+-)?(?P<id>\d{4,})$"
    sections = [
        f"https://www.akhbaar24.com/{section}"
        for section in ("محليات", "اقتصاد", "دوليات", "منوعات", "تقنية", "حوادث", "طب")
    ]
    listing = Listing(item="article")
    rules = [
        Rules(
            since="2026-08",
            title="h1[data-speakable=headline]",
            subtitle="p[data-speakable=summary]",
            body=Embedded("__next_f", "html", beside=("shortUrl",)),
            dateline=Embedded("__next_f", "city", beside=("slug",)),
            tags="a[href^='/tag/']",
            caption="figcaption, .hero figcaption",
        )
    ]
    verified = "2026-08-27"
