"""Messages that arrive: at a server on loopback, through apprise, from real crawls."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newscrawl.cli.main import main
from newscrawl.monitoring.messages import MOST_AT_ONCE, _send_matches
from newscrawl.monitoring.notify import addresses_of, ping, send
from newscrawl.monitoring.watches import Watch
from newscrawl.program import lacks
from tests.browse.stored import record
from tests.monitoring.hook import Hook
from tests.patience import PATIENCE
from tests.spiders.site import Run, Site, crawl

pytest.importorskip("apprise")

LOOPBACK = "127.0.0.1"
FEED = 'feeds = ["http://paper.test/feed"]'


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    monkeypatch.setenv("no_proxy", LOOPBACK)
    with Hook().served() as served:
        yield served


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().served() as served:
        yield served


def told(hook: Hook) -> list[dict[str, Any]]:
    """The messages that came through apprise."""
    return [json.loads(body) for path, body in hook.posts if path.startswith("/alerts")]


def pings(hook: Hook) -> list[tuple[str, str]]:
    return [(path, body) for path, body in hook.posts if path.startswith("/ping")]


def secrets_in(*texts: str) -> list[str]:
    return [secret for secret in ("s3cret", "t0ken") for text in texts if secret in text]


def test_a_crawl_tells_of_a_source_that_turns_unhealthy_and_recovers(hook: Hook, site: Site, tmp_path: Path) -> None:
    words = ["-s", f"ALERTS={hook.address}", "-s", f"PING_URL={hook.url}", "-s", "LOG_LEVEL=DEBUG"]

    def once() -> Run:
        hook.posts.clear()
        return crawl(site, tmp_path, *words, attributes=FEED, no_proxy=LOOPBACK)

    site.page("/feed", "<html><body>صيانة</body></html>")
    run = once()
    sentence = "its 1 listings hold no article links; has the site been redesigned?"
    (message,) = told(hook)
    assert (message["title"], message["message"]) == ("newscrawl: 1 source unwell", f"paper: {sentence}")
    # The run itself went well: a dead man's switch asks for no more.
    assert pings(hook) == [("/ping/t0ken", f"paper: {sentence}")]
    assert run.code == 3
    assert secrets_in(run.stderr, run.stdout) == []
    run = once()
    assert (run.code, told(hook), len(pings(hook))) == (3, [], 1)
    site.article(1)
    site.feed([1])
    run = once()
    assert run.code == 0
    assert [message["title"] for message in told(hook)] == ["newscrawl: 1 source well again"]
    assert pings(hook) == [("/ping/t0ken", "")]


def test_a_crawl_that_fails_is_told_to_both(hook: Hook, tmp_path: Path) -> None:
    with Site().served() as site:
        pass  # its port answers no more
    run = crawl(
        site, tmp_path, "-s", f"ALERTS={hook.address}", "-s", f"PING_URL={hook.url}", attributes=FEED, no_proxy=LOOPBACK
    )
    assert run.code == 1
    (message,) = told(hook)
    assert message["message"].startswith("paper: none of its 1 listings could be had")
    ((path, body),) = pings(hook)
    assert path == "/ping/t0ken/fail"
    assert body.startswith("paper: none of its 1 listings could be had")


def test_who_does_not_listen_breaks_nothing(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", LOOPBACK)
    with Hook().served() as hook:
        pass  # its port answers no more
    site.page("/feed", "<html><body>صيانة</body></html>")
    words = ["-s", f"ALERTS={hook.address},t0ken", "-s", f"PING_URL={hook.url}"]
    run = crawl(site, tmp_path, *words, attributes=FEED, no_proxy=LOOPBACK)
    said = [line for line in run.stderr.splitlines() if line.startswith("newscrawl: ")]
    assert run.code == 3
    assert said[1:] == [
        "newscrawl: the alert to address 1 (json://) was not sent: it was refused, or nobody answers",
        "newscrawl: the alert to address 2 was not sent: apprise does not understand it",
        "newscrawl: PING_URL was not told: [Errno 111] Connection refused",
    ]
    assert secrets_in(run.stderr) == []


def test_a_watch_tells_its_own_addresses(hook: Hook, site: Site, tmp_path: Path) -> None:
    site.article(1, "موسم الزيتون يبدأ")
    site.article(2, "أخبار أخرى من المدينة")
    site.article(3, "زيت الزيتون أغلى")
    site.feed([1, 2, 3])
    (tmp_path / "watches.toml").write_text(
        f'[olives]\nwords = "زيتون"\nalerts = ["{hook.address}"]\n'
        f'[market]\nwords = "زيتون"\nalerts = ["{hook.address}"]\ndigest = true\n[silent]\nwords = "زيتون"\n',
        "utf-8",
    )
    run = crawl(site, tmp_path, "-s", "LOG_LEVEL=DEBUG", attributes=FEED, no_proxy=LOOPBACK)
    assert run.code == 0, run.stderr
    assert sorted(message["title"] for message in told(hook)) == [
        "market: 2 articles",
        "olives: زيت الزيتون أغلى",
        "olives: موسم الزيتون يبدأ",
    ]
    assert all("http://paper.test/story/" in message["message"] for message in told(hook))
    assert secrets_in(run.stderr) == []
    hook.posts.clear()
    assert crawl(site, tmp_path, attributes=FEED, no_proxy=LOOPBACK).code == 0
    assert hook.posts == []


def test_many_articles_of_a_watch_are_not_many_messages(hook: Hook) -> None:
    watch = Watch.of("olives", {"words": "زيتون", "alerts": [hook.address]})
    assert _send_matches(watch, [record(n) for n in range(MOST_AT_ONCE + 60)]) == []
    titles = [message["title"] for message in told(hook)]
    assert MOST_AT_ONCE == 10
    assert len(titles) == MOST_AT_ONCE + 1
    assert titles[-1] == "olives: 60 more articles"
    assert told(hook)[-1]["message"].endswith("and 10 more, which stand in the watch's feed")


def test_a_refusal_is_one_sentence(hook: Hook) -> None:
    hook.status = 500
    assert send([hook.address], "t", "x") == [
        "the alert to address 1 (json://) was not sent: it was refused, or nobody answers"
    ]
    assert ping(hook.url, failed=False, text="") == "PING_URL was not told: HTTP 500"


def test_senders_log_no_address(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    hook.status = 403
    send([hook.address, "slack://t0ken", "mailto://s3cret"], "t", "x")
    assert secrets_in(caplog.text) == []


def test_without_apprise_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert send(["json://a", "json://b"], "t", "x") == [lacks("alerts need apprise", "alerts")]


def test_addresses_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "who"
    path.write_text("# desk\njson://a\n\n  json://b, c \n", "utf-8")
    assert addresses_of([f"@{path}", "json://d"]) == ["json://a", "json://b, c", "json://d"]


def newscrawl(cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from newscrawl.cli.main import main; main()", *words]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False, env=os.environ
    )


def test_the_command_sends_a_test(hook: Hook, tmp_path: Path) -> None:
    (tmp_path / "who").write_text(hook.address, "utf-8")
    done = newscrawl(tmp_path, "alerts", "test", "-s", "ALERTS=@who", "-s", f"PING_URL={hook.url}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "2 of 2 told\n", "")
    assert [message["title"] for message in told(hook)] == ["newscrawl: a test"]
    assert [path for path, _ in pings(hook)] == ["/ping/t0ken"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["test"], 2, "nobody is to be told: neither ALERTS nor PING_URL is set"),
        (["send", "-s", "PING_URL=http://127.0.0.1:9"], 2, "nobody is to be told: ALERTS is not set"),
        (["test", "-s", "ALERTS=@nobody"], 1, "cannot read nobody: no such file or directory"),
        (["test", "-s", "ALERTS=t0ken"], 1, "the alert to address 1 was not sent: apprise does not understand it"),
        (["test", "-s", "PING_URL=s3cret"], 2,
         "PING_URL is not one that can be used; expected: an address that begins with http:// or https://, or empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_said(
    words: list[str],
    code: int,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    monkeypatch.setattr(sys, "argv", ["newscrawl", "alerts", *words])
    with pytest.raises(SystemExit) as left:
        main()
    assert (left.value.code, capsys.readouterr().err) == (code, f"newscrawl: {sentence}\n")
