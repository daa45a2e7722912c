# ruff: noqa: E501 - the markup of pages is as long as pages write it
"""Pages of many systems around one story of ours: what carries the text differs, what a reader sees does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any

SITE = "جريدة الربوة"
TITLE = "بلدية الربوة تعيد فتح سوق الحرفيين بعد ترميم دام ثلاثة أعوام"
STORY = (
    "أعادت بلدية الربوة صباح اليوم فتح سوق الحرفيين في البلدة القديمة بعد أعمال ترميم دامت ثلاثة أعوام كاملة.",
    "وقال المشرف على الأعمال إن السوق يضم ستين دكانا للنحاسين والنجارين وصانعي السلال، وإن الإيجارات لن ترتفع.",
    "وتوقع التجار أن يعود الزوار إلى المكان مع بداية الخريف، بعدما انتقل كثير منهم إلى أسواق المدينة الجديدة.",
    "وبلغت كلفة الأعمال أربعة ملايين، دفعت البلدية نصفها وجمع أبناء البلدة في المهجر نصفها الآخر خلال عامين.",
    "ومن المقرر أن تقيم البلدية في الشهر المقبل معرضا للحرف القديمة يشارك فيه ثلاثون حرفيا من القرى المجاورة.",
)
NAV = (
    f'<header><a href="/">{SITE}</a><nav><a href="/local">محليات</a> <a href="/world">عربي ودولي</a> '
    '<a href="/sport">رياضة</a></nav></header>'
)
FOOT = "<footer><p>جميع الحقوق محفوظة لجريدة الربوة</p></footer>"
RELATED = (
    '<div class="box"><h3><a href="/n/811">افتتاح معرض الكتاب في المدينة الجديدة</a></h3>'
    '<h3><a href="/n/812">أمطار غزيرة على الجبال الشمالية</a></h3></div>'
)
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in STORY)
BREAKS = "<br><br>".join(STORY)

Shell = Callable[[], str]
SHELLS: dict[str, Shell] = {}


def shell(make: Shell) -> Shell:
    SHELLS[make.__name__] = make
    return make


def page(body: str, *, title: str = f"{TITLE} | {SITE}", head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def flight(*rows: tuple[str, Any]) -> str:
    """React rows as Next.js streams them: (id, value), a string of ours as a text row."""
    stream = ""
    for name, value in rows:
        if isinstance(value, str):
            stream += f"{name}:T{len(value.encode()):x},{value}"
        else:
            stream += f"{name}:{json.dumps(value, ensure_ascii=False)}\n"
    half = len(stream) // 2
    return "".join(
        f"<script>self.__next_f.push([1,{json.dumps(piece, ensure_ascii=False).replace('</', chr(92) + 'u003c/')}])</script>"
        for piece in (stream[:half], stream[half:])
    )


@shell
def angular_attribute() -> str:
    markup = escape(PARAGRAPHS, quote=True)
    return page(
        f'{NAV}<app-root><app-article data-first-title="{TITLE}" data-first-article-body="{markup}"><h1>{TITLE}</h1>'
        f"{RELATED}</app-article></app-root>{FOOT}"
    )


@shell
def vue_prop() -> str:
    props = escape(json.dumps({"title": TITLE, "body": PARAGRAPHS}, ensure_ascii=False), quote=True)
    return page(f'{NAV}<div id="app"><article-page :article="{props}"></article-page></div><h1>{TITLE}</h1>{FOOT}')


@shell
def inertia_page() -> str:
    state = {"component": "Post", "props": {"post": {"title": TITLE, "content": PARAGRAPHS}, "latest": []}}
    data = escape(json.dumps(state, ensure_ascii=False), quote=True)
    return page(f'<div id="app" data-page="{data}"></div>')


@shell
def flight_markup_row() -> str:
    rows = flight(
        ("1a", {"post": {"title": TITLE, "slug": "souq", "lead": STORY[0]}}),
        ("2b", ["$", "div", None, {"className": "prose", "html": "$28"}]),
        ("28", "".join(f"<p>{line}</p>" for line in STORY)),
    )
    skeleton = '<div class="sk"><span></span><span></span></div>'
    return page(f"{NAV}<main><h1>{TITLE}</h1><p>{STORY[0]}</p>{skeleton}</main>{FOOT}{rows}")


@shell
def flight_rest_row() -> str:
    rows = flight(("2b", ["$", "$L9", None, {"rest": "$28"}]), ("28", "".join(f"<p>{line}</p>" for line in STORY[1:])))
    return page(f"{NAV}<main><h1>{TITLE}</h1><div><p>{STORY[0]}</p></div><div class='sk'></div></main>{FOOT}{rows}")


@shell
def flight_elements() -> str:
    children = [["$", "p", str(at), {"children": line}] for at, line in enumerate(STORY)]
    rows = flight(("5", ["$", "article", None, {"children": [["$", "h1", None, {"children": TITLE}], *children]}]))
    return page(f"{NAV}<main><h1>{TITLE}</h1><div class='animate-pulse'></div></main>{FOOT}{rows}")


@shell
def next_data_lead_shown() -> str:
    data = {"props": {"pageProps": {"article": {"headline": TITLE, "bodyHtml": PARAGRAPHS}}}}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data, ensure_ascii=False)}</script>'
    return page(f"{NAV}<main><h1>{TITLE}</h1><p>{STORY[0]}</p></main>{FOOT}{script}")


@shell
def next_data_title_elsewhere() -> str:
    data = {"props": {"pageProps": {"seo": {"title": TITLE}, "content": {"blocks": [{"html": PARAGRAPHS}]}}}}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data, ensure_ascii=False)}</script>'
    return page(f"{NAV}<main><h1>{TITLE}</h1></main>{FOOT}{script}")


@shell
def nuxt_payload() -> str:
    values = [["Reactive", 1], {"data": 2}, {"post": 3}, {"title": 4, "body": 5}, TITLE, PARAGRAPHS]
    script = f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(values, ensure_ascii=False)}</script>'
    return page(f'<div id="__nuxt"><h1>{TITLE}</h1></div>{script}')


@shell
def state_variable() -> str:
    state = json.dumps({"post": {"title": TITLE, "text": PARAGRAPHS}}, ensure_ascii=False)
    return page(f'<div id="root"></div><script>window.__INITIAL_STATE__ = {state};</script>')


@shell
def state_as_parsed_string() -> str:
    state = json.dumps(json.dumps({"post": {"title": TITLE, "text": PARAGRAPHS}}, ensure_ascii=False))
    return page(f'<div id="root"></div><script>window.__PRELOADED_STATE__ = JSON.parse({state});</script>')


@shell
def article_body_in_ld() -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": TITLE,
        "articleBody": "\n".join(STORY),
    }
    script = f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'
    return page(f"{NAV}<main><h1>{TITLE}</h1><div class='skeleton'></div></main>{FOOT}", head=script)


@shell
def text_template() -> str:
    return page(f'{NAV}<h1>{TITLE}</h1><div id="target"></div>{FOOT}<script type="text/template">{PARAGRAPHS}</script>')


@shell
def wordpress_4_without_h1() -> str:
    rest = "".join(f"<p>&nbsp;</p>\n<p>{line}</p>" for line in STORY[1:])
    return page(
        f'{NAV}<div id="content"><div class="post-4711 post hentry"><h2 class="title">{TITLE}</h2>'
        f'<div class="entry"><p><strong>{STORY[0]}</strong></p>{rest}</div></div></div>'
        f'<div id="sidebar"><ul><li><h2>الأرشيف</h2><ul><li><a href="/2015/03">مارس 2015</a></li></ul></li></ul></div>{FOOT}'
    )


@shell
def wordpress_kubrick() -> str:
    rest = "".join(f"<p>&nbsp;</p>{line}" for line in STORY[1:])
    return page(
        f'<div id="page"><div id="header"><h1><a href="/">{SITE}</a></h1></div><div id="content" class="narrowcolumn">'
        f'<div class="post" id="post-77"><h2><a href="/?p=77" rel="bookmark">{TITLE}</a></h2><small>15 مارس 2011</small>'
        f'<div class="entry"><p><strong>{STORY[0]}</strong></p>{rest}</div></div></div>{FOOT}</div>'
    )


@shell
def headline_again_in_body() -> str:
    again = f"<p><strong>{TITLE}</strong></p>"
    return page(f'{NAV}<article><h1>{TITLE}</h1><div class="content">{again}{PARAGRAPHS}</div></article>{FOOT}')


@shell
def front_page() -> str:
    lines = "".join(f'<p align="right" dir="rtl"><font face="Arial" size="4">{line}</font></p>' for line in STORY)
    return page(
        f'<table border="0" width="100%"><tr><td><a href="index.htm">الرئيسية</a></td><td><a href="n.htm">الأخبار</a></td></tr>'
        f'</table><table width="90%"><tr><td><p align="center"><b><font size="6" color="#800000">{TITLE}</font></b></p>'
        f"{lines}</td></tr></table>",
        title=SITE,
        head='<meta name="GENERATOR" content="Microsoft FrontPage 5.0">',
    )


@shell
def word_page() -> str:
    lines = "".join(
        f"<p class=MsoNormal dir=RTL style='text-align:justify'><span lang=AR-SA style='font-size:14.0pt'>{line}<o:p></o:p>"
        "</span></p>"
        for line in STORY
    )
    return page(
        f"<div class=WordSection1 dir=RTL><p class=MsoNormal align=center><b><span lang=AR-SA style='font-size:22.0pt'>"
        f"{TITLE}<o:p></o:p></span></b></p>{lines}</div>",
        title=SITE,
        head="<meta name=Generator content='Microsoft Word 11'>",
    )


@shell
def old_table_page() -> str:
    return page(
        f'<table width="780"><tr><td width="150" class="menu"><a href="/1">محليات</a><br><a href="/2">رياضة</a></td>'
        f'<td width="630"><span class="bigtitle">{TITLE}</span><br><br><span class="txt">{BREAKS}</span></td></tr></table>',
        title=SITE,
    )


@shell
def blogger() -> str:
    return page(
        f'<div class="post hentry"><h3 class="post-title entry-title">{TITLE}</h3><div class="post-body entry-content">'
        f'<div dir="rtl" style="text-align: right;" trbidi="on">{BREAKS}</div><div style="clear: both;"></div></div>'
        f'<div class="post-footer"><span class="post-labels">التسميات: <a href="/l">محليات</a></span></div></div>'
    )


@shell
def forum_thread() -> str:
    return page(
        f'<div class="navbar"><a href="forum.php">المنتدى</a> <a href="f4">الأخبار</a></div><h2 class="title icon">{TITLE}</h2>'
        f'<ol id="posts"><li class="postbit"><div class="userinfo">ابن الربوة</div><blockquote class="postcontent restore">'
        f"{BREAKS}</blockquote></li></ol>"
    )


@shell
def joomla_15() -> str:
    return page(
        f'<table class="contentpaneopen"><tr><td class="contentheading" width="100%">{TITLE}</td></tr></table>'
        f'<table class="contentpaneopen"><tr><td valign="top">{PARAGRAPHS}</td></tr></table>'
    )


@shell
def drupal_6() -> str:
    return page(
        f'<div id="main"><h1 class="title">{TITLE}</h1><div class="node"><div class="content clear-block">{PARAGRAPHS}'
        f'</div><div class="links"><a href="/print/1">نسخة للطباعة</a></div></div></div>{FOOT}'
    )


@shell
def amp() -> str:
    return page(
        f'<amp-sidebar id="s"><a href="/">الرئيسية</a></amp-sidebar><article class="amp-wp-article"><header><h1>{TITLE}</h1>'
        f'</header><div class="amp-wp-article-content"><amp-img src="/a.jpg" width="10" height="5"></amp-img>{PARAGRAPHS}'
        "</div></article>"
    )


@shell
def breaks_in_one_box() -> str:
    return page(f'{NAV}<section><h1>{TITLE}</h1><div class="txt">{BREAKS}</div></section>{FOOT}')


@shell
def preformatted() -> str:
    return page(f"{NAV}<h1>{TITLE}</h1><pre>{chr(10).join(STORY)}</pre>{FOOT}")


@shell
def hashed_names() -> str:
    lines = "".join(f'<div class="_3xF9k"><span class="a1b2">{line}</span></div>' for line in STORY)
    return page(
        f'<div class="x1"><div class="x2"><a href="/">{SITE}</a></div></div><div class="x3"><div class="q9">{TITLE}</div>'
        f'<div class="z7">{lines}</div></div>'
    )


@shell
def shown_by_a_script_only() -> str:
    return page(f"{NAV}<h1>{TITLE}</h1><noscript><div class='content'>{PARAGRAPHS}</div></noscript>{FOOT}")


@shell
def body_among_widgets() -> str:
    parts = "".join(f'<div class="widget-{at} card"><p>{line}</p></div>' for at, line in enumerate(STORY))
    return page(f"{NAV}<main><h1>{TITLE}</h1>{parts}</main>{RELATED}{FOOT}")


#: Headlines of many kinds, and boxes of many more systems.
SHELLS.update(
    {
        name: lambda html=html: html  # type: ignore[misc]
        for name, html in {
            "h1_site_h2_title": page(
                f'<header><h1>{SITE}</h1></header><main><h2>{TITLE}</h2><div class="c">{PARAGRAPHS}</div></main>{FOOT}'
            ),
            "h1_news": page(
                f'{NAV}<main><h1>أخبار</h1><h2 class="t">{TITLE}</h2><div class="c">{PARAGRAPHS}</div></main>',
                title=SITE,
            ),
            "h1_section": page(
                f'{NAV}<main><h1>محليات</h1><div class="newstitle">{TITLE}</div><div class="c">{PARAGRAPHS}</div></main>',
                title=f"محليات - {SITE}",
            ),
            "h1_section_bold": page(
                f'{NAV}<main><h1>محليات</h1><p><b style="font-size:20pt">{TITLE}</b></p><div class="c">{PARAGRAPHS}</div></main>',
                title=f"محليات - {SITE}",
            ),
            "title_site_first": page(
                f"{NAV}<main><h1>{TITLE}</h1><div>{PARAGRAPHS}</div></main>", title=f"{SITE} - {TITLE}"
            ),
            "og_is_site": page(
                f"{NAV}<main><h1>{TITLE}</h1><div>{PARAGRAPHS}</div></main>",
                title=SITE,
                head=f'<meta property="og:title" content="{SITE}">',
            ),
            "no_h_og_site": page(
                f'{NAV}<main><div class="q1">{TITLE}</div><div>{PARAGRAPHS}</div></main>',
                title=SITE,
                head=f'<meta property="og:title" content="{SITE}">',
            ),
            "marquee": page(
                f'{NAV}<table><tr><td><center><font size="5"><strong>{TITLE}</strong></font></center><hr>{BREAKS}</td></tr></table>',
                title="Untitled Document",
            ),
            "word_style": page(
                f'<div><p style="text-align:center"><strong><span style="font-size:24px">{TITLE}</span></strong></p>{PARAGRAPHS}</div>',
                title="New Page 1",
            ),
            "each_in_section": page(
                f"{NAV}<main><h1>{TITLE}</h1>"
                + "".join(f"<section><p>{line}</p></section>" for line in STORY)
                + f"</main>{FOOT}"
            ),
            "wix": page(
                f'{NAV}<div data-hook="post"><h1>{TITLE}</h1><div data-hook="post-description"><div>'
                + "".join(f'<div type="paragraph"><p><span>{line}</span></p></div>' for line in STORY)
                + "</div></div></div>"
            ),
            "ul_paras": page(
                f'{NAV}<main><h1>{TITLE}</h1><ul class="b">'
                + "".join(f"<li>{line}</li>" for line in STORY)
                + "</ul></main>"
            ),
            "one_td_each": page(
                f"{NAV}<h1>{TITLE}</h1><table>" + "".join(f"<tr><td>{line}</td></tr>" for line in STORY) + "</table>"
            ),
            "lead_h3_and_blockquote": page(
                f'{NAV}<main><h1>{TITLE}</h1><div class="bd"><p><b>{STORY[0]}</b></p><blockquote>{STORY[1]}</blockquote>'
                + "".join(f"<p>{line}</p>" for line in STORY[2:])
                + "</div></main>"
            ),
            "lazy_template": page(
                f'{NAV}<main><h1>{TITLE}</h1><article-body><template shadowrootmode="open">{PARAGRAPHS}</template></article-body></main>'
            ),
            "hidden_more": page(
                f'{NAV}<main><h1>{TITLE}</h1><div class="short"><p>{STORY[0]}</p></div><div class="full" style="display:none">'
                + "".join(f"<p>{line}</p>" for line in STORY[1:])
                + "</div><button>المزيد</button></main>"
            ),
            "details": page(
                f"{NAV}<main><h1>{TITLE}</h1><p>{STORY[0]}</p><details><summary>اقرأ التفاصيل</summary>"
                + "".join(f"<p>{line}</p>" for line in STORY[1:])
                + "</details></main>"
            ),
            "iframe_srcdoc": page(f'{NAV}<main><h1>{TITLE}</h1><iframe srcdoc="{escape(PARAGRAPHS)}"></iframe></main>'),
            "ads_between_all": page(
                f"{NAV}<main><h1>{TITLE}</h1>"
                + '<div class="ad">إعلان</div>'.join(f'<div class="par"><p>{line}</p></div>' for line in STORY)
                + "</main>"
            ),
            "author_bio_above": page(
                f'{NAV}<main><h1>{TITLE}</h1><div class="a"><img src="/a.jpg"><a href="/author/x">سلمى الراوي</a><p>كاتبة وصحافية تتابع شؤون المدن الصغيرة منذ خمسة عشر عاما، وصدر لها كتابان.</p></div><div class="txt">{PARAGRAPHS}</div></main>'
            ),
            "cookie_above": page(
                f'<div id="ck"><p>نستخدم ملفات تعريف الارتباط لتحسين تجربتك على موقعنا، ويمكنك قراءة سياسة الخصوصية لمعرفة المزيد عن ذلك.</p><button>موافق</button></div>{NAV}<main><h1>{TITLE}</h1><div class="txt">{PARAGRAPHS}</div></main>'
            ),
            "newsletter_above": page(
                f'{NAV}<main><h1>{TITLE}</h1><div class="nl"><p>اشترك في نشرتنا البريدية لتصلك أهم الأخبار والتحليلات كل صباح إلى بريدك.</p><form><input type="email"><button>اشترك</button></form></div><div class="txt">{PARAGRAPHS}</div></main>'
            ),
            "wp_fse": page(
                f'{NAV}<main class="wp-block-group"><h1 class="wp-block-post-title">{TITLE}</h1><div class="entry-content wp-block-post-content is-layout-flow">{PARAGRAPHS}</div></main>'
            ),
            "elementor": page(
                f'<div class="elementor"><div class="elementor-widget-theme-post-title"><h1 class="elementor-heading-title">{TITLE}</h1></div><div class="elementor-widget-text-editor"><div class="elementor-widget-container">{PARAGRAPHS}</div></div></div>'
            ),
            "divi": page(
                f'<div class="et_pb_section"><div class="et_pb_title_container"><h1 class="entry-title">{TITLE}</h1></div><div class="et_pb_text_inner">'
                + '</div></div><div class="et_pb_module et_pb_text"><div class="et_pb_text_inner">'.join(
                    f"<p>{line}</p>" for line in STORY
                )
                + "</div></div>"
            ),
        }.items()
    }
)
