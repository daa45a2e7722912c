from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Bawabatii(NewsSpider):
    """بوابتي: keyed by kind and number: news and articles are counted apart."""

    name = "bawabatii"
    publisher = Publisher("بوابتي", "Bawabatii", country="YE", timezone="Asia/Aden")
    allowed_domains = ["bawabatii.com"]
    article_url = r"//bawabatii\.com/(?P<id>(?:news|art)\d+)\.html$"
    rules = []
    verified = None
