from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Ennahar(NewsSpider):
    """النهار أونلاين: WordPress; keyed by slug."""

    name = "ennahar"
    publisher = Publisher("النهار أونلاين", "Ennahar Online", country="DZ", timezone="Africa/Algiers")
    allowed_domains = ["ennaharonline.com"]
    article_url = r"//ennaharonline\.com/(?P<slug>(?=[^/]*[ء-ي])[^/]+-[^/]+-[^/]+)$"
    feeds = ["https://www.ennaharonline.com/feed/"]
    rules = []
    verified = None
