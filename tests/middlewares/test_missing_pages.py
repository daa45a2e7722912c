"""Pages that say, with status 200, that there is nothing; and stories that speak of such pages."""

from __future__ import annotations

import pytest

from newscrawl.middlewares.botwall import classify

_HINT = "<p>يمكنك العودة إلى الصفحة الرئيسية أو البحث في الأرشيف.</p>"
_PARAGRAPH = (
    "<p>أعلنت إدارة الميناء صباح اليوم أن السفن ستعود إلى أرصفتها القديمة بعد انتهاء أعمال التعميق في الحوض.</p>"
)


def page(heading: str, title: str = "صحيفة الميناء", body: str = _HINT) -> str:
    nav = "<nav><a href='/'>الرئيسية</a> <a href='/local'>محليات</a> <a href='/sport'>رياضة</a></nav>"
    return f"<html><head><title>{title}</title></head><body>{nav}<h1>{heading}</h1>{body}</body></html>"


def kind(text: str) -> str | None:
    return classify(200, {"content-type": "text/html"}, text, "https://port.test/local/12")


@pytest.mark.parametrize(
    "words",
    [
        "الصفحة التي تبحث عنها لم تعد متاحة",
        "نعتذر، المقال غير متاح حالياً",
        "عذرًا! لم نتمكن من العثور على الصفحة المطلوبة",
        "هذا الرابط غير صالح",
        "الرابط منتهي الصلاحية",
        "تم حذف هذا الخبر",
        "الخبر المطلوب غير موجود",
        "عفوا الصفحة التي طلبتها غير متوفرة",
        "للأسف، هذه المادة لم تعد متوفرة",
        "لا توجد صفحة بهذا العنوان",
        "تعذر العثور على المقال",
        "المحتوى الذي تبحث عنه قد تم نقله أو حذفه",
        "404 - لا يمكن الوصول إلى هذه الصفحة",
        "خطأ 404: الصفحة غير متوفرة",
        "أوبس، يبدو أن الصفحة غير موجودة",
        "الموضوع غير موجود أو تم حذفه",
        "عُذراً، الصَّفحة غير موجودة",
        "لم يتم العثور على ما تبحث عنه",
        "خطأ 404",
        "عفوا.. تم نقل أو حذف هذه الصفحة",
        "الرابط الذي اتبعته غير صحيح",
        "هذا الرابط معطل أو أن الصفحة أزيلت",
        "المعذرة، هذا الخبر محذوف",
        "الصفحة اللي تدور عليها مو موجودة",
        "الصفحة مش موجودة",
        "الصفحة المطلوبة لا يمكن الوصول إليها",
        "لقد وصلت إلى صفحة غير موجودة",
        "نأسف لعدم وجود الصفحة المطلوبة",
        "هذا المنشور غير متاح",
        "410 - المحتوى أزيل نهائيا",
        "هذا الرابط لم يعد يعمل",
        "عذراً، لقد انتهت صلاحية هذا الرابط",
        "عنوان URL غير صحيح",
        "لم يتم العثور على أي نتائج لهذه الصفحة",
        "La page demandée n'existe pas",
        "Erreur 404",
    ],
)
def test_what_error_pages_say(words: str) -> None:
    assert kind(page(words)) == "not-found"
    assert kind(page("صحيفة الميناء", title=f"{words} | صحيفة الميناء")) == "not-found"
    long_menu = "".join(f"<li><a href='/{n}'>عنوان قصير لخبر {n}</a></li>" for n in range(200))
    assert kind(page(words, body=_HINT + long_menu)) == "not-found"


@pytest.mark.parametrize(
    "headline",
    [
        "الصفحة غير موجودة: قصة قصيرة",
        "تم حذف الخبر بعد ساعة: كيف تعمل غرف الأخبار",
        "عذرا، هذا المحتوى غير متاح في بلدك",
        "404: معرض عن الأخطاء",
        "لا يمكن الوصول إلى هذه الصفحة من تاريخ المدينة",
    ],
)
def test_a_story_about_missing_pages_is_a_story(headline: str) -> None:
    story = f"<div class='text'>{_PARAGRAPH * 6}</div>"
    assert kind(page(headline, title=f"{headline} | صحيفة الميناء", body=story)) is None


@pytest.mark.parametrize(
    "headline",
    [
        "حذف آلاف الحسابات الوهمية",
        "الوزير: الخبر غير صحيح",
        "المحتوى العربي على الشبكة",
        "لا يمكن العودة إلى الوراء",
        "تم نقل المصابين إلى المستشفى",
        "نقل الركاب إلى مطار بيروت",
        "خطأ طبي يودي بحياة طفلة",
        "المقال الذي هز الرأي العام",
        "لم يتم التوصل إلى اتفاق",
        "صفحة جديدة بين البلدين",
    ],
)
def test_a_brief_is_a_story(headline: str) -> None:
    assert kind(page(headline, title=f"{headline} | صحيفة الميناء", body=_PARAGRAPH)) is None
