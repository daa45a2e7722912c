from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Kuna(NewsSpider):
    """وكالة الأنباء الكويتية (كونا): the state's agency; keyed by the id in the query; English stories are others."""

    name = "kuna"
    publisher = Publisher("وكالة الأنباء الكويتية (كونا)", "KUNA", country="KW", timezone="Asia/Kuwait")
    allowed_domains = ["kuna.net.kw"]
    article_url = r"//kuna\.net\.kw/(?i:articledetails\.aspx\?(?!.*language=en)(?:.*&)?id=)(?P<id>\d+)"
    rules = []
    verified = None
