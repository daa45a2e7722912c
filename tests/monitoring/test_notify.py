"""What is sent to whom, and that no sentence names more of an address than its kind; nobody is asked."""

from __future__ import annotations

import io
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request

import pytest

from newscrawl.monitoring import notify
from newscrawl.monitoring.notify import addresses_of, ping
from newscrawl.storage import StorageError


class Switch:
    """A dead man's switch, as urlopen meets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error: Exception | None = None
        self.asked: list[tuple[str, str, bytes, float]] = []
        monkeypatch.setattr(notify, "urlopen", self._open)

    def _open(self, request: Request, timeout: float) -> Any:
        assert isinstance(request.data, bytes)
        self.asked.append((request.get_method(), request.full_url, request.data, timeout))
        if self.error is not None:
            raise self.error
        return io.BytesIO()


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Switch:
    return Switch(monkeypatch)


@pytest.mark.parametrize(
    ("url", "failed", "told"),
    [
        ("https://ping.example/abc", False, "https://ping.example/abc"),
        ("https://ping.example/abc", True, "https://ping.example/abc/fail"),
        ("https://ping.example/abc/", True, "https://ping.example/abc/fail"),
        ("https://ping.example/abc/", False, "https://ping.example/abc/"),
        ("https://ping.example/abc?key=1", True, "https://ping.example/abc/fail?key=1"),
    ],
)
def test_a_run_that_failed_is_told_below_the_address(switch: Switch, url: str, failed: bool, told: str) -> None:
    assert ping(url, failed=failed, text="خبر") == ""
    # A server that does not answer holds no crawl up for long.
    assert switch.asked == [("POST", told, "خبر".encode(), 10)]


def test_no_more_is_sent_than_is_kept(switch: Switch) -> None:
    ping("https://ping.example/abc", failed=False, text="x" * 300_000)
    assert len(switch.asked[0][2]) == 100_000


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (HTTPError("https://ping.example/of-mine", 404, "of-mine", Message(), None), "HTTP 404"),
        (URLError("no route"), "no route"),
        (TimeoutError(), "TimeoutError"),
        (ValueError("https://ping.example/of-mine"), "ValueError"),
    ],
)
def test_what_was_not_told_is_said_without_the_address(switch: Switch, error: Exception, why: str) -> None:
    switch.error = error
    assert ping("https://ping.example/of-mine", failed=False, text="") == f"PING_URL was not told: {why}"


def test_a_file_holds_an_address_a_line(tmp_path: Path) -> None:
    path = tmp_path / "addresses"
    path.write_text("# desk\n\n  mailto://a@b.example  \n  # off\njson://c.example\n", "utf-8")
    assert addresses_of(["xml://d.example", f"@{path}"]) == [
        "xml://d.example",
        "mailto://a@b.example",
        "json://c.example",
    ]
    with pytest.raises(StorageError, match="cannot read"):
        addresses_of([f"@{tmp_path / 'none'}"])
    path.write_bytes(b"\xff")
    with pytest.raises(StorageError, match="is not UTF-8"):
        addresses_of([f"@{path}"])


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("mailto://me:of-mine@university.example", " (mailto://)"),
        ("slack://of-mine", " (slack://)"),
        ("of-mine", ""),
        ("of-mine:x", ""),
        ("of mine://x", ""),
    ],
)
def test_an_address_is_called_by_its_kind(address: str, shown: str) -> None:
    assert notify._kind(address) == shown


def test_each_address_that_did_not_take_a_message_has_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("apprise")

    def refuses(sender: object, address: str, title: str, text: str) -> str:
        return {"a://1": "", "b://of-mine": "it was refused, or nobody answers"}[address]

    monkeypatch.setattr(notify, "_refusal", refuses)
    assert notify.send(["a://1", "b://of-mine"], "t", "x") == [
        "the alert to address 2 (b://) was not sent: it was refused, or nobody answers"
    ]


def test_whatever_a_sender_raises_breaks_nothing_and_says_no_address() -> None:
    def add(address: str) -> bool:
        raise RuntimeError(address)

    sender = SimpleNamespace(add=add)
    assert notify._refusal(sender, "json://of-mine", "t", "x") == "RuntimeError"  # type: ignore[arg-type]
    deaf = SimpleNamespace(add=lambda address: False)
    assert notify._refusal(deaf, "json://of-mine", "t", "x") == "apprise does not understand it"  # type: ignore[arg-type]
