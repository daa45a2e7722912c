from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Lana(NewsSpider):
    """وكالة الأنباء الليبية (وال): the state's agency; keyed by the id in the query."""

    name = "lana"
    publisher = Publisher("وكالة الأنباء الليبية (وال)", "LANA", country="LY", timezone="Africa/Tripoli")
    allowed_domains = ["lana.gov.ly"]
    article_url = r"//lana\.gov\.ly/post\.php\?(?!.*lang=en)(?:.*&)?id=(?P<id>\d+)"
    sections = ["https://lana.gov.ly/category.php?lang=ar&id=8"]
    rules = []
    verified = None
