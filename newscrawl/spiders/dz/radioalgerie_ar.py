from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class RadioalgerieAr(NewsSpider):
    """الإذاعة الجزائرية: keyed by the number after the day. No address after 2020 was seen."""

    name = "radioalgerie_ar"
    publisher = Publisher("الإذاعة الجزائرية", "Radio Algerienne (Arabic)", country="DZ", timezone="Africa/Algiers")
    allowed_domains = ["radioalgerie.dz"]
    article_url = r"//radioalgerie\.dz/news/ar/article/\d{8}/(?P<id>\d+)\.html$"
    feeds = ["https://www.radioalgerie.dz/news/ar/rss.xml"]
    rules = []
    verified = None
