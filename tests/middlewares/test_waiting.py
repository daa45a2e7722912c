"""Retry-After, visiting hours, the contact and the shape of a user agent."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings

from newscrawl.middlewares.contact import usable_contact, user_agent
from newscrawl.middlewares.hours import Hours
from newscrawl.middlewares.politeness import retry_after

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RIYADH = ZoneInfo("Asia/Riyadh")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120.0),
        (b" 0 ", 0.0),
        (b"Sun, 22 Nov 2026 12:05:00 GMT", 300.0),
        (b"Sunday, 22-Nov-26 12:05:00 GMT", 300.0),
        (b"Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        (b"Sun, 22 Nov 2026 15:05:00 +0300", 300.0),
        (b"9" * 400, 999999999.0),
        (b"soon", None),
        (b"-5", None),
        (b"1.5", None),
        ("١٢".encode(), None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(value: bytes | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.binary(max_size=60))
def test_retry_after_never_fails_and_is_never_negative(value: bytes) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or wait >= 0


@pytest.mark.parametrize(
    ("window", "utc_hour", "is_open"),
    [
        ("22:00-06:00", 19, True),  # 22:00 in Riyadh
        ("22:00-06:00", 18, False),
        ("22:00-06:00", 2, True),
        ("22:00-06:00", 3, False),
        ("08:00-16:30", 5, True),
        ("08:00-16:30", 14, False),
        ("00:00-24:00", 9, True),
    ],
)
def test_hours_are_on_the_publishers_clock(window: str, utc_hour: int, is_open: bool) -> None:
    assert Hours.parse(window, RIYADH).open_at(NOW.replace(hour=utc_hour)) is is_open


def test_the_first_moment_is_open_and_the_last_is_not() -> None:
    hours = Hours.parse("08:00-16:30", RIYADH)
    assert hours.open_at(NOW.replace(hour=5, minute=0, second=0, microsecond=0))
    assert hours.open_at(NOW.replace(hour=13, minute=29, second=59))
    assert not hours.open_at(NOW.replace(hour=13, minute=30, second=0, microsecond=0))


def test_the_next_opening_is_named() -> None:
    hours = Hours.parse("22:00-06:00", RIYADH)
    assert hours.next_opening(NOW).isoformat() == "2026-11-22T22:00:00+03:00"
    assert hours.next_opening(NOW.replace(hour=20)).isoformat() == "2026-11-23T22:00:00+03:00"
    opening = NOW.replace(hour=19, minute=0, second=0, microsecond=0)
    assert hours.next_opening(opening) == opening


@pytest.mark.parametrize("text", ["", "22-06", "22:00", "26:00-61:99", "ليلا"])
def test_unreadable_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"hours must look like|minute must be"):
        Hours.parse(text, RIYADH)


@pytest.mark.parametrize("contact", ["desk@university.edu", "https://university.edu/crawler"])
def test_a_contact_is_an_address_or_a_page(contact: str) -> None:
    assert usable_contact(contact)
    assert user_agent(Settings({"CONTACT": contact}, priority="default")).endswith(f"(+{contact})")


@pytest.mark.parametrize("contact", [None, "", "me", "@x.y", "a@b", "you@example.org", "x@y.z\r\nEvil: 1", "ftp://x.y"])
def test_anything_else_is_no_contact(contact: str | None) -> None:
    assert not usable_contact(contact)
    assert "(" not in user_agent(Settings({"CONTACT": contact}, priority="default"))
