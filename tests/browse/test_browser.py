"""The reader in a real browser: what only a browser knows of a page."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newscrawl.browse.report_page import write_report
from newscrawl.monitoring.runs import read_runs
from tests.browse.serving import serving

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: no page is seen by a browser"
)
CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no page is seen by a browser: chromium is missing"),
]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
WIDE, TELEPHONE = {"width": 1060, "height": 720}, {"width": 390, "height": 844}
#: A directory to keep the pictures in: NEWSCRAWL_PICTURES=docs/pictures pytest tests/browse/test_browser.py -k pictures
PICTURES = os.environ.get("NEWSCRAWL_PICTURES")

# The contrast of every visible text with what lies behind it (WCAG 2.2, 1.4.3); those below 4.5 are given back.
_CONTRAST = """() => {
  const channels = c => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = c => { const [r, g, b] = channels(c).slice(0, 3).map(v => { v /= 255;
    return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
    if (channels(c)[3] > 0) return c; } return 'white'; };
  const weak = [];
  for (const e of document.querySelectorAll('body *')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    if (!e.checkVisibility() || e.closest('svg')) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(behind(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) weak.push([e.tagName, e.className, e.textContent.trim().slice(0, 20), ratio.toFixed(2)]);
  }
  return weak; }"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def root(demo: Path) -> Iterator[str]:
    with serving(demo) as asked:
        yield f"http://127.0.0.1:{asked.port}"


class Watched:
    """A page that notes what the browser complains of and what it asks whom."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": WIDE, **options})
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))


@pytest.fixture
def seen(browser: Any) -> Iterator[Watched]:
    watched = Watched(browser)
    yield watched
    watched.context.close()


@pytest.fixture(scope="module")
def paths(demo: Path) -> dict[str, str]:
    """A page of each kind."""
    records = [json.loads(line) for path in demo.rglob("articles/**/*.jsonl") for line in path.open("rb")]
    changed = next(each["id"] for each in records if each["version"] == 2)
    copy = next(each["id"] for each in records if each["duplicate_of"])
    return {
        "search": "/?q=مدرسة",
        "article": f"/article/{changed}",
        "cluster": f"/article/{copy}",
        "sources": "/sources",
        "source": "/source/aldifaf",
        "trends": "/trends?q=زيتون، مطر، مدرسة",
        "card": "/card",
    }


def test_search_open_filter_and_what_changed(seen: Watched, root: str, paths: dict[str, str]) -> None:
    page = seen.page
    page.goto(f"{root}/")
    page.keyboard.type("المدرسه")  # the search has the focus
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=*")
    assert page.locator("mark").count() >= 1
    assert page.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"
    total = page.locator(".hit").count()
    page.locator(".facet a").first.click()
    page.wait_for_url("**source=*")
    assert 1 <= page.locator(".hit").count() <= total
    assert len(set(page.locator(".hit .paper").all_text_contents())) == 1
    title = page.locator(".hit h2").first.text_content()
    page.locator(".hit h2 a").first.click()
    page.wait_for_url("**/article/*")
    assert page.locator("h1").text_content() == title
    page.goto(root + paths["article"])
    ground = page.locator(".changes ins").first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert ground not in ("rgba(0, 0, 0, 0)", page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor"))
    page.locator(".tabs a").first.click()
    page.wait_for_url("**version=1*")
    assert page.locator(".changes").count() == 0
    assert seen.complaints == []
    assert {url.split("/", 3)[2] for url in seen.asked} == {root.split("/", 3)[2]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_is_readable_and_asks_nobody_else(
    browser: Any, root: str, paths: dict[str, str], language: str, scheme: str
) -> None:
    watched = Watched(browser, color_scheme=scheme)
    for path in ("/", *paths.values()):
        watched.page.goto(root + path + (("&" if "?" in path else "?") + "lang=en" if language == "en" else ""))
        watched.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert watched.page.evaluate(_CONTRAST) == [], path
        wanted = "rtl" if language == "ar" else "ltr"
        assert watched.page.evaluate("getComputedStyle(document.body).direction") == wanted
    assert watched.complaints == []
    assert all(url.startswith(root) for url in watched.asked)
    watched.context.close()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_nothing_is_wider_than_a_telephone(browser: Any, root: str, paths: dict[str, str], language: str) -> None:
    watched = Watched(browser, viewport=TELEPHONE, device_scale_factor=2, is_mobile=True)
    for path in ("/", *paths.values()):
        watched.page.goto(root + path + (("&" if "?" in path else "?") + "lang=en" if language == "en" else ""))
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"], path
    watched.context.close()


def test_the_keyboard_goes_everywhere_and_shows_where(seen: Watched, root: str, paths: dict[str, str]) -> None:
    page = seen.page
    page.goto(root + paths["search"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash === '#content'")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('.hit') ? 'hit' : document.activeElement.tagName"))
        shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert shown != "none"
        if reached[-1] == "hit":
            break
    assert reached[-1] == "hit"
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/*")


def test_the_report_needs_nothing_but_itself(seen: Watched, demo: Path, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    file = tmp_path / "report.html"
    write_report(demo, read_runs(demo), file, now=datetime.now(UTC))
    seen.page.goto(file.as_uri())
    assert seen.page.locator(".sources tbody tr").count() == 3
    assert seen.page.evaluate(_CONTRAST) == []
    assert seen.complaints == []
    assert seen.asked == [file.as_uri()]


def test_pictures(browser: Any, root: str, demo: Path, paths: dict[str, str], tmp_path: Path) -> None:
    """Takes them; with NEWSCRAWL_PICTURES they are kept for the documentation."""
    directory = Path(PICTURES) if PICTURES else tmp_path
    directory.mkdir(parents=True, exist_ok=True)
    english = {"lang": "en"}
    taken: list[tuple[str, str, dict[str, Any]]] = [(name, path, {}) for name, path in paths.items()]
    taken += [(f"{name}-en", paths[name], english) for name in ("search", "article", "sources", "trends", "card")]
    taken += [(f"{name}-telephone", paths[name], {"viewport": TELEPHONE}) for name in ("search", "article", "sources")]
    taken.append(("search-dark", paths["search"], {"color_scheme": "dark"}))
    taken.append(("report", (demo / "report.html").as_uri(), {}))
    for name, path, options in taken:
        language = options.get("lang", "ar")
        watched = Watched(browser, **{key: value for key, value in options.items() if key != "lang"})
        address = path if path.startswith("file:") else root + path
        watched.page.goto(address + (("&" if "?" in path else "?") + "lang=en" if language == "en" else ""))
        if name.startswith("cluster"):
            watched.page.locator("#cluster").scroll_into_view_if_needed()
        file = directory / f"reader-{name}.png"
        watched.page.screenshot(path=file)
        watched.context.close()
        assert 5_000 < file.stat().st_size < 150_000, name
