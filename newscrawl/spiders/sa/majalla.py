from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Majalla(NewsSpider):
    """المجلة: Drupal 9; keyed by node id."""

    name = "majalla"
    publisher = Publisher("المجلة", "Al Majalla", country="SA", timezone="Europe/London")
    allowed_domains = ["majalla.com"]
    article_url = r"//majalla\.com/node/(?P<id>\d+)(?:/|$)"
    sections = [
        f"https://www.majalla.com/sections/{section}"
        for section in ("سياسة", "اقتصاد-وأعمال", "ثقافة-ومجتمع", "علوم-وتكنولوجيا", "رأي")
    ]
