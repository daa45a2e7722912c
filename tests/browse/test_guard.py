"""Who may ask the reader, by which name, and what every answer tells browsers; without a server."""

from __future__ import annotations

import socket
from base64 import b64encode
from pathlib import Path

import pytest
from flask import Flask

from newscrawl.browse import guard as room
from newscrawl.browse.guard import EMBEDDED, POLICY, WITH_PICTURES, guard
from newscrawl.browse.listening import is_loopback, read_password
from newscrawl.storage import StorageError

OWN = socket.gethostname().lower()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_on_this_machine_only_its_own_names_are_answered(host: str) -> None:
    assert is_loopback(host)
    for name in ("127.0.0.1", "127.0.0.1:8642", "localhost", "LOCALHOST:8642", "[::1]", "[::1]:8642"):
        assert room._is_ours(name, host), name
    for name in (
        "evil.test",
        "localhost.evil.test",
        "127.0.0.1.evil.test",
        "10.0.0.7",
        "[::2]",
        "",
        ":8642",
        "[x",
        OWN,
    ):
        assert not room._is_ours(name, host) or name in room._LOCAL, name


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_on_all_addresses_each_of_them_is_answered_and_no_other_name(host: str) -> None:
    assert not is_loopback(host)
    for name in ("10.0.0.7", "192.168.1.5:8642", "[fe80::1]:8642", "localhost", OWN, f"{OWN.upper()}:8642"):
        assert room._is_ours(name, host), name
    for name in ("evil.test", "10.0.0.7.evil.test", "", "@"):
        assert not room._is_ours(name, host), name


def test_on_one_address_only_that_one_is_answered() -> None:
    assert room._is_ours("192.168.1.5:8642", "192.168.1.5")
    assert room._is_ours(OWN, "192.168.1.5")
    for name in ("192.168.1.6", "10.0.0.7", "evil.test"):
        assert not room._is_ours(name, "192.168.1.5"), name


def app(password: str | None = None) -> Flask:
    made = Flask(__name__)
    made.add_url_rule("/", view_func=lambda: "page", methods=["GET", "POST", "DELETE"])
    guard(made, "127.0.0.1", password)
    return made


def test_every_answer_tells_browsers_to_let_nothing_in() -> None:
    told = {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'none'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    open_, closed = app().test_client(), app("sesame").test_client()
    for answer in (open_.get("/"), closed.get("/"), open_.post("/"), open_.get("/", headers={"Host": "evil.test"})):
        assert {name: answer.headers.get(name) for name in told} == told


def test_pictures_and_pages_of_others_are_let_in_no_further_than_they_need() -> None:
    assert POLICY.replace("img-src 'none'", "img-src https: http:") == WITH_PICTURES
    assert EMBEDDED.split("; ") == [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "sandbox",
    ]


def test_nothing_is_changed_whatever_the_page_would_take() -> None:
    client = app().test_client()
    assert [client.open("/", method=method).status_code for method in ("GET", "HEAD", "POST", "DELETE", "OPTIONS")] == [
        *[200] * 2,
        *[405] * 3,
    ]


def _basic(given: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(given.encode()).decode()}"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        (_basic("x:sesame"), 200),
        (_basic(":sesame"), 200),
        (_basic("sesame:"), 401),
        (_basic("x:Sesame"), 401),
        (_basic("x:sesame "), 401),
        (_basic("x:"), 401),
        ({"Authorization": "Bearer sesame"}, 401),
        ({"Authorization": "Basic"}, 401),
    ],
)
def test_the_password_is_asked_of_everybody(headers: dict[str, str], status: int) -> None:
    assert app("sesame").test_client().get("/", headers=headers).status_code == status


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o644])
def test_a_password_that_others_may_read_or_change_is_none(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "password"
    path.write_text("sesame\n")
    path.chmod(mode)
    with pytest.raises(StorageError, match="others may read"):
        read_password(path)
    path.chmod(0o600)
    assert read_password(path) == "sesame"


def test_the_first_line_is_the_password(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.touch(0o600)
    for text, password in ((" sesame \nmore\n", "sesame"), ("افتح يا سمسم", "افتح يا سمسم")):
        path.write_text(text)
        assert read_password(path) == password
    for text in ("", "\nsesame\n", "  \n"):
        path.write_text(text)
        with pytest.raises(StorageError, match="holds no password"):
            read_password(path)
    path.write_bytes(b"\xff\n")
    with pytest.raises(StorageError, match="is not UTF-8"):
        read_password(path)
