from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Omannews(NewsSpider):
    """وكالة الأنباء العُمانية: the state's agency; keyed by the number after show/, in 2020 by DotNetNuke's."""

    name = "omannews"
    publisher = Publisher("وكالة الأنباء العُمانية", "Oman News Agency", country="OM", timezone="Asia/Muscat")
    allowed_domains = ["omannews.gov.om"]
    article_url = (
        r"//omannews\.gov\.om/(?:topics/ar/\d+/show/(?P<id>\d+)"
        r"|Arabic_NewsDescription/ArtMID/\d+/ArticleID/(?P<old>\d+))(?:/|$)"
    )
    feeds = ["https://omannews.gov.om/rss/lang/ar/cat/3", "https://omannews.gov.om/rss.ona"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
    obstacles = "refuses plain clients, 2026"
