from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Masrawy(NewsSpider):
    """مصراوي: ASP.NET; keyed by the number after the date in the path."""

    name = "masrawy"
    publisher = Publisher("مصراوي", "Masrawy", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["masrawy.com"]
    article_url = r"//(?:[\w-]+\.)*masrawy\.com/(?:.*/)?details/\d{4}/\d{1,2}/\d{1,2}/(?P<id>\d+)"
    feeds = ["https://www.masrawy.com/feeds/rssfeedlist?fullfeed=1&count=100"]
    sections = ["https://www.masrawy.com/channel/news"]
    rules = [
        Rules(
            since="2026-08",
            title=".articleHeader h1",
            body=".ArticleDetails.details",
            drop=[".relatedItems"],
            authors=".articleData a[href*='/writer/']",
            published="normalize-space(//*[@class='articleData']/*[contains(@class, 'time')])",
            section="nav.breadcrumb li.active a",
            tags="article .keywordsDiv a.item",
            caption="figcaption.desc p",
        )
    ]
    verified = "2026-08-27"
    obstacles = "403 to agents that look like robots, 2026-08"
