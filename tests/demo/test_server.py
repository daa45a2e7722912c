"""The server: a proxy and a web server at once, with what real servers do to crawlers."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import pytest

from newscrawl.demo.diary import Diary
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.server import NewsServer
from tests.patience import PATIENCE

NOW = datetime(2026, 2, 12, 9, 30, tzinfo=UTC)
NEWSROOM = Newsroom(date(2026, 2, 11))


@pytest.fixture
def server() -> Iterator[NewsServer]:
    with NewsServer(NEWSROOM, clock=lambda: NOW) as running:
        yield running


def ask(
    server: NewsServer, url: str, *, proxied: bool = True, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(server.proxy).netloc, timeout=PATIENCE)
    parts = urlsplit(url)
    target = url if proxied else parts.path + (f"?{parts.query}" if parts.query else "")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, target, headers={"Host": parts.netloc, **named})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize("proxied", [True, False])
def test_absolute_and_origin_form_give_the_same(server: NewsServer, proxied: bool) -> None:
    piece = NEWSROOM.pieces["aldifaf"][0]
    response, body = ask(server, piece.url, proxied=proxied)
    assert response.status == 200
    assert "الضفاف" in body.decode()
    assert server.hits[-1].url == piece.url


@pytest.mark.parametrize("is_ours", [False, True])
def test_of_a_client_that_has_gone_nothing_is_said(is_ours: bool, capfd: pytest.CaptureFixture[str]) -> None:
    asked, gone = threading.Event(), threading.Event()

    def clock() -> datetime:
        asked.set()
        gone.wait(PATIENCE)
        return cast(datetime, None) if is_ours else NOW

    with NewsServer(NEWSROOM, clock=clock) as server:
        before = set(threading.enumerate())
        address = urlsplit(server.proxy)
        with socket.create_connection((address.hostname, address.port)) as client:
            client.sendall(f"GET {NEWSROOM.pieces['aldifaf'][0].url} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            assert asked.wait(PATIENCE)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.set()
        for thread in set(threading.enumerate()) - before:
            thread.join()
    assert ("Exception" in capfd.readouterr().err) is is_ours


def test_a_query_survives(server: NewsServer) -> None:
    response, body = ask(server, NEWSROOM.pieces["alwaha"][0].url, proxied=False)
    assert response.status == 200
    assert "جريدة الواحة".encode("windows-1256") in body


def test_unknown_hosts_and_paths_are_404(server: NewsServer) -> None:
    assert ask(server, "http://example.test/")[0].status == 404
    assert ask(server, "http://almarfa.test/nothing")[0].status == 404


def test_validators(server: NewsServer) -> None:
    url = NEWSROOM.pieces["almarfa"][0].url
    first, _ = ask(server, url)
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert ask(server, url, If_None_Match=etag)[0].status == 304
    assert ask(server, url, If_None_Match='"other"')[0].status == 200
    assert ask(server, url, If_Modified_Since=changed)[0].status == 304
    assert ask(server, url, If_Modified_Since="nonsense")[0].status == 200
    assert ask(server, url, If_None_Match='"other"', If_Modified_Since=changed)[0].status == 200
    assert server.statuses() == {200: 4, 304: 2}


def test_one_page_stalls_once(server: NewsServer) -> None:
    url = NEWSROOM.pieces["alwaha"][-10].url
    first, _ = ask(server, url)
    assert (first.status, first.headers["Retry-After"]) == (503, "1")
    assert ask(server, url)[0].status == 200


def test_head_has_no_body(server: NewsServer) -> None:
    response, body = ask(server, NEWSROOM.pieces["aldifaf"][0].url, method="HEAD")
    assert (response.status, body) == (200, b"")


def test_the_edition_can_be_turned(server: NewsServer) -> None:
    later = Newsroom(NEWSROOM.last_day, [datetime(2026, 2, 12, 9, tzinfo=UTC)])
    [changed] = later.changed_pieces()
    before, _ = ask(server, changed.url)
    server.turn_to(later)
    after, body = ask(server, changed.url, If_None_Match=before.headers["ETag"])
    assert after.status == 200
    assert "بعد المراجعة" in body.decode()


def test_the_diary_remembers_the_day_and_turns_the_edition_only_after_a_whole_crawl(tmp_path: Path) -> None:
    first = Diary.open(tmp_path, NOW)
    assert first.next_edition(NOW).edition == 1
    assert first.last_day == date(2026, 2, 11)
    first.save()
    again = Diary.open(tmp_path, datetime(2026, 3, 1, tzinfo=UTC))
    assert again.next_edition(NOW).edition == 1
    assert again.last_day == date(2026, 2, 11)
    again.crawled = True
    again.save()
    third = Diary.open(tmp_path, NOW)
    assert third.next_edition(NOW).edition == 2
    third.save()
    assert Diary.open(tmp_path, NOW).next_edition(NOW).changed == (NOW,)


def test_the_newspaper_can_be_served_alone() -> None:
    command = [sys.executable, "-m", "newscrawl.demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUTF8": "1"}) as process:
        assert process.stdout is not None
        words = process.stdout.readline().split()
        try:
            connection = http.client.HTTPConnection(urlsplit(words[1]).netloc, timeout=PATIENCE)
            connection.request("GET", words[3])
            assert connection.getresponse().status == 200
            connection.close()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=PATIENCE) == 0
        finally:
            process.kill()


def test_serving_alone_refuses_a_port_that_is_none() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "newscrawl.demo", "x"], capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.returncode, done.stderr) == (2, "usage: python -m newscrawl.demo [PORT]\n")


@pytest.mark.parametrize("text", ["", "[]", '{"last_day": "x"}', json.dumps({"last_day": "2026-99-01", "changed": []})])
def test_a_damaged_diary_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "newsroom.json").write_text(text)
    with pytest.raises(ValueError, match="damaged"):
        Diary.open(tmp_path, NOW)
