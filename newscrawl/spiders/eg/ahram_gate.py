from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class AhramGate(NewsSpider):
    """بوابة الأهرام: ASP.NET; keyed by the number of the file."""

    name = "ahram_gate"
    publisher = Publisher("بوابة الأهرام", "Al-Ahram Gate", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["gate.ahram.org.eg"]
    article_url = r"//gate\.ahram\.org\.eg/News/(?P<id>\d+)\.aspx$"
    sections = [
        "https://gate.ahram.org.eg/Portal/13/أخبار.aspx",
        "https://gate.ahram.org.eg/Portal/44/رياضة.aspx",
        "https://gate.ahram.org.eg/Portal/25/ثقافة-وفنون.aspx",
    ]
    rules = []
    verified = None
    obstacles = "one project read it with a browser, 2025"
