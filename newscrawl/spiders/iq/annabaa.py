from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Annabaa(NewsSpider):
    """شبكة النبأ المعلوماتية: keyed by the number behind the section."""

    name = "annabaa"
    publisher = Publisher("شبكة النبأ المعلوماتية", "Annabaa", country="IQ", timezone="Asia/Baghdad")
    allowed_domains = ["annabaa.org"]
    article_url = r"//annabaa\.org/arabic/[a-z]+/(?P<id>\d+)\b"
    rules = []
    verified = None
