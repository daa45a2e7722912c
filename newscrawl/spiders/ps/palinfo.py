from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Palinfo(NewsSpider):
    """المركز الفلسطيني للإعلام: WordPress; keyed by the number after the day."""

    name = "palinfo"
    publisher = Publisher("المركز الفلسطيني للإعلام", "Palinfo", country="PS", timezone="Asia/Gaza")
    allowed_domains = ["palinfo.com"]
    article_url = r"//palinfo\.com/news/\d{4}/\d{2}/\d{2}/(?P<id>\d+)(?:/|$)"
    rules = []
    verified = None
