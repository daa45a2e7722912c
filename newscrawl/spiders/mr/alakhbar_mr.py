from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AlakhbarMr(NewsSpider):
    """وكالة الأخبار المستقلة: Drupal; keyed by node id, mostly in the query."""

    name = "alakhbar_mr"
    publisher = Publisher("وكالة الأخبار المستقلة", "Alakhbar (Mauritania)", country="MR", timezone="Africa/Nouakchott")
    allowed_domains = ["alakhbar.info"]
    article_url = r"//alakhbar\.info/(?:\?(?:.*&)?q=)?node/(?P<id>\d+)"
    feeds = ["https://alakhbar.info/rss.xml"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
