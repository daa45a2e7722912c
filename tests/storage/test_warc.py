"""The archive: standard records, healing, and replay of the very bytes without a network."""

from __future__ import annotations

import gzip
import io
import logging
import random
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider
from scrapy.http import Headers, HtmlResponse, Request, Response
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.storage import StorageError
from newscrawl.storage.append import AppendFile, part_of
from newscrawl.storage.archive import ROTATE_BYTES, WarcArchive, heal_archive
from newscrawl.storage.warc import (
    WarcCacheStorage,
    archive_files,
    archived_urls,
    configure,
    is_web_address,
    read_archive,
    read_response,
)

NOW = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)
PAGE = "<html><body><p>خبر طويل</p></body></html>".encode("windows-1256")


def response(number: int = 1, body: bytes = PAGE, status: int = 200, **headers: str) -> Response:
    given = Headers({"Content-Type": "text/html", "ETag": f'"{number}"'})
    for name, value in headers.items():
        given[name.replace("_", "-")] = value
    given.appendlist("Set-Cookie", "a=1")
    given.appendlist("Set-Cookie", "b=2")
    return Response(f"https://paper.test/news?id={number}", status=status, headers=given, body=body)


def request(number: int = 1) -> Request:
    return Request(f"https://paper.test/news?id={number}", headers={"User-Agent": "newscrawl (+mailto:a@b.test)"})


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    archive = WarcArchive(tmp_path, "paper", "run")
    for number in range(3):
        archive.write(request(number), response(number), now=NOW)
    archive.seal()
    return tmp_path / "archive" / "source=paper" / "run-00000.warc.gz"


def test_records_are_standard(sealed: Path) -> None:
    with sealed.open("rb") as stream:
        records = ArchiveIterator(stream, check_digests="raise")
        kinds = []
        for record in records:
            kinds.append(record.rec_type)
            record.content_stream().read()
            if record.rec_type == "response":
                assert record.rec_headers.get_header("WARC-Date") == "2026-11-22T12:00:05Z"
                answered = record.rec_headers.get_header("WARC-Record-ID")
            elif record.rec_type == "request":
                assert record.rec_headers.get_header("WARC-Concurrent-To") == answered
                assert record.http_headers.get_header("Host") == "paper.test"
                assert record.http_headers.get_header("User-Agent").startswith("newscrawl")
    assert kinds == ["warcinfo", *["response", "request"] * 3]


def test_each_record_is_a_gzip_member_at_the_offset_that_was_given(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, "paper", "run")
    places = [archive.write(request(n), response(n, PAGE + b"%d" % n), now=NOW) for n in range(5)]
    archive.seal()
    for number, place in reversed(list(enumerate(places))):
        found = read_response(tmp_path / str(place["file"]), int(place["offset"]))
        assert found.body == PAGE + b"%d" % number
        assert found.url.endswith(f"id={number}")
        assert found.headers.getlist("Set-Cookie") == [b"a=1", b"b=2"]
        assert found.archived_at == NOW


def test_no_time_but_that_of_the_records_is_in_the_file(sealed: Path) -> None:
    """RFC 1952, 2.3.1: zero says that there is none, so that the same records are the same bytes."""
    rest, members = sealed.read_bytes(), 0
    while rest:
        assert rest[4:8] == bytes(4)
        member = zlib.decompressobj(wbits=31)
        member.decompress(rest)
        rest = member.unused_data
        members += 1
    assert members == 7


def test_body_stays_content_encoded_as_received(tmp_path: Path) -> None:
    packed = gzip.compress(PAGE)
    archive = WarcArchive(tmp_path, "paper", "run")
    archive.write(request(), response(body=packed, Content_Encoding="gzip"), now=NOW)
    archive.seal()
    (found,) = read_archive(tmp_path)
    assert found.body == packed
    assert found.headers["Content-Encoding"] == b"gzip"


def test_raw_utf8_in_a_header_survives(tmp_path: Path) -> None:
    """Arabic servers put it in Location."""
    archive = WarcArchive(tmp_path, "paper", "run")
    moved = response(status=302)
    moved.headers["Location"] = "/أخبار/اليوم".encode()
    archive.write(request(), moved, now=NOW)
    archive.seal()
    (found,) = read_archive(tmp_path)
    assert found.headers["Location"] == "/أخبار/اليوم".encode()
    assert found.status == 302


def test_not_modified_is_a_revisit_record_and_no_page(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, "paper", "run")
    archive.write(request(), response(body=b"", status=304), now=NOW)
    archive.seal()
    (path,) = archive_files(tmp_path)
    with path.open("rb") as stream:
        records = {record.rec_type: record.rec_headers.get_header("WARC-Profile") for record in ArchiveIterator(stream)}
    assert records["revisit"] is not None
    assert records["revisit"].endswith("server-not-modified")
    assert list(read_archive(path)) == []


def _records(tmp_path: Path, answer: Response) -> dict[str, dict[str, str]]:
    """The headers of a response's records by their type."""
    archive = WarcArchive(tmp_path, "paper", "run")
    archive.write(request(), answer, now=NOW)
    archive.seal()
    (path,) = archive_files(tmp_path)
    with path.open("rb") as stream:
        return {record.rec_type: dict(record.rec_headers.headers) for record in ArchiveIterator(stream)}


def test_a_request_points_to_its_response_and_both_say_whom_they_were_with(tmp_path: Path) -> None:
    found = _records(tmp_path, response().replace(ip_address=ip_address("198.51.100.7")))
    assert found["request"]["WARC-Concurrent-To"] == found["response"]["WARC-Record-ID"]
    assert found["request"]["WARC-Record-ID"] != found["response"]["WARC-Record-ID"]
    for kind in ("request", "response"):
        assert found[kind]["WARC-IP-Address"] == "198.51.100.7"
        assert found[kind]["WARC-Target-URI"] == "https://paper.test/news?id=1"
        assert found[kind]["WARC-Date"] == "2026-11-22T12:00:05Z"
    assert "WARC-Truncated" not in found["response"]


@pytest.mark.parametrize("flag", ["partial", "dataloss"])
def test_a_response_that_came_in_part_says_so(tmp_path: Path, flag: str) -> None:
    assert _records(tmp_path, response().replace(flags=[flag]))["response"]["WARC-Truncated"] == "disconnect"


def test_a_file_is_sealed_when_it_is_old_enough_or_has_a_gibibyte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ROTATE_BYTES == 1 << 30
    archive = WarcArchive(tmp_path, "paper", "run", seal_after=900)
    age = 899.0
    monkeypatch.setattr(AppendFile, "age", property(lambda file: age))
    archive.write(request(), response(), now=NOW)
    archive.sync()
    assert not list(tmp_path.rglob("run-00000.warc.gz"))
    age = 900.0
    archive.sync()
    assert len(list(tmp_path.rglob("run-00000.warc.gz"))) == 1


def test_rotation(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, "paper", "run", rotate_bytes=1500)
    places = [archive.write(request(n), response(n), now=NOW) for n in range(6)]
    archive.seal()
    files = archive_files(tmp_path)
    assert len(files) > 1
    # A number that is missing is a file that is missing.
    assert [path.name for path in files] == [f"run-{number:05d}.warc.gz" for number in range(len(files))]
    assert sorted({str(place["file"]) for place in places}) == [path.relative_to(tmp_path).as_posix() for path in files]
    assert len(list(read_archive(tmp_path))) == 6


@pytest.mark.parametrize(("status", "line"), [(200, b"HTTP/1.1 200 OK\r\n"), (799, b"HTTP/1.1 799 ")])
def test_a_server_may_invent_a_status(tmp_path: Path, status: int, line: bytes) -> None:
    archive = WarcArchive(tmp_path, "paper", "run")
    archive.write(request(), response(1, status=status), now=NOW)
    archive.seal()
    (found,) = read_archive(tmp_path)
    assert (found.status, found.body) == (status, PAGE)
    (path,) = (tmp_path / "archive").rglob("*.warc.gz")
    assert line in gzip.decompress(path.read_bytes())


def test_what_came_compressed_is_not_compressed_much_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take six times as long and be no smaller."""
    levels: list[int] = []
    compress = gzip.compress

    def spy(data: bytes, level: int, **more: Any) -> bytes:
        levels.append(level)
        return compress(data, level, **more)

    monkeypatch.setattr(gzip, "compress", spy)
    archive = WarcArchive(tmp_path, "paper", "run")
    archive.write(request(), response(1), now=NOW)
    plain, levels[:] = list(levels), []
    archive.write(request(), response(1, Content_Encoding="br"), now=NOW)
    assert set(plain) == {6}
    assert levels == [1, 6]  # the response, and its request


def test_an_archive_that_nobody_ships_is_not_cut_by_age(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, "paper", "run")
    for number in range(3):
        archive.write(request(number), response(number), now=NOW)
        archive.sync()
    archive.seal()
    assert [path.name for path in (tmp_path / "archive" / "source=paper").iterdir()] == ["run-00000.warc.gz"]


@pytest.mark.parametrize("cut", [1, 7, 200, 400])
def test_a_torn_last_record_is_cut_off(tmp_path: Path, cut: int) -> None:
    archive = WarcArchive(tmp_path, "paper", "run")
    places = [archive.write(request(n), response(n), now=NOW) for n in range(4)]
    path = tmp_path / str(places[0]["file"])
    part = part_of(path)
    part.write_bytes(part.read_bytes()[:-cut])
    assert heal_archive(tmp_path, "paper") == [path]
    kept = list(read_archive(path))
    assert len(kept) >= 3
    assert [found.offset for found in kept] == [place["offset"] for place in places][: len(kept)]
    assert heal_archive(tmp_path, "paper") == []


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://paper.test/1", True), ("http://paper.test:8080/1", True), ("https://خبر.test/1", True),
        ("https://paper.test:0/1", False), ("https:///1", False), ("dns:paper.test", False),
        ("ftp://paper.test/1", False), ("https://paper.test:x/1", False), ("https://[::1/1", False), ("", False),
    ],
)  # fmt: skip
def test_what_could_be_asked_for_is_a_web_address(url: str, is_one: bool) -> None:
    assert is_web_address(url) is is_one


def test_the_settings_of_an_archive_that_is_filled_and_of_one_that_is_replayed() -> None:
    filled, replayed = Settings(), Settings({"ARCHIVE": True})
    configure(filled)
    assert filled.getbool("HTTPCACHE_ENABLED")
    assert not filled.getbool("HTTPCACHE_IGNORE_MISSING")
    assert filled.get("ARCHIVE_REPLAY") is None
    configure(replayed, replay=Path("old.warc.gz"), priority="spider")
    assert replayed.getbool("HTTPCACHE_IGNORE_MISSING")
    assert replayed.get("ARCHIVE_REPLAY") == "old.warc.gz"
    assert not replayed.getbool("ARCHIVE")


def test_a_page_that_repeats_itself_far_on_is_whole(tmp_path: Path) -> None:
    """gzip looks back for 32 KiB."""
    archive = WarcArchive(tmp_path, "paper", "run")
    pages = [random.Random(number).randbytes(30_000) * 2 for number in range(2)]
    places = [archive.write(request(number), response(number, page), now=NOW) for number, page in enumerate(pages)]
    assert heal_archive(tmp_path, "paper") == [tmp_path / str(places[0]["file"])]
    assert [found.body for found in read_archive(tmp_path)] == pages


def test_urls_of_pages_each_once(tmp_path: Path) -> None:
    archive = WarcArchive(tmp_path, "paper", "run")
    archive.write(request(2), response(2), now=NOW)
    archive.write(request(1), response(1), now=NOW)
    archive.write(request(2), response(2), now=NOW)
    archive.write(request(3), response(3, status=404), now=NOW)
    archive.write(request(4), response(4, Content_Type="application/rss+xml"), now=NOW)
    archive.seal()
    assert [url[-1] for url in archived_urls(tmp_path)] == ["2", "1"]


def test_archives_of_other_tools(tmp_path: Path) -> None:
    """Chunked as on the wire, and angle brackets around the URL, as wget writes them."""
    path = tmp_path / "other.warc.gz"
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        headers = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")], protocol="HTTP/1.1"
        )
        record = writer.create_warc_record(
            "https://paper.test/1", "response", payload=io.BytesIO(body), http_headers=headers
        )
        record.rec_headers.replace_header("WARC-Target-URI", "<https://paper.test/1>")
        writer.write_record(record)
    (found,) = read_archive(path)
    assert (found.url, found.body) == ("https://paper.test/1", PAGE)
    assert "Transfer-Encoding" not in found.headers


@pytest.fixture
def seat(sealed: Path, tmp_path: Path) -> Iterator[WarcCacheStorage]:
    storage = WarcCacheStorage(Settings({"ARCHIVE_REPLAY": str(sealed), "DATA_DIR": str(tmp_path)}))
    storage.open_spider(None)  # type: ignore[arg-type]
    yield storage
    storage.close_spider(None)  # type: ignore[arg-type]


def test_replay_answers_with_the_archived_response(seat: WarcCacheStorage) -> None:
    asked = request(2)
    found = seat.retrieve_response(None, asked)  # type: ignore[arg-type]
    assert isinstance(found, HtmlResponse)
    assert (found.body, found.url, found.status) == (PAGE, asked.url, 200)
    assert asked.meta["archive"]["file"] == "archive/source=paper/run-00000.warc.gz"
    assert asked.meta["archived_at"] == NOW
    assert seat.retrieve_response(None, request(99)) is None  # type: ignore[arg-type]


def test_a_replay_says_how_much_there_is_and_what_it_passes_over(
    sealed: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Paper(Spider):
        name = "paper"

    content = bytearray(sealed.read_bytes())
    found = list(read_archive(sealed))
    content[found[1].offset + 300] ^= 0xFF
    sealed.write_bytes(content)
    spider = Paper.from_crawler(get_crawler(Paper))
    storage = WarcCacheStorage(Settings({"ARCHIVE_REPLAY": str(sealed), "DATA_DIR": str(tmp_path)}))
    with caplog.at_level(logging.INFO):
        storage.open_spider(spider)
    assert f"replaying 2 responses of {sealed}; passed over: {{'damaged': 1}}" in caplog.text
    assert f"{sealed}: passed over at {found[1].offset}: damaged" in caplog.text
    assert spider.crawler.stats is not None
    assert spider.crawler.stats.get_value("newscrawl/archive-damage/damaged") == 1


def test_what_is_no_archive_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(b"no archive at all")
    with pytest.raises(StorageError, match=r"cannot read .*x\.warc\.gz: [^\[\n]*$"):
        list(read_archive(path))
    with pytest.raises(StorageError):
        read_response(path, 3)


def test_missing_archive_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "none.warc.gz", tmp_path):
        with pytest.raises(StorageError, match="no WARC file"):
            archive_files(path)


@pytest.mark.parametrize("name", ["Proxy-Authorization", "authorization", "Cookie", "Proxy-Connection"])
def test_who_the_user_is_stays_out_of_the_archive(tmp_path: Path, name: str) -> None:
    archive = WarcArchive(tmp_path, "paper", "run")
    asked = request()
    asked.headers[name] = "Basic c2VjcmV0OnNlY3JldA=="
    archive.write(asked, response(), now=NOW)
    archive.seal()
    (path,) = archive_files(tmp_path)
    text = gzip.decompress(path.read_bytes())
    assert b"c2VjcmV0" not in text
    assert b"User-Agent: newscrawl" in text


def test_the_archive_is_its_owners_alone(sealed: Path) -> None:
    assert sealed.stat().st_mode & 0o077 == 0
    assert sealed.parent.stat().st_mode & 0o077 == 0
