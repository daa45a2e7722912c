"""The tutorials: what they show to be typed is typed, in their order; and the site has every page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.spiders.site import Site, story

ROOT = Path(__file__).parents[2]
TUTORIALS = ROOT / "docs" / "tutorials"


def blocks(name: str) -> list[tuple[str, str, str]]:
    """The fenced blocks of a tutorial that are meant to be run: language, title, text."""
    text = (TUTORIALS / f"{name}.md").read_text("utf-8")
    found = re.findall(r'^```(\w+)(?: title="(.+?)")?\n(.*?)^```$', text, re.MULTILINE | re.DOTALL)
    return [block for block in found if block[0] != "text"]


def run(command: list[str], cwd: Path, **more: str) -> str:
    """What a command printed; it must exit with 0."""
    kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy") and k != "SCRAPY_SETTINGS_MODULE"}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    environment = {**kept, "PATH": path, "PYTHONUTF8": "1", **more}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_for_analysts(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    pytest.importorskip("pandas")
    run(["newscrawl", "demo"], tmp_path)  # what make crawl does
    printed = []
    for language, _, text in blocks("analysts"):
        command = ["bash", "-euc", text] if language == "sh" else [sys.executable, "-c", text]
        printed.append(run(command, tmp_path))
    assert "this run: 0 new, 1 changed" in printed[0]
    sql, words, _, frame = printed[2:]
    lines = (tmp_path / "data" / "demo" / "articles").rglob("*.jsonl")
    ids = {json.loads(line)["id"] for file in lines for line in file.open("rb")}
    counts = re.findall(r"│ (?:aldifaf|almarfa|alwaha) +│ +(\d+) │", sql)
    assert sum(map(int, counts)) == len(ids)
    assert re.search(r"'\w+': [1-9]", words)
    assert "aldifaf" in frame


@pytest.mark.slow
def test_for_scrapy_users(tmp_path: Path) -> None:
    site = Site()
    for number in (1, 2):
        page = story(number, f"العنوان {number}").replace("<h1>", '<p class="kicker"> زراعة </p><h1>')
        site.page(f"/story/{number}", page)
    links = "".join(f"<item><link>http://www.almithal.test/story/{n}</link></item>" for n in (1, 2))
    site.xml("/feed", f'<rss version="2.0"><channel><title>المثال</title>{links}</channel></rss>')

    (tmp_path / "papers" / "spiders").mkdir(parents=True)
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = papers.settings\n")
    for directory in ("papers", "papers/spiders"):
        (tmp_path / directory / "__init__.py").touch()
    shown = blocks("scrapy")
    for _, title, text in shown:
        if title:
            (tmp_path / title).write_text(text.replace("https://", "http://"), "utf-8")
    with (tmp_path / "papers" / "settings.py").open("a") as settings:
        settings.write("DOWNLOAD_DELAY = 0\nAUTOTHROTTLE_ENABLED = False\nGUARD_ALLOW_LOOPBACK = True\n")
    with site.served():
        for spider in ("almithal", "almithal_rules", "almithal_kicker"):
            run(["scrapy", "crawl", spider], tmp_path, http_proxy=site.url)
    records = [json.loads(line) for file in tmp_path.glob("data/articles/*/*/*.jsonl") for line in file.open("rb")]
    assert sorted(record["title"] for record in records) == sorted(["العنوان 1", "العنوان 2"] * 3)
    assert {record.get("kicker") for record in records} == {None, "زراعة"}
    (last,) = [text for _, title, text in shown if not title]
    assert run([sys.executable, "-c", last], tmp_path).startswith("افتتاح جسر جديد في المدينة ")


def test_every_page_is_in_the_sites_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text("utf-8").split("\nnav:\n")[1]
    pages = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
    assert sorted(page for page in pages if not re.search(rf"[:-] {re.escape(page)}$", menu, re.MULTILINE)) == []


def test_links_of_the_tutorials_lead_somewhere() -> None:
    for page in TUTORIALS.glob("*.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).is_file(), target


@pytest.mark.slow
def test_the_site_asks_no_other_host(tmp_path: Path) -> None:
    run([sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)], ROOT)
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 20
    loads = re.compile(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=[\"']?(https?:[^\"' >]+)")
    assert [(page.name, found) for page in pages for found in loads.findall(page.read_text("utf-8"))] == []
    assert not re.search(r"https?://(?!www\.w3\.org)", (tmp_path / "site.css").read_text())
