"""What feeds tell of stories: read, cleaned, bounded."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.dates import Clock
from newscrawl.discovery.feeds import parse_feed
from newscrawl.discovery.links import Link, Told
from newscrawl.discovery.told import TEXT_BYTES, told, whole_texts

CLOCK = Clock(datetime(2026, 11, 30, 9, 0, tzinfo=UTC), "Asia/Riyadh")
URL = "https://paper.test/feed"


def links(*items: str, head: str = "") -> list[Link]:
    document = f"<rss {head}><channel><link>https://paper.test/</link>{''.join(items)}</channel></rss>"
    return parse_feed(document.encode(), URL, clock=CLOCK, texts=True)


def tell(item: str, head: str = "") -> Told | None:
    (link,) = links(f"<item><link>https://paper.test/1</link>{item}</item>", head=head)
    return link.told


def test_nothing_is_told_unless_it_is_asked_for() -> None:
    item = "<item><link>https://paper.test/1</link><category>محليات</category></item>"
    (link,) = parse_feed(f"<rss><channel>{item}</channel></rss>".encode(), URL, clock=CLOCK)
    assert link.told is None


def test_text_as_it_is_written() -> None:
    assert tell("<content:encoded><![CDATA[<p>خبر &amp; نص</p>]]></content:encoded>") == Told("<p>خبر &amp; نص</p>")
    assert tell("<content:encoded>&lt;p&gt;خبر&lt;/p&gt;</content:encoded>") == Told("<p>خبر</p>")
    assert tell("<content:encoded><p class='x'>خبر</p></content:encoded>") == Told("<p class='x'>خبر</p>")
    other = 'xmlns:c="http://purl.org/rss/1.0/modules/content/"'
    assert tell("<c:encoded>نص الخبر</c:encoded>", other) == Told("نص الخبر")
    assert tell("<description>مقدمة الخبر</description>") is None


def test_a_text_that_the_end_of_the_document_cuts_is_none() -> None:
    document = "<rss><channel><item><link>https://paper.test/1</link><content:encoded><![CDATA[<p>بداية"
    (link,) = parse_feed(document.encode(), URL, clock=CLOCK, texts=True)
    assert link.told is None


def test_so_much_is_told_of_an_item_and_no_more() -> None:
    many = [f"اسم {number}" for number in range(60)]
    found = tell(
        "".join(f"<dc:creator>{name}</dc:creator>" for name in many[:20])
        + "".join(f'<enclosure url="/{number}.jpg"/>' for number in range(20))
    )
    assert found is not None
    assert (len(found.authors), len(found.images)) == (10, 5)
    found = tell("".join(f"<category>{name}</category>" for name in many))
    assert found is not None
    assert len(found.tags) == 40
    assert TEXT_BYTES == 64 * 1024


def test_a_text_is_kept_whole_or_not_at_all() -> None:
    fits = "ا" * (TEXT_BYTES // 2)
    assert tell(f"<content:encoded>{fits}</content:encoded>") == Told(fits)
    assert tell(f"<content:encoded>{fits}.</content:encoded>") is None


def test_writers() -> None:
    assert tell("<author>desk@paper.test (ليلى حداد)</author>") == Told(authors=("ليلى حداد",))
    assert tell("<author>desk@paper.test</author>") is None
    assert tell("<dc:creator>ليلى حداد</dc:creator><dc:creator>سعيد منصور</dc:creator>") == Told(
        authors=("ليلى حداد", "سعيد منصور")
    )
    person = "<author><name>ليلى حداد</name><email>a@b.test</email></author><contributor><name>آخر</name></contributor>"
    assert tell(person) == Told(authors=("ليلى حداد",))


def test_categories() -> None:
    written = "<category>محليات</category><category><![CDATA[طرق &amp; جسور]]></category><category>محليات</category>"
    assert tell(written) == Told(tags=("محليات", "طرق & جسور"))
    assert tell('<category term="mahaliyat" label="محليات"/><category term="طرق"/>') == Told(tags=("محليات", "طرق"))
    assert tell("<dc:subject>محليات</dc:subject>") == Told(tags=("محليات",))


def test_pictures() -> None:
    assert tell('<media:thumbnail url="/s.jpg"/><media:content url="/l.jpg" medium="image"/>') == Told(
        images=("https://paper.test/l.jpg", "https://paper.test/s.jpg")
    )
    assert tell('<enclosure url="/a.mp3" type="audio/mpeg"/><media:content url="/v.mp4" medium="video"/>') is None
    assert tell('<enclosure url="/a.JPG?w=9"/>') == Told(images=("https://paper.test/a.JPG?w=9",))
    assert (
        tell('<enclosure url="javascript:alert(1)" type="image/png"/><enclosure url="data:image/png;base64,AA"/>')
        is None
    )
    assert tell('<link rel="enclosure" type="image/webp" href="http://img.test/a"/>') == Told(
        images=("http://img.test/a",)
    )


def test_texts_far_shorter_than_the_others_are_excerpts() -> None:
    made = [
        Link(str(n), told=told("<p>" + "خبر " * words + "</p>", (), ("محليات",), ()))
        for n, words in enumerate((90, 100, 300, 20))
    ]
    texts = [link.told.text if link.told else None for link in whole_texts(made)]
    assert [text is not None for text in texts] == [True, True, True, False]
    assert all(link.told and link.told.tags for link in whole_texts(made))
    # Of two nobody knows which is the rule.
    assert whole_texts(made[2:]) == made[2:]


def test_json_feeds() -> None:
    document = """{"version": "https://jsonfeed.org/version/1.1", "language": "ar", "items": [
        {"id": "1", "url": "/1", "title": "خبر &amp; آخر",
         "content_text": "سطر\\nسطر <ب>", "author": {"name": "ليلى حداد"}},
        {"id": "https://paper.test/2", "tags": ["محليات", 3], "banner_image": "//img.test/b.png"},
        {"id": "3"}, 7, {"url": "mailto:a@b.test"}, {"url": "http://[::1"}]}"""
    skipped: list[str] = []
    first, second = parse_feed(document.encode(), URL, clock=CLOCK, skip=skipped.append, texts=True)
    assert (first.url, first.title, first.language) == ("https://paper.test/1", "خبر & آخر", "ar")
    assert first.told == Told("<p>سطر</p><p>سطر &lt;ب&gt;</p>", ("ليلى حداد",))
    assert (second.url, second.told) == (
        "https://paper.test/2",
        Told(tags=("محليات",), images=("https://img.test/b.png",)),
    )
    assert skipped == ["no-link", "malformed", "not-http", "malformed"]
    cut: list[str] = []
    assert parse_feed(document[:200].encode(), URL, clock=CLOCK, skip=cut.append) == []
    assert cut == ["broken-off"]


names = st.lists(st.text(max_size=60), max_size=5)


@given(st.none() | st.text(max_size=300), names, names, names)
def test_what_is_told_comes_back_from_the_state(
    text: str | None, authors: list[str], tags: list[str], images: list[str]
) -> None:
    found = told(text, authors, tags, images)
    assert Told.from_json(found.to_json() if found else "") == found
    if found:
        assert len(found.to_json().encode("utf-8", "replace")) < 2 * TEXT_BYTES
        assert found.to_json().isprintable() or "\n" not in found.to_json()


@given(st.text(alphabet="<>/&;[]!aاcontent:encoded category name author=\"' ", max_size=400))
def test_any_item_is_read(item: str) -> None:
    links(f"<item><link>https://paper.test/1</link>{item}</item>")
