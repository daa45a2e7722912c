from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Suna(NewsSpider):
    """وكالة السودان للأنباء (سونا): the state's agency; keyed by number. No address after 2021 was seen."""

    name = "suna"
    publisher = Publisher("وكالة السودان للأنباء (سونا)", "SUNA", country="SD", timezone="Africa/Khartoum")
    allowed_domains = ["suna-sd.net"]
    article_url = r"//suna-sd\.net/(?:ar/single\?(?:.*&)?id=|posts/)(?P<id>\d+)"
    rules = []
    verified = None
