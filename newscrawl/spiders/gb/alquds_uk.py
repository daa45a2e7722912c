from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AlqudsUk(NewsSpider):
    """القدس العربي: WordPress; keyed by slug, in older links by the number in ?p=."""

    name = "alquds_uk"
    publisher = Publisher("القدس العربي", "Al-Quds Al-Arabi", country="GB", timezone="Europe/London")
    allowed_domains = ["alquds.co.uk"]
    article_url = r"//alquds\.co\.uk/(?:\?(?:.*&)?p=(?P<p>\d+)|(?P<slug>(?=[^/?]*[ء-ي])[^/?]+-[^/?]+-[^/?]+)(?:\?|$))"
    rules = []
    verified = None
    obstacles = "the feed timed out, 2026"
