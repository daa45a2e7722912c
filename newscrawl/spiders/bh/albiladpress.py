from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Albiladpress(NewsSpider):
    """البلاد: keyed by the number of the file, which AMP pages share."""

    name = "albiladpress"
    publisher = Publisher("البلاد", "Al-Bilad Press", country="BH", timezone="Asia/Bahrain")
    allowed_domains = ["albiladpress.com"]
    article_url = r"//albiladpress\.com/(?:news/\d{4}/\d+/[^/]+|(?:amp/)?article)/(?P<id>\d+)\.html$"
    rules = []
    verified = None
