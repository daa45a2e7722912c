"""The dates of feeds, sitemaps and cards: what is written, in the zone that is written, or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.dates import Clock

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def read(text: str, zone: str = "Asia/Riyadh") -> datetime | date | None:
    return Clock(NOW, zone).read(text)


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("+03", "+03:00"),
        ("+3", "+03:00"),
        ("+0300", "+03:00"),
        ("+03:00", "+03:00"),
        ("+00:00", "+00:00"),
        ("-0000", "+00:00"),
        ("-00:00", "+00:00"),
        ("+00", "+00:00"),
        ("-05", "-05:00"),
        ("+0530", "+05:30"),
        ("Z", "+00:00"),
        ("GMT", "+00:00"),
        ("gmt", "+00:00"),
        ("UTC", "+00:00"),
        ("UT", "+00:00"),
        ("GMT+0200", "+02:00"),
        ("GMT+3", "+03:00"),
        ("GMT +0300", "+03:00"),
        ("UTC+2", "+02:00"),
        ("UTC+03:00", "+03:00"),
        ("UTC-1", "-01:00"),
        ("CET", "+01:00"),
        ("CEST", "+02:00"),
        ("EET", "+02:00"),
        ("EEST", "+03:00"),
        ("BST", "+01:00"),
        ("MSK", "+03:00"),
        ("AST", "+03:00"),
        ("GST", "+04:00"),
        ("EST", "-05:00"),
        ("EDT", "-04:00"),
        ("PST", "-08:00"),
        ("(CET)", "+01:00"),
        ("+0200 (CEST)", "+02:00"),
        ("GMT+0300 (Arabian Standard Time)", "+03:00"),
        ("+03:00[Asia/Riyadh]", "+03:00"),
        ("Z[UTC]", "+00:00"),
        ("Asia/Riyadh", "+03:00"),
        ("(asia/dubai)", "+04:00"),
        ("Africa/Cairo", "+03:00"),
        ("Etc/GMT-3", "+03:00"),
        ("+ 0400", "+04:00"),
        ("+ 03:00", "+03:00"),
        ("- 0500", "-05:00"),
        ("GMT + 3", "+03:00"),
        ("+03.00", "+03:00"),
        ("(GMT+03:00)", "+03:00"),
        ("IDT", "+03:00"),
        ("IST", "+02:00"),
        ("EEDT", "+03:00"),
        ("JST", "+09:00"),
        ("G.M.T.", "+00:00"),
        ("Arab Standard Time", "+03:00"),
        ("Arabian Standard Time", "+04:00"),
        ("Egypt Standard Time", "+03:00"),
        ("Central European Summer Time", "+02:00"),
        ("", "+03:00"),
    ],
)
def test_zones_are_read_as_written(zone: str, offset: str) -> None:
    wanted = datetime.fromisoformat(f"2026-08-27T09:00:00{offset}")
    for form in ("Thu, 27 Aug 2026 09:00:00", "Thu,27 Aug 2026 09:00:00", "27 Aug 2026 09:00", "2026-08-27 09:00:00"):
        assert read(f"{form} {zone}") == wanted, form


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        ("Thu Aug 27 09:00:00 AST 2026", "+03:00"),
        ("Thu Aug 27 09:00:00 Asia/Riyadh 2026", "+03:00"),
        ("Thu, 27 Aug 2026 9:00 AM +03", "+03:00"),
        ("Thu, 27 Aug 2026 9:00 AM Asia/Dubai", "+04:00"),
        ("Thu, 27 Aug 2026 9:00 am + 0400", "+04:00"),
        # A span of time, a name that is no zone's: the publisher's zone.
        ("2026-08-27 09:00 - 10:30", "+01:00"),
        ("Thu, 27 Aug 2026 09:00:00 XYZ", "+01:00"),
        ("Thu, 27 Aug 2026 09:00:00 Mars/Base", "+01:00"),
    ],
)
def test_zones_between_and_behind_other_signs(written: str, offset: str) -> None:
    assert read(written, "Africa/Tunis") == datetime.fromisoformat(f"2026-08-27T09:00:00{offset}")


@pytest.mark.parametrize(
    ("zone", "name", "offset"),
    [
        ("Asia/Kolkata", "IST", "+05:30"),
        ("Asia/Jerusalem", "IST", "+02:00"),
        ("Asia/Shanghai", "CST", "+08:00"),
        ("Africa/Cairo", "CST", "-06:00"),
    ],
)
def test_what_the_publisher_s_zone_calls_itself_is_meant_first(zone: str, name: str, offset: str) -> None:
    assert read(f"27 Aug 2026 09:00:00 {name}", zone) == datetime.fromisoformat(f"2026-08-27T09:00:00{offset}")


def test_the_publisher_s_zone_where_none_is_written() -> None:
    assert read("Thu, 27 Aug 2026 09:00:00", "Africa/Cairo") == datetime(2026, 8, 27, 6, tzinfo=UTC)
    assert read("Tue, 27 Jan 2026 09:00:00", "Africa/Cairo") == datetime(2026, 1, 27, 7, tzinfo=UTC)
    assert Clock(NOW).read("2026-08-27T09:00:00") == datetime(2026, 8, 27, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("August 27, 2026 3:00 pm", 15, 0),
        ("August 27, 2026 at 3:05 PM", 15, 5),
        ("Aug 27, 2026, 3:00 PM", 15, 0),
        ("27 August, 2026 11:59 p.m.", 23, 59),
        ("Thu, Aug 27 2026 08:18:00 PM", 20, 18),
        ("Thu, 27 Aug 2026 12:00:00 AM", 0, 0),
        ("Thu, 27 Aug 2026 12:30:00 PM", 12, 30),
        ("Thu, 27 Aug 2026 12:30:00 am", 0, 30),
        ("8/27/2026 3:00:00 PM", 15, 0),
        ("2026-08-27 09:00:00 AM", 9, 0),
        ("2026-08-27 09:00:00 م", 21, 0),
        ("٢٧ أغسطس ٢٠٢٦ ٩:٠٠ ص", 9, 0),
        ("Thursday, 27 August 2026 15:00:00", 15, 0),
        ("Thu, 27 Aug 2026 9:5:0", 9, 5),
        ("Thu Aug 27 15:04:00 2026", 15, 4),
        ("الخميس, 27 أغسطس 2026 09:00:00", 9, 0),
        ("2026/8/27 15:07:00", 15, 7),
    ],
)
def test_hours_are_read_as_written(written: str, hour: int, minute: int) -> None:
    wanted = datetime(2026, 8, 27, hour, minute, tzinfo=UTC)
    for behind, shift in (("", 3), (" +0300", 3), (" GMT", 0), (" CET", 1)):
        if behind and written[-4:] == "2026":
            continue
        if behind and not written.isascii() and behind == " CET":
            continue
        if (hour, minute) == (0, 0):
            # An empty field printed, says docs/dates.md of 00:00 on a 12-hour clock; 12 AM is midnight.
            assert "12:00" in written
        assert read(written + behind) == wanted - timedelta(hours=shift), written + behind


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 30 Nov -0001 00:00:00 +0000",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "Tue, 27 Aug 2126 09:00:00 +0300",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00",
        "-0001-11-30T00:00:00+00:00",
        "0000-00-00 00:00:00",
        "0000-00-00T00:00:00+00:00",
        "1970-01-01",
        "1970-01-01T03:00:00+03:00",
        "1900-01-01T00:00:00Z",
        "1989-12-31T00:00:00Z",
        "2126-08-27T09:00:00+03:00",
        "9999-12-31T23:59:59Z",
        "2026-09-04T00:00:00Z",
        "Thu, 99 Aug 2026 99:99:99 GMT",
        "2026-02-30T10:00:00Z",
        "2026-13-01",
        "2026-13-01T00:00:00",
        "2026/13/01 10:00",
        "٢٠٢٦-١٣-٠١",
        "1448-13-01",
        "2026-00-10",
        "20261301",
        "Sat, 31 Nov 2026 10:00:00 GMT",
        "2026-08-27T09:00:00+25:00",
        "-62135596800",
        "253402300799",
        "1/1/0001 12:00:00 AM",
        "30.12.1899 00:00:00",
        "0",
        "null",
        "N/A",
        "2026",
        "2026-08",
    ],
)
def test_what_is_no_day_of_news_is_no_date(written: str) -> None:
    assert read(written) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-08-27 09:00", date(2026, 8, 27)),
        ("Thu, 27 Aug 2026 23:30:00", date(2026, 8, 27)),
        ("27 أغسطس 2026 09:00", date(2026, 8, 27)),
        ("أمس 10:30", date(2026, 8, 31)),
        ("2026-08-27", date(2026, 8, 27)),
        # What names its zone, or counts from now, is an instant all the same.
        ("2026-08-27T09:00:00+02:00", datetime(2026, 8, 27, 7, tzinfo=UTC)),
        ("Thu, 27 Aug 2026 09:00:00 GMT", datetime(2026, 8, 27, 9, tzinfo=UTC)),
        ("Thu, 27 Aug 2026 09:00:00 EET", datetime(2026, 8, 27, 7, tzinfo=UTC)),
        ("منذ ساعتين", datetime(2026, 9, 1, 10, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Riyadh", "UTC", None])
def test_a_clock_without_a_zone_is_no_instant_where_the_zone_is_a_guess(
    written: str, meant: datetime | date, zone: str | None
) -> None:
    assert Clock(NOW, zone, zone_is_known=False).read(written) == meant


def test_today_is_that_of_the_guessed_zone() -> None:
    late = datetime(2026, 9, 1, 22, tzinfo=UTC)
    assert Clock(late, "Asia/Riyadh", zone_is_known=False).read("اليوم 00:30") == date(2026, 9, 2)


def test_tomorrow_is_one() -> None:
    assert read("2026-09-02T10:00:00Z") == datetime(2026, 9, 2, 10, tzinfo=UTC)
    assert read("2026-08-27") == date(2026, 8, 27)


@given(st.datetimes(datetime(1990, 1, 2), datetime(2026, 8, 30)), st.integers(-14 * 4, 14 * 4))
def test_standard_forms_come_back(moment: datetime, quarters: int) -> None:
    from datetime import timezone
    from email.utils import format_datetime

    written = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    assert read(written.isoformat()) == written
    assert read(format_datetime(written)) == written
    assert read(written.strftime("%A, %d %B %Y %I:%M:%S %p %z")) == written


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    value = read(text)
    assert value is None or date(1990, 1, 1) <= (value.date() if isinstance(value, datetime) else value)
