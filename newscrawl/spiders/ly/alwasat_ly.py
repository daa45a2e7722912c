from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AlwasatLy(NewsSpider):
    """بوابة الوسط: keyed by the number behind the section; its copies of the BBC have none and stay out."""

    name = "alwasat_ly"
    publisher = Publisher("بوابة الوسط", "Alwasat", country="LY", timezone="Africa/Tripoli")
    allowed_domains = ["alwasat.ly"]
    article_url = r"//alwasat\.ly/news/[a-z-]+/(?P<id>\d{4,})\b"
    sections = ["https://alwasat.ly/section/libya", "https://alwasat.ly/section/all"]
    rules = []
    verified = None
