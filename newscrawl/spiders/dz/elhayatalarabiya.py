from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Elhayatalarabiya(NewsSpider):
    """الحياة العربية: WordPress; keyed by slug. No address after 2021 was seen."""

    name = "elhayatalarabiya"
    publisher = Publisher("الحياة العربية", "El Hayat El Arabiya", country="DZ", timezone="Africa/Algiers")
    allowed_domains = ["elhayatalarabiya.net"]
    article_url = r"//elhayatalarabiya\.net/ar/(?P<slug>(?=[^/]*[ء-ي])[^/]*-[^/]*-[^/]+)$"
    rules = []
    verified = None
