"""newscrawl watch: what it shows, and what it refuses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.browse.stored import record, store

Scrapy = Callable[..., "subprocess.CompletedProcess[str]"]


def test_a_new_watch_is_asked_of_what_is_stored(scrapy: Scrapy, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    store(tmp_path / "data", "new", [record(1, title="زيت الزيتون"), record(2)], day=str(today))
    store(tmp_path / "data", "later", [record(3, title="الزيتون", version=2)], day=str(today))
    store(tmp_path / "data", "old", [record(4, title="وبالزيتون")], day=str(today - timedelta(days=9)))
    (tmp_path / "watches.toml").write_text('[olives]\nwords = "زيتون"\n[rain]\nwords = "مطر"\n', "utf-8")
    done = scrapy("watch")
    assert done.returncode == 0, done.stderr
    assert "olives: 1 articles" in done.stdout
    assert "rain: 0 articles" in done.stdout
    done = scrapy("watch", "olives", "--since", str(today - timedelta(days=10)), "--json")
    assert {each["id"][-1] for each in json.loads(done.stdout)["olives"]} == {"1", "4"}
    feed = json.loads((tmp_path / "data" / "watches" / "olives.json").read_bytes())
    assert {item["title"] for item in feed["items"]} == {"زيت الزيتون", "وبالزيتون"}


def test_what_is_wrong_is_one_sentence(scrapy: Scrapy, tmp_path: Path) -> None:
    assert "there are no watches; watches.toml would hold them" in scrapy("watch").stderr
    (tmp_path / "watches.toml").write_text('[olives]\nword = "زيتون"\n', "utf-8")
    for command in (("watch",), ("demo",), ("crawl", "aldifaf", "-s", "CONTACT=desk@paper.test")):
        done = scrapy(*command)
        assert done.returncode in (1, 2), command
        assert "Traceback" not in done.stderr
    assert "watch olives: there is no word; there are words" in scrapy("watch").stderr
    (tmp_path / "watches.toml").write_text('[olives]\nwords = "زيتون"\n', "utf-8")
    assert "there is no watch 'rain'; there are olives" in scrapy("watch", "rain").stderr
    assert "--since: 'soon' is no day" in scrapy("watch", "--since", "soon").stderr
    (tmp_path / "data" / "watches").mkdir(parents=True)
    (tmp_path / "data" / "watches" / "olives.json").write_text("{")
    assert "olives.json is no feed of a watch; remove it" in scrapy("watch").stderr
