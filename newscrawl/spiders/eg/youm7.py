from newscrawl.discovery.sections import Listing
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Youm7(NewsSpider):
    """اليوم السابع: ASP.NET; keyed by the number at the end of the story, AMP, mobile or short URL."""

    name = "youm7"
    publisher = Publisher("اليوم السابع", "Youm7", country="EG", timezone="Africa/Cairo")
    allowed_domains = ["youm7.com"]
    article_url = r"//(?:(?:[\w-]+\.)*youm7\.com/(?:story|amp)/\d{4}/\d{1,2}/\d{1,2}/[^/]+|youm7\.com)/(?P<id>\d+)$"
    feeds = ["https://www.youm7.com/rss/rss", "https://www.youm7.com/rss/SectionRss?SectionID=65"]
    sections = [
        "https://www.youm7.com/Section/أخبار-عاجلة/65/1",
        "https://www.youm7.com/Section/سياسة/319/1",
        "https://www.youm7.com/Section/اقتصاد-وبورصة/297/1",
        "https://www.youm7.com/Section/رياضة/298/1",
        "https://www.youm7.com/Section/فن/48/1",
        "https://www.youm7.com/Section/علوم-و-تكنولوجيا/328/1",
    ]
    listing = Listing(item=".bigOneSec", date=".newsDate2", page="{n}")
    false_utc = True
    rules = [
        Rules(
            since="2020-08",
            title=[".articleHeader h1", "h1"],
            subtitle="h3.subTitle",
            body="#articleBody",
            drop=[".imgcontainer", ".uplCaption"],
            authors=".writeBy",
            tags=".tags h3 a",
            caption=".img-cap",
        )
    ]
    verified = "2026-08-27"
    obstacles = "section feeds were empty for clients in data centres, 2026"
