"""Typed spider arguments, and the sentences with which wrong ones are refused."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newscrawl.spiders.arguments import ArgumentError, Arguments

NOW = datetime(2026, 8, 28, 12, tzinfo=UTC)
CAIRO = ZoneInfo("Africa/Cairo")


def read(**given: str) -> Arguments:
    return Arguments.read(given, now=NOW, timezone="Africa/Cairo")


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026-08-27", datetime(2026, 8, 27, tzinfo=CAIRO), datetime(2026, 8, 28, tzinfo=CAIRO)),
        ("27 أغسطس 2026", datetime(2026, 8, 27, tzinfo=CAIRO), datetime(2026, 8, 28, tzinfo=CAIRO)),
        ("٢٧ آب ٢٠٢٦", datetime(2026, 8, 27, tzinfo=CAIRO), datetime(2026, 8, 28, tzinfo=CAIRO)),
        ("2026-08-27T09:00", datetime(2026, 8, 27, 9, tzinfo=CAIRO), datetime(2026, 8, 27, 9, tzinfo=CAIRO)),
        ("2026-08-27T09:00:00Z", datetime(2026, 8, 27, 9, tzinfo=UTC), datetime(2026, 8, 27, 9, tzinfo=UTC)),
        ("أغسطس 2026", datetime(2026, 8, 1, tzinfo=CAIRO), datetime(2026, 9, 1, tzinfo=CAIRO)),
        ("ديسمبر 2025", datetime(2025, 12, 1, tzinfo=CAIRO), datetime(2026, 1, 1, tzinfo=CAIRO)),
    ],
)
def test_dates(text: str, since: datetime, until: datetime) -> None:
    assert read(since=text).since == since
    assert read(until=text).until == until


def test_nothing_given_is_nothing_asked() -> None:
    assert read() == Arguments()


@pytest.mark.parametrize(
    "text", ["foo", "", "2026-13-45", "غدا إن شاء الله", "2026-08-27 tomorrow", "31/31/2026", "-1"]
)
def test_what_is_no_date_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        read(since=text)
    assert str(refused.value).startswith(f"since={text!r} is no date")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("2026-09-01", "in the future"),
        ("١ يناير ٢٠٢٧", "in the future"),
        ("9999-12-31", "in the future"),
        ("1985-01-01", "too far in the past"),
    ],
)
@pytest.mark.parametrize("name", ["since", "until"])
def test_a_day_without_news_is_told_from_what_is_no_day(name: str, text: str, where: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        read(**{name: text})
    assert str(refused.value) == f"{name}={text!r} lies {where}"


@pytest.mark.parametrize("text", ["0", "-3", "ten", "1.5", ""])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError, match="no number of articles"):
        read(limit=text)


def test_a_number_in_either_digits() -> None:
    assert read(limit="20").limit == read(limit="٢٠").limit == 20


def test_files_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="no such file"):
        read(urls=str(tmp_path / "urls.txt"))
    with pytest.raises(ArgumentError, match="it is a directory"):
        read(urls=str(tmp_path))
    with pytest.raises(ArgumentError, match="no such file"):
        read(archive=str(tmp_path / "x.warc.gz"))
    assert read(archive=str(tmp_path)).archive == tmp_path


@pytest.mark.parametrize("text", ["", "\n\n", "# https://paper.test/1\n", "\ufeff\n"])
def test_a_file_without_urls_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArgumentError, match="it holds no URLs"):
        read(urls=str(path))
    path.write_text(text + "\nhttps://paper.test/1\n", encoding="utf-8")
    assert list(read(urls=str(path)).given_urls()) == ["https://paper.test/1"]


def test_a_pipe_of_urls_is_not_read_beforehand() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"https://paper.test/1\n")
    os.close(writing)
    arguments = read(urls=f"/dev/fd/{reading}")
    assert list(arguments.given_urls()) == ["https://paper.test/1"]
    os.close(reading)


def test_what_contradicts_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="later than"):
        read(since="2026-08-28", until="2026-08-27")
    assert read(since="2026-08-27", until="2026-08-27")
    (tmp_path / "urls").touch()
    with pytest.raises(ArgumentError, match="cannot be used together"):
        read(urls=str(tmp_path / "urls"), archive=str(tmp_path))


def test_an_unknown_argument_is_refused_with_the_nearest() -> None:
    with pytest.raises(ArgumentError, match=r"no spider argument 'sinse'.*did you mean since\?"):
        read(sinse="2026-08-27")


def test_a_day_counts_until_it_is_over_in_the_publishers_zone() -> None:
    arguments = read(since="2026-08-27T09:00", until="2026-08-28")
    assert not arguments.too_old(date(2026, 8, 27), CAIRO)
    assert arguments.too_old(date(2026, 8, 26), CAIRO)
    assert arguments.too_old(datetime(2026, 8, 27, 5, 59, tzinfo=UTC), CAIRO)
    assert not arguments.too_old(datetime(2026, 8, 27, 6, tzinfo=UTC), CAIRO)
    assert not arguments.too_new(date(2026, 8, 28), CAIRO)
    assert not arguments.too_new(datetime(2026, 8, 28, 20, 59, tzinfo=UTC), CAIRO)
    assert arguments.too_new(datetime(2026, 8, 28, 21, tzinfo=UTC), CAIRO)
    assert arguments.too_new(date(2026, 8, 29), CAIRO)
