from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Ami(NewsSpider):
    """الوكالة الموريتانية للأنباء: the state's agency; keyed by WordPress' number, before 2022 by the dispatch's."""

    name = "ami"
    publisher = Publisher("الوكالة الموريتانية للأنباء", "AMI", country="MR", timezone="Africa/Nouakchott")
    allowed_domains = ["ami.mr"]
    article_url = r"//ami\.mr/(?:archives/(?P<id>\d+)(?:/|$)|Depeche-(?P<old>\d+)\.html$)"
    rules = []
    verified = None
