from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Saharamedias(NewsSpider):
    """صحراء ميديا: WordPress; keyed by the bare number."""

    name = "saharamedias"
    publisher = Publisher("صحراء ميديا", "Sahara Medias", country="MR", timezone="Africa/Nouakchott")
    allowed_domains = ["saharamedias.net"]
    article_url = r"//saharamedias\.net/(?P<id>\d{5,})(?:/[^/]+)?$"
    feeds = ["https://saharamedias.net/feed/"]
    rules = []
    verified = None
    feed_seen = "2026-03-29"
