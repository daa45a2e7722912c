"""Walls and shells that answer in the place of an article."""

from __future__ import annotations

from tests.faults.server import Exchange, fault


def _wall(name: str, page: str, status: str = "200 OK", **headers: str) -> None:
    @fault(name)
    async def _(exchange: Exchange) -> None:
        await exchange.reply(page, status, headers or None)


def _page(title: str, body: str) -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


_wall("wall-challenge-header", _page("x", "<p>wait</p>"), "403 Forbidden", **{"cf-mitigated": "challenge"})
_wall(
    "wall-challenge-503", _page("Just a moment...", "<script>window._cf_chl_opt={}</script>"), "503 Service Unavailable"
)
_wall("wall-challenge-200", _page("Just a moment...", '<div id="cf-wrapper"></div>'))
_wall("wall-challenge-arabic", _page("لحظة من فضلك...", "<p>جارٍ التحقق من المتصفح</p>"))
_wall("wall-captcha", _page("تحقق", "<form><p>أثبت أنك إنسان</p><div class='g-recaptcha'></div></form>"))
_wall("wall-consent", _page("نحن نقدر خصوصيتك", "<button>أوافق</button>"))
_wall("wall-login", _page("دخول", "<p>يجب تسجيل الدخول لقراءة هذا الخبر</p><input type=password>"))
_wall("wall-js-shell", _page("صحيفة", '<div id="root"></div><script src="/app.js"></script>'))
_wall("wall-js-noscript", _page("صحيفة", "<noscript>يرجى تفعيل جافا سكريبت لعرض الموقع</noscript>"))
_wall("soft-404", _page("صحيفة", "<h1>عذرا</h1><p>الصفحة المطلوبة غير موجودة</p>"))
_wall("soft-404-title", _page("404 - الصفحة غير موجودة", "<ul>" + "<li>خبر من القائمة</li>" * 200 + "</ul>"))
_wall("error-as-200", _page("صحيفة", "<h1>خطأ في الاتصال بقاعدة البيانات</h1>"))
_wall("maintenance", _page("صحيفة", "<p>الموقع تحت الصيانة</p>"))
_wall("parked", _page("faults.test", "<p>This domain is for sale</p>"))


@fault("sent-home")
async def _(exchange: Exchange) -> None:
    if exchange.path == "/":
        await exchange.reply(_page("الرئيسية", "<ul>" + "<li><a href='/news/x.html'>خبر</a></li>" * 90 + "</ul>"))
    else:
        await exchange.reply("", "302 Found", {"Location": "/"})


@fault("login-redirect")
async def _(exchange: Exchange) -> None:
    if exchange.path.startswith("/login"):
        await exchange.reply(_page("دخول المشتركين", "<form><input type=text><input type=password></form>"))
    else:
        await exchange.reply("", "302 Found", {"Location": "/login?next=/"})
