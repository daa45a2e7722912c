"""The command line: one clear sentence, a telling exit code, nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscrawl.cli.main import main
from newscrawl.spiders.registry import modules, publishers
from newscrawl.storage import read_articles
from tests.patience import PATIENCE
from tests.spiders.site import DUMP, QUICK, Answer, Seen, Site, crawl, start, story

FEED = 'feeds = ["http://paper.test/feed"]'
MAIN = [sys.executable, "-c", "from newscrawl.commands.main import main; main()"]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().served() as served:
        yield served


def newscrawl(*arguments: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "SCRAPY_SETTINGS_MODULE"} | more
    return subprocess.run(
        [*MAIN, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["youm77"], 2, "newscrawl: there is no source 'youm77'; did you mean youm7?"),
        (["qqqqqq"], 2, "newscrawl: there is no source 'qqqqqq'; newscrawl sources lists them"),
        ([], 2, "newscrawl: which source? newscrawl sources lists them, and all crawls every one"),
        (["youm7", "-a", "since=foo"], 2, "newscrawl: since='foo' is no date that can be understood: write "),
        (["youm7", "all"], 2, "newscrawl: all means every source: give it alone"),
        (["youm7", "-a", "limit=many"], 2, "newscrawl: limit='many' is no number of articles: "),
        (["youm7", "-a", "since=2999-01-01"], 2, "newscrawl: since='2999-01-01' lies in the future"),
        (["youm7", "-a", "urls=none.txt"], 2, "newscrawl: urls=none.txt: no such file or directory"),
        (["youm7", "-a", "urls=empty.txt"], 2, "newscrawl: urls=empty.txt: it holds no URLs"),
        (["youm7", "-a", "archive=."], 1, "newscrawl: no WARC file at ."),
        (["youm7", "-a", "archive=taken"], 1, "newscrawl: "),
        (["youm7"], 2, "newscrawl: CONTACT is not set: "),
        (["youm7", "-s", "CONTACT=you@example.org"], 2, "newscrawl: CONTACT=you@example.org is an example address: "),
        (["youm7", "-s", "CONTACT=desk"], 2, "newscrawl: CONTACT='desk' is no e-mail address and no http(s) address: "),
        (["youm7", "-s", "CONTACT=desk@paper.test", "-s", "DATA_DIR=/proc/x"], 1, "newscrawl: cannot write /proc/x: "),
        (["youm7", "masrawy", "-O", "two.jsonl", "-s", "CONTACT=desk@paper.test"], 2,
         "newscrawl: 2 sources cannot write one feed two.jsonl: put %(name)s into its name, as in two-%(name)s.jsonl"),
        (["youm7", "-s", "SOURCES_FILE=none.toml"], 2, "newscrawl: SOURCES_FILE: there is no file none.toml"),
        (["youm7", "-s", "WATCHES=none.toml"], 2, "newscrawl: WATCHES: there is no file none.toml"),
        (["youm7", "-s", "STATE_URL=nonsense"], 1, "newscrawl: STATE_URL is not a database URL such as "),
        (["youm7", "-s", "STATE_URL=mysql://a/b"], 1, "newscrawl: STATE_URL mysql://a/b is neither SQLite nor "),
        (["youm7", "-s", "ARTICLE_STORE=no.such.Store"], 2,
         "newscrawl: ARTICLE_STORE no.such.Store cannot be loaded: No module named 'no'"),
        (["youm7", "-O", "taken/x.jsonl"], 1, "newscrawl: cannot write "),
        (["youm7", "-o", "/proc/x.jsonl"], 1, "newscrawl: cannot write /proc: "),
        (["aldifaf"], 2, "newscrawl: aldifaf is a paper of the demo: newscrawl demo serves and crawls it"),
        (["youm7", "-s", "CONTACT=desk@paper.test", "-s", "DATA_DIR=taken"], 1, "newscrawl: cannot write "),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_one_sentence(
    arguments: list[str],
    code: int,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "empty.txt").write_text("# none yet\n\n")
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    monkeypatch.setattr(sys, "argv", ["newscrawl", "crawl", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1, told.err
    assert told.err.startswith(sentence)
    assert left.value.code == code


def test_the_project_is_at_hand_in_any_directory(tmp_path: Path) -> None:
    assert "independentarabia" in newscrawl("list", cwd=tmp_path).stdout.split()
    assert newscrawl("settings", "--get", "BOT_NAME", cwd=tmp_path).stdout.strip() == "newscrawl"
    shown = newscrawl(cwd=tmp_path).stdout
    assert all(f"\n  {name} " in shown for name in ("crawl", "sources", "extract", "shell"))


def test_sources_as_a_table_and_as_json(tmp_path: Path) -> None:
    table = newscrawl("sources", cwd=tmp_path).stdout
    assert "independentarabia" in table
    assert "اندبندنت عربية" in table
    rows = {row["source"]: row for row in json.loads(newscrawl("sources", "--json", cwd=tmp_path).stdout)}
    row = rows["independentarabia"]
    assert (row["publisher_en"], row["country"], row["timezone"]) == ("Independent Arabia", "SA", "Asia/Riyadh")
    assert "https://www.independentarabia.com/rss.xml" in row["feeds"]
    assert {name for name, row in rows.items() if row["demo"]} == {"aldifaf", "almarfa", "alwaha"}
    marked = [line.split()[0] for line in table.splitlines() if line.rstrip().endswith("the demo's")]
    assert marked == ["aldifaf", "almarfa", "alwaha"]


def test_a_narrow_terminal_never_cuts_a_source(tmp_path: Path) -> None:
    first_words = {
        line.split()[0] for line in newscrawl("sources", cwd=tmp_path, COLUMNS="40").stdout.splitlines() if line.strip()
    }
    assert set(publishers()) <= first_words


def test_no_network(tmp_path: Path) -> None:
    with Site().served() as site:
        pass  # its port answers no more
    run = crawl(site, tmp_path, attributes=FEED)
    assert run.code == 1
    assert run.sentence.startswith("newscrawl: paper: none of its 1 listings could be had (")
    assert run.sentence.endswith("is there a network?")


def test_no_network_for_urls_that_were_given(tmp_path: Path) -> None:
    with Site().served() as site:
        pass
    (tmp_path / "urls.txt").write_text("http://paper.test/story/1\nhttp://paper.test/story/2\n")
    run = crawl(site, tmp_path, "-a", "urls=urls.txt", attributes=FEED)
    assert run.code == 1
    assert run.sentence.startswith("newscrawl: paper: none of 2 articles could be had (")
    assert run.sentence.endswith("is there a network?")


def test_a_reader_that_goes_away_ends_no_crawl(site: Site, tmp_path: Path) -> None:
    """As `newscrawl crawl ... 2>&1 | head` does: nobody reads what the crawl says, and it ends all the same."""
    numbers = list(range(1, 9))
    for number in numbers:
        site.article(number)
    site.feed(numbers)
    with start(site, tmp_path, attributes=FEED) as running:
        assert running.stderr is not None
        assert running.stdout is not None
        running.stderr.readline()
        running.stderr.close()
        running.stdout.close()
        try:
            running.wait(PATIENCE)
        finally:
            running.kill()
    assert len(list(read_articles(sorted((tmp_path / "data" / "articles").rglob("*.jsonl"))))) == len(numbers)
    assert not list((tmp_path / "data").rglob("*.part"))


def test_a_site_without_links_is_unhealthy(site: Site, tmp_path: Path) -> None:
    site.page("/feed", "<html><body>صيانة</body></html>")
    run = crawl(site, tmp_path, attributes=FEED)
    assert (run.code, run.sentence) == (
        3,
        "newscrawl: paper: its 1 listings hold no article links; has the site been redesigned?",
    )


def test_two_runs_of_one_source_do_not_meet(site: Site, tmp_path: Path) -> None:
    def slow(_: object) -> Answer:
        time.sleep(0.2)
        return Answer(story(len(site.seen)).encode())

    for number in range(1, 1500):
        site.pages[f"/story/{number}"] = slow
    site.feed(list(range(1, 1500)))
    # The first run writes the spider's file that the second one also uses.
    crawl(site, tmp_path, "-a", "limit=1", attributes=FEED)
    settings = [part for value in (*QUICK, "SPIDER_MODULES=paper_spiders") for part in ("-s", value)]
    arguments = ["crawl", "paper", *settings]
    environment = {**os.environ, "http_proxy": site.url, "no_proxy": "", "PYTHONPATH": str(tmp_path)}
    with subprocess.Popen(
        [*MAIN, *arguments], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
    ) as first:
        before = len(site.paths("/story"))
        while len(site.paths("/story")) < before + 3:
            assert first.poll() is None
            time.sleep(0.05)
        second = crawl(site, tmp_path, attributes=FEED)
        assert second.code == 1
        assert "paper" in second.sentence

        first.send_signal(signal.SIGINT)
        _, stderr = first.communicate(timeout=PATIENCE)
    assert first.returncode == 1
    last = stderr.splitlines()[-1]
    assert last == "newscrawl: paper: stopped before the end; what was stored is safe, and the next run goes on"
    articles = list(read_articles(sorted((tmp_path / "data" / "articles").rglob("*.jsonl"))))
    assert len(articles) >= 3
    assert not list(tmp_path.rglob("*.part"))


def test_several_sources_at_once(site: Site, tmp_path: Path) -> None:
    site.article(1)
    site.feed([1])
    other = FEED + "\n\n"
    crawl(site, tmp_path, attributes=other)
    path = tmp_path / "paper_spiders.py"
    text = path.read_text(encoding="utf-8").replace("class Paper(", "class Journal(").replace('"paper"', '"journal"')
    (tmp_path / "journal_spiders.py").write_text(text, encoding="utf-8")
    for names in (["paper", "journal", "paper"], ["all"]):
        run = crawl(site, tmp_path, *names, "-s", "SPIDER_MODULES=paper_spiders,journal_spiders", attributes=other)
        assert run.code == 0, run.stderr
        assert "stored" in run.stderr
    assert (tmp_path / "data" / "articles" / "source=journal").is_dir()


FOREIGN = {
    "scrapy.cfg": "[settings]\ndefault = theirs.settings\n",
    "theirs/__init__.py": "",
    "theirs/settings.py": (
        'BOT_NAME = "theirs"\nSPIDER_MODULES = ["theirs.spiders"]\n'
        'ADDONS = {"newscrawl.addon.NewscrawlAddon": 500}\nDOWNLOAD_DELAY = 0\nDOWNLOAD_TIMEOUT = 7\n'
    ),
    "theirs/spiders.py": (
        "from scrapy import Spider\n\n\nclass Plain(Spider):\n"
        '    name = "plain"\n    start_urls = ["http://paper.test/story/1"]\n\n'
        "    def parse(self, response):\n"
        '        yield {"title": response.css("h1::text").get(), "timeout": self.settings.getint("DOWNLOAD_TIMEOUT"),\n'
        '               "telnet": self.settings.getbool("TELNETCONSOLE_ENABLED")}\n'
    ),
}


def test_one_line_gives_any_project_all_of_it(site: Site, tmp_path: Path) -> None:
    for name, text in FOREIGN.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    site.article(1, "عنوان")
    environment = {key: value for key, value in os.environ.items() if key != "SCRAPY_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "plain", "-O", "out.jsonl"],
        cwd=tmp_path,
        env={**environment, "http_proxy": site.url, "no_proxy": ""},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # Their settings win, ours fill the rest, and items that are no articles pass.
    line = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert json.loads(line) == {"title": "عنوان", "timeout": 7, "telnet": False}
    assert "عنوان" in line
    assert site.seen[0].path == "/robots.txt"


@pytest.mark.parametrize(
    ("count", "files", "settings"),
    [
        pytest.param(30, 150, ("SOURCES_AT_ONCE=8", "NEAR_DUPLICATES=off"), id="30"),
        pytest.param(400, 1024, (), id="400", marks=pytest.mark.slow),
    ],
)
def test_more_sources_than_the_process_may_open_files_for(
    site: Site, tmp_path: Path, count: int, files: int, settings: tuple[str, ...]
) -> None:
    """Thirty sources under a limit of 150 files: side by side they would hold some 200; and what a process may usually
    open, for 400 sources."""
    names = [f"p{number}" for number in range(count)]
    lines = [
        "from newscrawl.extraction.source import Publisher",
        "from newscrawl.spiders.news import NewsSpider",
    ]
    for number, name in enumerate(names):
        lines += [
            f"class P{number}(NewsSpider):",
            f"    name, publisher = {name!r}, Publisher('صحيفة', 'Paper', country='EG', timezone='Africa/Cairo')",
            "    allowed_domains, article_url = ['paper.test'], r'/story/(?P<id>\\d+)'",
            "    feeds = ['http://paper.test/feed']",
        ]
    (tmp_path / "many_papers.py").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "paper_stats.py").write_text(DUMP, encoding="utf-8")
    site.article(1)
    site.feed([1])
    given = [part for value in (*QUICK, "SPIDER_MODULES=many_papers", *settings) for part in ("-s", value)]
    few = ["bash", "-c", f'ulimit -n {files}; exec "$@"', "few", *MAIN, "crawl", *names, *given]
    environment = {**os.environ, "http_proxy": site.url, "no_proxy": "", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(few, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert len(list((tmp_path / "data" / "articles").rglob("*.jsonl"))) == len(names)
    # The last that stopped has the peak of the whole process.
    assert json.loads((tmp_path / "stats.json").read_text())["peak"] < 600 << 10


@pytest.mark.slow
def test_all_sources_of_a_catalogue_in_one_process(site: Site, tmp_path: Path) -> None:
    """`crawl all` with as many sources as there are publishers, declared in TOML, each with a host and stories of its
    own."""
    names = [f"p{number}" for number in range(len(modules()))]
    tables = [
        f"[{name}]\npublisher = {{ name = 'صحيفة', name_en = 'Paper', country = 'EG', timezone = 'Africa/Cairo' }}\n"
        f"allowed_domains = ['{name}.test']\narticle_url = '/story/(?P<id>\\d+)'\nfeeds = ['http://{name}.test/feed']\n"
        for name in names
    ]
    (tmp_path / "sources.toml").write_text("\n".join(tables), encoding="utf-8")
    (tmp_path / "none.py").touch()
    (tmp_path / "paper_stats.py").write_text(DUMP, encoding="utf-8")
    stories = range(1, 21)

    def told(seen: Seen) -> Answer:
        first = 100 * int(seen.headers["Host"].split(".")[0][1:])
        if seen.path == "/feed":
            items = "".join(f"<item><link>/story/{first + n}</link></item>" for n in stories)
            return Answer(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
        return Answer(story(int(seen.path.rpartition("/")[2])).encode())

    site.pages["/feed"] = told
    site.pages |= {f"/story/{100 * source + n}": told for source in range(len(names)) for n in stories}
    given = [part for value in (*QUICK, "SPIDER_MODULES=none") for part in ("-s", value)]
    environment = {**os.environ, "http_proxy": site.url, "no_proxy": "", "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [*MAIN, "crawl", "all", *given], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr[-2000:]
    files = sorted((tmp_path / "data" / "articles").rglob("*.jsonl"))
    assert len(files) == len(names)
    assert sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files) == len(names) * len(stories)
    peak = json.loads((tmp_path / "stats.json").read_text())["peak"]
    assert peak < 400 << 10, f"{peak >> 10} MiB"
