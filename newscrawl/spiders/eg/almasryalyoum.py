from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Almasryalyoum(NewsSpider):
    """المصري اليوم: keyed by the CMS article id, which shared links carry too."""

    name = "almasryalyoum"
    publisher = Publisher("المصري اليوم", "Al-Masry Al-Youm", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["almasryalyoum.com"]
    article_url = r"//(?:[\w-]+\.)*almasryalyoum\.com/(?:news/details|article)/(?P<id>\d+)"
    feeds = ["https://www.almasryalyoum.com/rss/RssFeeds"]
    sections = [f"https://www.almasryalyoum.com/section/index/{number}" for number in (3, 4, 8, 10)]
    rules = [
        Rules(
            since="2026-08",
            title="h1.article-title",
            subtitle=".article-subtitle",
            body=".article-details.update-font, .article-details",
            drop=[".related-article-inside-body", ".article-body-ad"],
            authors="a.author-name",
            section="a.sectionOfArticle",
            tags=".article-tags li a",
            caption=".article-main-img .caption",
        )
    ]
    verified = "2026-08-27"
    obstacles = "Cloudflare, 2026"
