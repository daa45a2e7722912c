from newscrawl.discovery.sections import Listing
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Aawsat(NewsSpider):
    """الشرق الأوسط: Drupal 8+; keyed by the number before the slug, by node id in short links."""

    name = "aawsat"
    publisher = Publisher("الشرق الأوسط", "Asharq Al-Awsat", country="SA", timezone="Europe/London")
    allowed_domains = ["aawsat.com"]
    article_url = r"//aawsat\.com/(?:node/|home/article/|(?:[^/]+/)+(?=\d+-))(?P<id>\d{6,})"
    feeds = ["https://aawsat.com/feed"]
    sections = [
        f"https://aawsat.com/{section}"
        for section in ("الرأي", "العالم", "الاقتصاد", "يوميات-الشرق", "ثقافة-وفنون", "صحة-وعلوم", "تكنولوجيا")
    ]
    listing = Listing(item=".article-item")
    rules = [
        Rules(
            since="2026-08",
            title=".entry-title h1",
            body=".entry-content .field--name-body",
            drop=[".author-desc", ".audio-player"],
            authors=".author-meta .author-name",
            section=".entry-category a",
            image=[
                "meta[property='og:image:url']::attr(content)",
                "meta[property='og:image:secure_url']::attr(content)",
            ],
        )
    ]
    verified = "2026-08-27"
    feed_seen = "2026-09-28"
