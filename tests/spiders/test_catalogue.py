"""The list of publishers: lazily loaded, and current wherever it is written down."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from scrapy.settings import Settings

from newscrawl.monitoring.runs import Run
from newscrawl.spiders import registry
from newscrawl.spiders.catalogue import further_feeds, markdown, opml, remarks, row, with_crawls
from newscrawl.spiders.loader import Loader
from newscrawl.spiders.registry import domain_rows, is_demo, modules, publishers, source_of
from newscrawl.storage import StorageError
from newscrawl.storage.site_rules import SiteRule
from newscrawl.tables import read_table
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
ROWS = [row(spider) for spider in publishers().values()]


def newscrawl(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the console script."""
    script = Path(sys.executable).parent / "newscrawl"
    return subprocess.run([script, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=ROOT)


def test_the_table_of_domains_is_current() -> None:
    held = list(read_table("newscrawl.spiders", "domains.tsv"))
    assert held == list(domain_rows()), "newscrawl sources --domains > newscrawl/spiders/tables/domains.tsv"


def test_the_page_is_current() -> None:
    held = (ROOT / "docs" / "publishers.md").read_text("utf-8")
    assert held == markdown(ROWS), "newscrawl sources --markdown > docs/publishers.md"
    assert not any(each["source"] in held for each in ROWS if each["demo"])
    assert all(f"| {each['source']} |" in held for each in ROWS if not each["demo"])


def test_one_page_imports_one_publisher() -> None:
    code = """if True:
        import sys
        from newscrawl.spiders.registry import source_of
        assert source_of("https://m.youm7.com/story/2026/8/27/x/7527091").name == "youm7"
        assert source_of("https://nobody.test/") is None
        print(*[name for name in sys.modules if name.startswith("newscrawl.spiders.") and name.count(".") == 3])
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout.split() == ["newscrawl.spiders.eg.youm7"]


def test_the_loader_imports_only_what_it_is_asked_for() -> None:
    code = """if True:
        import sys
        from scrapy.settings import Settings
        from newscrawl.spiders.loader import Loader
        loader = Loader(Settings({"SPIDER_MODULES": ["newscrawl.spiders"]}))
        assert loader.load("okaz").name == "okaz"
        assert len(loader.list()) > 120
        print(*[name for name in sys.modules if name.startswith("newscrawl.spiders.") and name.count(".") == 3])
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout.split() == ["newscrawl.spiders.sa.okaz"]


def test_the_loader_lists_and_finds_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "papers_of_mine.py").write_text(
        "from newscrawl.spiders.eg.youm7 import Youm7 as Theirs\n"
        "class Mine(Theirs):\n    name = 'mine'\n"
        "class Own(Theirs):\n    name = 'okaz'\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    loader = Loader(Settings({"SPIDER_MODULES": ["newscrawl.spiders", "papers_of_mine"]}))
    assert set(loader.list()) == {*modules(), "mine"}
    assert len(loader.list()) == len(set(loader.list()))
    assert loader.load("okaz").__name__ == "Own"
    with pytest.raises(KeyError):
        loader.load("nobody")
    alone = Loader(Settings({"SPIDER_MODULES": ["papers_of_mine"]}))
    assert set(alone.list()) == {"mine", "okaz"}


def test_a_file_that_the_table_does_not_know_is_found_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [line for line in read_table("newscrawl.spiders", "domains.tsv") if not line.endswith("\tokaz")]
    monkeypatch.setattr(registry, "read_table", lambda *_: iter(rows))
    registry._by_domain.cache_clear()
    try:
        found = source_of("https://www.okaz.com.sa/local/na/2242021")
        assert found is not None
        assert found.name == "okaz"
    finally:
        registry._by_domain.cache_clear()


def test_feeds_as_opml() -> None:
    outlines = ET.fromstring(opml(ROWS)).iter("outline")
    feeds = [outline.get("xmlUrl") for outline in outlines if outline.get("type") == "rss"]
    assert sorted(map(str, feeds)) == sorted(feed for each in ROWS for feed in each["feeds"])
    more = [outline for outline in ET.fromstring(further_feeds()).iter("outline") if outline.get("type") == "rss"]
    assert len(more) == 166
    assert all(str(outline.get("xmlUrl")).startswith("http") and outline.get("text") for outline in more)
    declared = set(feeds)
    assert not [outline.get("xmlUrl") for outline in more if outline.get("xmlUrl") in declared]


@pytest.mark.parametrize("arguments", [["--country", "EG"], ["--country", "eg", "--json"]], ids=" ".join)
def test_one_country(arguments: list[str]) -> None:
    done = newscrawl("sources", *arguments)
    assert done.returncode == 0, done.stderr
    egyptian = {name for name, spider in publishers().items() if spider.publisher.country == "EG"}
    if "--json" in arguments:
        assert {each["source"] for each in json.loads(done.stdout)} == egyptian
    else:
        assert egyptian <= set(done.stdout.split())
        assert "okaz" not in done.stdout
        assert "youm7: section feeds were empty" in done.stdout


def test_mistakes_are_told_in_one_sentence() -> None:
    unknown = newscrawl("sources", "--country", "XX")
    assert unknown.returncode == 2
    assert unknown.stderr.splitlines()[-1].startswith("newscrawl: --country 'XX': there are publishers of AE")
    both = newscrawl("sources", "--json", "--opml")
    assert both.returncode == 2
    assert "not allowed with" in both.stderr


def test_the_demo_is_no_publisher() -> None:
    assert {each["source"] for each in ROWS if each["demo"]} == {
        name for name, spider in publishers().items() if is_demo(spider)
    }


def test_sites_that_were_met_are_listed_with_what_is_guessed_and_reserved(tmp_path: Path) -> None:
    rule = SiteRule("almithal_jo", r"//almithal\.jo/(?P<id>\d+)", ["almithal.jo"], "https://www.almithal.jo/")
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "almithal_jo.json").write_text(rule.to_json(), "utf-8")
    (tmp_path / "runs").mkdir()
    for hour, reserved in ((8, {"tdm-reservation": 3}), (9, {"robots-ai": 2, "ai-train=no": 1})):
        started = f"2026-11-29T0{hour}:00:00+00:00"
        Run(
            run=f"r{hour}", source="almithal_jo", started_at=started, seconds=1, finish_reason="finished",
            reserved=reserved,
        ).write(tmp_path)  # fmt: skip
    rows = with_crawls(ROWS, tmp_path)
    (site,) = [each for each in rows if not each["declared"]]
    assert (site["source"], site["domains"], site["country"]) == ("almithal_jo", ["almithal.jo"], "JO")
    assert (site["timezone"], site["zone_is_known"]) == ("Asia/Amman", False)
    assert site["reserves"] == ["ai-train=no", "robots-ai"]
    assert remarks(site) == ("crawled by its address; its zone is a guess: Asia/Amman; reserves ai-train=no, robots-ai")
    # One that was declared since is the publisher's.
    (one, *others) = ROWS
    assert len(with_crawls([{**one, "formerly": ["almithal_jo"]}, *others], tmp_path)) == len(ROWS)
    (tmp_path / "sites" / "almithal_jo.json").write_text("{", "utf-8")
    with pytest.raises(StorageError, match="holds no rule of a site"):
        with_crawls(ROWS, tmp_path)


def test_without_a_crawl_there_is_nothing_to_add(tmp_path: Path) -> None:
    assert with_crawls(ROWS, tmp_path / "nowhere") == ROWS
