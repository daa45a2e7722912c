from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Echorouk(NewsSpider):
    """الشروق أونلاين: WordPress; keyed by slug."""

    name = "echorouk"
    publisher = Publisher("الشروق أونلاين", "Echorouk Online", country="DZ", timezone="Africa/Algiers")
    allowed_domains = ["echoroukonline.com"]
    article_url = r"//echoroukonline\.com/(?P<slug>(?=[^/]*[ء-ي])[^/]+-[^/]+-[^/]+)$"
    feeds = ["https://www.echoroukonline.com/feed"]
    rules = []
    verified = None
