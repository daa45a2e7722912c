from newscrawl.extraction.rules import Embedded, Rules
from newscrawl.extraction.source import Publisher
from newscrawl.spiders.news import NewsSpider


class Majalla(NewsSpider):
    """المجلة: Drupal 9; keyed by node id."""

    name = "majalla"
    publisher = Publisher("المجلة", "Al Majalla", country="SA", timezone="Europe/London")
    allowed_domains = ["majalla.com"]
    article_url = r"//majalla\.com/node/(?P<id>\d+)(?:/|$)"
    sections = [
        f"https://www.majalla.com/sections/{section}"
        for section in ("سياسة", "اقتصاد-وأعمال", "ثقافة-ومجتمع", "علوم-وتكنولوجيا", "رأي")
    ]
    rules = [
        Rules(
            since="2026-08",
            title=["meta[property='srpc:display_title']::attr(content)", "h1"],
            subtitle=".entry-article__title > p",
            body=".entry-article__content",
            drop=["blockquote", "figure", ".media-item", ".entry-article__newsletter"],
            authors=".entry-article__author",
            section=".entry-article__category a",
            tags=".entry-article__tags a",
            published=Embedded("dataLayer.push(", "article_publish_date"),
            modified="#article_node_id::attr(data-publicationdate)",
            caption=".media-item__caption",
        )
    ]
    verified = "2026-08-27"
