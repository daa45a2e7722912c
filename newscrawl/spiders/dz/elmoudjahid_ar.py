from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class ElmoudjahidAr(NewsSpider):
    """المجاهد: keyed by the number at the end; one paper on two domains."""

    name = "elmoudjahid_ar"
    publisher = Publisher("المجاهد", "El Moudjahid (Arabic)", country="DZ", timezone="Africa/Algiers")
    allowed_domains = ["elmoudjahid.com", "elmoudjahid.dz"]
    article_url = r"//elmoudjahid\.(?:com|dz)/ar/[a-z-]+/(?:[^/]*-)?(?P<id>\d{4,})$"
    feeds = ["https://www.elmoudjahid.com/ar/feed"]
    rules = []
    verified = None
    feed_seen = "2026-05-12"
