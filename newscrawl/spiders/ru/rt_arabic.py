from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class RtArabic(NewsSpider):
    """روسيا اليوم: keyed by the number in front of the slug."""

    name = "rt_arabic"
    publisher = Publisher("روسيا اليوم", "RT Arabic", country="RU", timezone="Europe/Moscow")
    allowed_domains = ["arabic.rt.com"]
    article_url = r"//arabic\.rt\.com/(?!focuses/|prg/|shows?/|videoclub/)[a-z_]+/(?P<id>\d{5,})(?:-[^/]*)?$"
    feeds = ["https://arabic.rt.com/rss/"]
    sections = ["https://arabic.rt.com/news/", "https://arabic.rt.com/culture/"]
    rules = []
    verified = None
    obstacles = "banned in the European Union, so perhaps out of reach from there"
