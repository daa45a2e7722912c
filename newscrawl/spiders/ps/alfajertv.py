from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Alfajertv(NewsSpider):
    """الفجر: keyed by the number of the file."""

    name = "alfajertv"
    publisher = Publisher("الفجر (فلسطين)", "Alfajer TV", country="PS", timezone="Asia/Hebron")
    allowed_domains = ["alfajertv.com"]
    article_url = r"//alfajertv\.com/(?:[a-z]+/)+(?P<id>\d+)\.html$"
    rules = []
    verified = None
