from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class BbcArabic(NewsSpider):
    """بي بي سي عربي: keyed by the opaque id of /articles/, or the eight-digit id used until 2023."""

    name = "bbc_arabic"
    publisher = Publisher("بي بي سي عربي", "BBC Arabic", country="GB", timezone="Europe/London")
    allowed_domains = ["bbc.com", "bbc.co.uk"]
    article_url = (
        r"//bbc\.co(?:m|\.uk)/arabic/"
        r"(?:articles/(?P<id>[a-z0-9]{12,13})|[a-z-]+-(?P<number>\d{8}))(?:\.amp|\.lite|$)"
    )
    feeds = ["https://feeds.bbci.co.uk/arabic/rss.xml"]
    sections = ["https://www.bbc.com/arabic"]
    rules = [
        Rules(
            since="2024-03",
            title="h1#content",
            body="main[role=main]",
            drop=[
                "h1",
                "figure",
                "section",
                "time",
                "div:not(:has(> p, > h2, > ul, > ol))",
                "[data-e2e=podcast-promo]",
                "[data-e2e=recommendations-heading]",
            ],
            authors="[data-testid=byline] ul ul li:first-child span span:last-child",
        )
    ]
    verified = "2026-08-25"
    feed_seen = "2026-09-28"
