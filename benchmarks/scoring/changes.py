"""Changes of a page's mark-up that no reader would see: the story has to come out the same.

Each change takes a Specimen and edits its tree in place; it returns False where it has nothing to change. The texts
that some of them add are written for them.
"""

from __future__ import annotations

import copy
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, cast

import lxml.html
from lxml import etree

from scoring.metrics import Truth, words

#: The share of all pairs of a page and a change, and of each change's, that must be read as before.
LEAST, LEAST_OF_EACH = 0.97, 0.9
Change = Callable[["Specimen"], bool | None]
CHANGES: dict[str, Change] = {}

_STORIES = (
    (
        "مكتبة الحي تفتح أبوابها مساء",
        "قالت أمينة المكتبة إن القاعة الجديدة تتسع لستين قارئا، وإن الأطفال سيجدون فيها ركنا لهم كل يوم خميس.",
    ),
    (
        "قطار الجبل يعود إلى سكته القديمة",
        "وأوضح المهندسون أن السكة رممت من المحطة الأولى إلى النفق، وأن الرحلة ستستغرق خمسين دقيقة ذهابا.",
    ),
    (
        "معرض للخزف في بيت البلدية",
        "وشارك في المعرض ثلاثون خزافا من القرى المجاورة عرضوا جرارا وأطباقا صنعت كلها من طين الوادي.",
    ),
    (
        "نحالو الساحل يشكون قلة المطر",
        "وذكر رئيس الجمعية أن الخلايا أعطت هذا الربيع نصف ما تعطيه عادة، وأن السعر سيرتفع قبل العيد.",
    ),
)
_FEWEST_PARAGRAPHS = 3
_PARAGRAPHS = ("p", "h2", "h3", "h4")


class Specimen:
    """A page's tree, with the elements of its headline and of the story's paragraphs."""

    def __init__(self, page: bytes, truth: Truth) -> None:
        """ValueError for a page whose paragraphs are not at least three elements of one box."""
        self.tree: Any = lxml.html.document_fromstring(page.decode())
        self.truth = truth
        self.paragraphs = self._find([" ".join(words(text)) for text in truth.paragraphs])
        self.box: Any = self.paragraphs[0].getparent()
        title = " ".join(words(truth.title))
        lines = cast(Iterable[Any], self.tree.iter("h1", "h2", "h3"))
        heads = [line for line in lines if " ".join(words(line.text_content())) == title]
        self.headline: Any = heads[0] if heads else None

    def _find(self, wanted: list[str]) -> list[Any]:
        found: dict[str, list[Any]] = defaultdict(list)
        for element in cast(Iterable[Any], self.tree.iter(*_PARAGRAPHS)):
            found[" ".join(words(element.text_content()))].append(element)
        elements = [found[text][0] for text in wanted if len(found[text]) == 1]
        if len(elements) < max(_FEWEST_PARAGRAPHS, len(wanted)) or len({e.getparent() for e in elements}) > 1:
            raise ValueError("its paragraphs are not elements of one box")
        return elements

    @property
    def body(self) -> Any:
        """The body element."""
        return self.tree.find("body")

    def page(self) -> bytes:
        """The page as it now is."""
        return bytes(etree.tostring(self.tree, encoding="utf-8", method="html", doctype="<!DOCTYPE html>"))


def change(function: Change) -> Change:
    """Enters a change under its name."""
    CHANGES[function.__name__] = function
    return function


def _piece(markup: str) -> Any:
    return lxml.html.fragment_fromstring(markup)


def _wrap(children: Iterable[Any], tag: str = "div") -> Any:
    """A new element around children, put where the first one stood."""
    children = list(children)
    box = etree.Element(tag)
    children[0].addprevious(box)
    for child in children:
        box.append(child)
    return box


def _put_inside(element: Any, tag: str) -> None:
    """All that an element holds, in one element more."""
    inner = etree.Element(tag)
    inner.text, element.text = element.text, None
    for child in list(element):
        inner.append(child)
    element.append(inner)


def _behind(element: Any, new: Any) -> None:
    element.addnext(new)
    new.tail, element.tail = element.tail, None


def _cards() -> str:
    return "".join(
        f'<div><a href="/item/{number}47">{title}</a><p>{text}</p></div>'
        for number, (title, text) in enumerate(_STORIES, 1)
    )


@change
def no_names(page: Specimen) -> None:
    for element in page.tree.iter(etree.Element):
        for name in ("class", "id", "itemprop", "role"):
            element.attrib.pop(name, None)


@change
def hashed_names(page: Specimen) -> None:
    chance, names = random.Random(11), dict[str, str]()
    for element in page.tree.iter(etree.Element):
        for name in ("class", "id"):
            if element.get(name):
                hashed = [names.setdefault(n, f"c{chance.getrandbits(30):x}") for n in element.get(name).split()]
                element.set(name, " ".join(hashed))


@change
def paragraphs_are_divs(page: Specimen) -> None:
    for element in page.paragraphs:
        element.tag = "div" if element.tag == "p" else element.tag


@change
def paragraphs_in_boxes(page: Specimen) -> None:
    for element in page.paragraphs:
        tail, element.tail = element.tail, None
        _wrap([element]).tail = tail


@change
def paragraphs_in_bold(page: Specimen) -> None:
    for element in page.paragraphs:
        if element.tag == "p":
            _put_inside(element, "strong")


@change
def paragraphs_in_spans(page: Specimen) -> None:
    for element in page.paragraphs:
        _put_inside(element, "span")


@change
def paragraphs_in_fonts(page: Specimen) -> None:
    for element in page.paragraphs:
        _put_inside(element, "font")


@change
def paragraphs_in_rows(page: Specimen) -> None:
    table = etree.Element("table")
    page.paragraphs[0].addprevious(table)
    for element in page.paragraphs:
        element.tail = None
        etree.SubElement(etree.SubElement(table, "tr"), "td").append(element)


@change
def lines_for_paragraphs(page: Specimen) -> bool | None:
    if any(element.tag != "p" for element in page.paragraphs):
        return False
    for element in page.paragraphs:
        for _ in range(2):
            _behind(element, etree.Element("br"))
        element.drop_tag()
    return None


@change
def editors_attributes(page: Specimen) -> None:
    for number, element in enumerate(page.paragraphs):
        element.set("data-block", str(number))
        element.set("style", "text-align:justify")


@change
def empty_paragraphs_between(page: Specimen) -> None:
    for element in page.paragraphs[:-1]:
        element.addnext(_piece("<p>&nbsp;</p>"))


@change
def two_boxes_deeper(page: Specimen) -> None:
    _wrap([_wrap(list(page.box))])


@change
def story_in_an_article(page: Specimen) -> None:
    _wrap(list(page.box), "article")


@change
def story_in_a_cell(page: Specimen) -> None:
    cell = _wrap(list(page.box), "td")
    _wrap([_wrap([cell], "tr")], "table")


@change
def story_in_two_boxes(page: Specimen) -> None:
    children = list(page.box)
    middle = children.index(page.paragraphs[len(page.paragraphs) // 2])
    _wrap(children[:middle]) if middle else None
    _wrap(children[middle:])


@change
def last_paragraph_outside(page: Specimen) -> None:
    last = page.paragraphs[-1]
    last.tail = None
    _behind(page.box, last)


@change
def lead_outside(page: Specimen) -> None:
    lead = page.paragraphs[0]
    lead.tail = None
    page.box.addprevious(lead)
    _wrap([lead])


@change
def plain_divs_for_landmarks(page: Specimen) -> None:
    for element in page.tree.iter("main", "article", "header", "footer", "aside", "section", "nav"):
        element.tag = "div"


@change
def smaller_headline(page: Specimen) -> bool | None:
    if page.headline is None:
        return False
    page.headline.tag = "h2"
    return None


@change
def no_metadata(page: Specimen) -> None:
    for element in list(page.tree.iter("meta", "script")):
        if element.tag == "script" or element.get("property") or element.get("name") in ("author", "description"):
            element.drop_tree()


@change
def bare_title(page: Specimen) -> None:
    for element in page.tree.iter("title"):
        element.text = "الموقع"


@change
def line_to_another_story(page: Specimen) -> None:
    page.paragraphs[0].addnext(_piece(f'<p>اقرأ أيضا: <a href="/item/947">{_STORIES[0][0]}</a></p>'))


@change
def related_list_inside(page: Specimen) -> None:
    items = "".join(f'<li><a href="/item/{n}47">{title}</a></li>' for n, (title, _) in enumerate(_STORIES[:3]))
    page.paragraphs[1].addnext(_piece(f"<div><h4>مواضيع ذات صلة</h4><ul>{items}</ul></div>"))


@change
def picture_inside(page: Specimen) -> None:
    figure = '<figure><img src="/media/47.jpg" width="900"><figcaption>قطار الجبل عند مدخل النفق</figcaption></figure>'
    page.paragraphs[1].addnext(_piece(figure))


@change
def advertisement_inside(page: Specimen) -> None:
    page.paragraphs[1].addnext(_piece('<div class="ad-box"><span>إعلان</span></div>'))


@change
def newsletter_inside(page: Specimen) -> None:
    form = "<form><input type=email><button>اشترك</button></form>"
    page.paragraphs[1].addnext(_piece(f"<div><p>اشترك في النشرة البريدية لتصلك أخبارنا</p>{form}</div>"))


@change
def questions_inside(page: Specimen) -> None:
    buttons = "<div><span>اسأل عن هذا الخبر</span><button>متى يبدأ العمل؟</button><button>من المسؤول؟</button></div>"
    page.paragraphs[1].addnext(_piece(buttons))


@change
def share_bar_first(page: Specimen) -> None:
    bar = '<div><a href="#">فيسبوك</a> <a href="#">واتساب</a> <a href="#">تلغرام</a></div>'
    page.paragraphs[0].addprevious(_piece(bar))


@change
def tools_first(page: Specimen) -> None:
    page.paragraphs[0].addprevious(_piece("<p>طباعة | أرسل إلى صديق | حجم الخط</p>"))


@change
def counter_first(page: Specimen) -> None:
    page.paragraphs[0].addprevious(_piece("<div>عدد المشاهدات: 2047</div>"))


@change
def channel_line_last(page: Specimen) -> None:
    line = '<p>تابعوا أخبارنا أولا بأول عبر قناتنا على <a href="https://t.me/almithal">تلغرام</a></p>'
    page.paragraphs[-1].addnext(_piece(line))


@change
def disclaimer_last(page: Specimen) -> None:
    line = "<p>المقالات المنشورة لا تعبر بالضرورة عن رأي الصحيفة وإنما عن آراء كتابها.</p>"
    page.paragraphs[-1].addnext(_piece(line))


@change
def comments_below(page: Specimen) -> None:
    items = "".join(f"<div><b>قارئ {n}</b><p>{text}</p></div>" for n, (_, text) in enumerate(_STORIES, 1))
    _behind(page.box, _piece(f"<section><h3>التعليقات (4)</h3>{items}</section>"))


@change
def writer_below(page: Specimen) -> None:
    life = "كاتب وصحافي يهتم بشؤون المدن، صدرت له مجموعتان من القصص."
    _behind(page.box, _piece(f"<div><img src=/w.jpg><h4>عن الكاتب</h4><p>{life}</p></div>"))


@change
def another_story_below(page: Specimen) -> None:
    text = "".join(f"<p>{text}</p>" for _, text in _STORIES)
    _behind(page.box, _piece(f'<div><h2><a href="/item/647">{_STORIES[1][0]}</a></h2><span>أمس</span>{text}</div>'))


@change
def hidden_copy_below(page: Specimen) -> None:
    twin = copy.deepcopy(page.box)
    twin.set("style", "display:none")
    twin.tail = None
    _behind(page.box, twin)


@change
def sidebar_above(page: Specimen) -> bool | None:
    if page.body is None:
        return False
    page.body.insert(0, _piece(f"<aside>{_cards()}</aside>"))
    return None


@change
def sidebar_at_the_end(page: Specimen) -> bool | None:
    if page.body is None:
        return False
    page.body.append(_piece(f"<div>{_cards()}</div>"))
    return None


@change
def consent_at_the_end(page: Specimen) -> bool | None:
    if page.body is None:
        return False
    text = "يستخدم هذا الموقع ملفات تعريف الارتباط لتحسين تجربة التصفح، ومتابعتك تعني موافقتك على ذلك."
    page.body.append(_piece(f"<div><p>{text}</p><button>موافق</button></div>"))
    return None
