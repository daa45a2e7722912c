"""Dates: what a result says of itself, bounds, house styles, several dates in one line, hostile text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.arabic import parse_date, parse_dates, parse_time
from newscrawl.arabic.dates.folding import fold_date_text

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
RIYADH, NEWFOUNDLAND = timezone(timedelta(hours=3)), timezone(-timedelta(hours=3.5))
_PIECES = st.sampled_from(
    [
        *(
            "22",
            "3",
            "2019",
            "1440",
            "٢٢",
            "14:35",
            "02:35",
            "0",
            "99",
            "20190322",
            "مارس",
            "آذار",
            "رجب",
            "صفر",
            "كانون",
        ),
        *(
            "الثاني",
            "الجمعة",
            "منذ",
            "قبل",
            "ساعات",
            "يومين",
            "أمس",
            "اليوم",
            "م",
            "ص",
            "هـ",
            "الساعة",
            "بتوقيت",
            "مكة",
        ),
        *(
            "المكرمة",
            "GMT",
            "+3",
            "/",
            "-",
            ":",
            "،",
            "(",
            ")",
            "من",
            "و",
            "والنصف",
            "الرابع",
            "عام",
            "نشر",
            "تحديث",
            "\n",
        ),
        *(
            "\u200f",
            "ـ",
            "&nbsp;",
            "&amp;",
            "ﻣﺎﺭﺱ",
            "May",
            "th",
            "T",
            "Z",
            "ago",
            ".",
            "|",
            "الموافق",
            "إلى",
            "حتى",
            "قطر",
        ),
    ]
)


def test_what_a_result_says_of_itself() -> None:
    found = parse_date("نشر في: الجمعة 22 مارس 2019 - 02:35 م بتوقيت القاهرة", now=NOW, timezone="Asia/Riyadh")
    assert found is not None
    assert found.value == datetime(2019, 3, 22, 14, 35, tzinfo=timezone(timedelta(hours=2)))
    assert (found.precision, found.calendar, found.zone, found.label) == ("minute", "gregorian", "text", "published")
    assert found.text == "22 مارس 2019 - 02:35 م بتوقيت القاهرة"
    assert (found.relative, found.approximate) == (False, False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("نُشِرَ يوم ٢٢ مارس ٢٠١٩ مساءً", "٢٢ مارس ٢٠١٩"),
        ("22 مـــارس 2019", "22 مـــارس 2019"),
        ("الجمعة\u200f 22\u200f مارس\u200f 2019\u200f.", "22\u200f مارس\u200f 2019"),
        ("&nbsp;22&nbsp;مارس&nbsp;2019", "22&nbsp;مارس&nbsp;2019"),
    ],
)
def test_the_place_is_in_the_text_as_it_was_given(text: str, found: str) -> None:
    parsed = parse_date(text, now=NOW, timezone="Asia/Riyadh")
    assert parsed is not None
    assert (parsed.text, text[slice(*parsed.span)]) == (found, found)
    assert parsed.value == date(2019, 3, 22)


def test_of_the_longest_text_that_is_read_nothing_is_cut() -> None:
    line = "22 مارس 2019"
    for more, expected in ((0, date(2019, 3, 22)), (1, date(2026, 3, 22))):
        text = "\u064b" * (1200 - len(line) + more) + line
        found = parse_date(text, now=NOW, timezone="Asia/Riyadh")
        assert found is not None
        assert found.value == expected


def test_zone_of_the_text_counts_even_when_it_is_the_default() -> None:
    found = parse_date("08 ديسمبر 2016 11:30 KSA", now=NOW, timezone="Asia/Riyadh")
    assert found is not None
    assert found.zone == "text"


def test_no_zone_known_gives_a_naive_time() -> None:
    found = parse_date("22 مارس 2019 14:35", now=NOW, timezone=None)
    assert found is not None
    assert found.value == datetime(2019, 3, 22, 14, 35)
    assert found.zone is None


@pytest.mark.parametrize("text", ["15 رجب 1440", "22 مارس", "19 - 21 شوال 1436هـ", "منذ حوالي ساعة"])
def test_uncertain_days_say_so(text: str) -> None:
    found = parse_date(text, now=NOW, timezone="Asia/Riyadh")
    assert found is not None
    assert found.approximate


def test_month_first_houses() -> None:
    by_house = parse_date("07/12/2026", now=NOW, timezone="Asia/Riyadh", day_first=False)
    by_weekday = parse_date("أحد, 07/12/2026 - 13:30", now=NOW, timezone="Asia/Riyadh")
    day_first = parse_date("07/11/2026", now=NOW, timezone="Asia/Riyadh")
    assert by_house is not None
    assert by_weekday is not None
    assert day_first is not None
    assert by_house.value == date(2026, 7, 12)
    assert by_weekday.value == datetime(2026, 7, 12, 13, 30, tzinfo=timezone(timedelta(hours=3)))
    assert day_first.value == date(2026, 11, 7)


def test_bounds() -> None:
    text = "19 فبراير (شباط) 1942"
    assert parse_date(text, now=NOW, timezone=None) is None
    assert parse_date(text, now=NOW, timezone=None, earliest=date(1900, 1, 1)) is not None
    assert parse_date("24 نوفمبر 2026", now=NOW, timezone="Asia/Riyadh") is None
    assert parse_date("23 نوفمبر 2026", now=NOW, timezone="Asia/Riyadh") is not None
    assert parse_date("2026-11-24T10:00:00Z", now=NOW, timezone="Asia/Riyadh") is None
    assert parse_date("22 مارس 2019", now=NOW, timezone=None, latest=date(2019, 3, 21)) is None
    for written in ("22 مارس 2019", "2019-03-22", "22/03/2019", "20190322"):
        for day, is_within in ((21, True), (22, True), (23, False)):
            found = parse_date(written, now=NOW, timezone=None, earliest=date(2019, 3, day))
            assert (found is not None) is is_within, written
        assert parse_date(written, now=NOW, timezone=None, latest=date(2019, 3, 22)) is not None


def test_a_refused_date_is_not_read_as_another() -> None:
    assert parse_date("22 مارس 1850", now=NOW, timezone=None) is None
    assert parse_date("الإثنين، 30 تشرين2/نوفمبر -0001 00:00", now=NOW, timezone=None) is None


def test_both_calendars_of_one_line() -> None:
    found = parse_dates("الخميس - 14 ربيع الأول 1448 هـ - 27 أغسطس 2026 م", now=NOW, timezone="Asia/Riyadh")
    assert [(each.value, each.calendar) for each in found] == [
        (date(2026, 8, 27), "hijri"),
        (date(2026, 8, 27), "gregorian"),
    ]


def test_a_clock_behind_both_calendars_is_of_both_and_of_no_day_before() -> None:
    line = "1 يناير 2026، ثم 22 نوفمبر 2026 الموافق 12 جمادى الآخرة 1448 الساعة 10:00"
    moment = datetime(2026, 11, 22, 10, tzinfo=timezone(timedelta(hours=3)))
    assert [found.value for found in parse_dates(line, now=NOW, timezone="Asia/Riyadh")] == [
        date(2026, 1, 1), moment, moment,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value", "precision", "zone"),
    [
        (" 2026-11-20 ", date(2026, 11, 20), "day", None),
        ("20261120", date(2026, 11, 20), "day", None),
        ("2026-11-20T10:05", datetime(2026, 11, 20, 10, 5, tzinfo=RIYADH), "minute", "default"),
        ("2026-11-20T10:05:00", datetime(2026, 11, 20, 10, 5, tzinfo=RIYADH), "second", "default"),
        ("20261120T100509Z", datetime(2026, 11, 20, 10, 5, 9, tzinfo=UTC), "second", "text"),
        ("2026-11-20 10:05z", datetime(2026, 11, 20, 10, 5, tzinfo=UTC), "minute", "text"),
        ("2026-11-20T10:05:09.25+00:00", datetime(2026, 11, 20, 10, 5, 9, 250_000, tzinfo=UTC), "second", "text"),
        ("2026-11-20T10:05-0330", datetime(2026, 11, 20, 10, 5, tzinfo=NEWFOUNDLAND), "minute", "text"),
    ],
)  # fmt: skip
def test_a_text_in_iso_8601_and_nothing_else(text: str, value: date, precision: str, zone: str | None) -> None:
    found = parse_date(text, now=NOW, timezone="Asia/Riyadh")
    assert found is not None
    assert (found.value, found.precision, found.zone, found.text) == (value, precision, zone, text.strip())
    assert text[slice(*found.span)] == found.text
    assert found.value.isoformat() == value.isoformat()


def test_publication_and_update_keep_their_times() -> None:
    line = "نشر: 22 مارس 2019 10:00 تحديث: 25 مارس 2019 11:00"
    found = parse_dates(line, now=NOW, timezone="UTC")
    assert [(each.value, each.label) for each in found] == [
        (datetime(2019, 3, 22, 10, tzinfo=UTC), "published"),
        (datetime(2019, 3, 25, 11, tzinfo=UTC), "modified"),
    ]
    first_updated = parse_date("آخر تحديث: 25 مارس 2019 - نشر في: 22 مارس 2019", now=NOW, timezone=None)
    assert first_updated is not None
    assert first_updated.value == date(2019, 3, 22)


@pytest.mark.parametrize(
    ("text", "hour", "minute", "offset"),
    [
        ("18:07 ت م", 18, 7, 3),
        ("04.17 بتوقيت جرينتش", 4, 17, 0),
        ("2:00 تغ", 2, 0, 0),
        ("الساعة 07:30 صباحًا", 7, 30, None),
        ("الساعة ٨:٥٤ من مساء", 20, 54, None),
        ("الساعة الثانية عشرة والنصف ليلا", 0, 30, None),
    ],
)
def test_a_time_without_a_day(text: str, hour: int, minute: int, offset: int | None) -> None:
    assert parse_date(text, now=NOW, timezone="Asia/Riyadh") is None
    found = parse_time(text)
    assert found is not None
    assert (found.hour, found.minute) == (hour, minute)
    shift = found.zone.utcoffset(datetime(2019, 1, 1)) if found.zone else None
    assert shift == (None if offset is None else timedelta(hours=offset))


@pytest.mark.parametrize(
    "text",
    "27 ـ 8 ـ 2026|الخميس ـ 27 ـ 8 ـ 2026|٢٧ ـ ٨ ـ ٢٠٢٦|27 _ 8 _ 2026|27_08_2026|2026 ـ 8 ـ 27|27ــ8ــ2026|27ـ8 ـ 2026|"
    "نشر بتاريخ 27 ـ 8 ـ 2026 م|الخميس 27 ـ أغسطس ـ 2026|27 ـ 8 ـ 2026 ـ الساعة 14:35|27 ـــ 8 ـــ 2026".split("|"),
)
def test_a_tatweel_or_an_underscore_for_a_dash(text: str) -> None:
    found = parse_date(text, now=datetime(2026, 9, 1, tzinfo=UTC), timezone="Asia/Riyadh")
    assert found is not None
    assert found.value.strftime("%Y-%m-%d") == "2026-08-27"
    assert found.text in text


@pytest.mark.parametrize(
    "text",
    [
        "27 أغسطس 2026 - KSA 14:35 - GMT 11:35",
        "KSA 14:35 - GMT 11:35 27 أغسطس 2026",
        "آخر تحديث: الخميس 27 أغسطس 2026 KSA 14:35 - GMT 11:35",
        "27/08/2026 GMT 11:35 KSA 14:35",
        "27/08/2026 - 14:35 KSA 11:35 GMT",
        "14:35 KSA - 11:35 GMT 27 أغسطس 2026",
        "27 أغسطس 2026 - بتوقيت السعودية 14:35 - بتوقيت غرينتش 11:35",
        "27 أغسطس 2026 - 14:35 بتوقيت السعودية - 11:35 بتوقيت غرينتش",
        "الخميس 27 أغسطس 2026 بتوقيت مكة 14:35 (غرينتش 11:35)",
        "الخميس 27 أغسطس 2026، 14:35 (مكة المكرمة) - 11:35 (غرينتش)",
        "27 أغسطس 2026 | القاهرة 14:35 | غرينتش 11:35",
        "توقيت السعودية 02:35 م 27-08-2026",
        "27-08-2026 | بتوقيت القاهرة: 14:35",
        "GMT 11:35 - 27/08/2026",
        "(KSA) 14:35 27/08/2026",
    ],
)
def test_a_zone_before_or_behind_its_clock(text: str) -> None:
    found = parse_date(text, now=datetime(2026, 9, 1, tzinfo=UTC), timezone="Asia/Dubai")
    assert found is not None
    assert found.value == datetime(2026, 8, 27, 11, 35, tzinfo=UTC)
    assert found.zone == "text"


def test_a_zone_behind_another_clock_is_not_the_first_ones() -> None:
    found = parse_date(
        "27 أغسطس 2026 14:35 (غرينتش 11:35)", now=datetime(2026, 9, 1, tzinfo=UTC), timezone="Asia/Qatar"
    )
    assert found is not None
    assert (found.value, found.zone) == (datetime(2026, 8, 27, 11, 35, tzinfo=UTC), "default")


@pytest.mark.parametrize(
    "text", ["14 ربيع الأول 1448 (مكة المكرمة)", "الخميس 14-03-1448 هـ (مكة المكرمة)", "14 ربيع الأول 1448 بتوقيت مكة"]
)
def test_a_hijri_day_of_mecca_is_sure(text: str) -> None:
    found = parse_date(text, now=datetime(2026, 9, 1, tzinfo=UTC), timezone=None)
    assert found is not None
    assert (found.value, found.approximate) == (date(2026, 8, 27), False)


_BOUNDS = st.none() | st.dates()
_ZONES = st.sampled_from([None, "Asia/Riyadh", "Pacific/Kiritimati", "America/Los_Angeles", "UTC"])


@given(
    st.lists(_PIECES, max_size=12).map(" ".join) | st.sampled_from(["15 شوال", "أمس", "الأحد المقبل", "غدا", "30 رجب"]),
    st.datetimes(timezones=st.none() | st.timezones()),
    _BOUNDS,
    _BOUNDS,
    _ZONES,
)
@example("15 شوال", datetime(2099, 1, 1, tzinfo=UTC), date(1900, 1, 1), date(2099, 1, 1), None)
@example("15 شوال", datetime.min, None, None, "Asia/Riyadh")
@example("غدا، الأحد المقبل", datetime.max.replace(tzinfo=UTC), date.max, date.min, "Pacific/Kiritimati")
def test_any_clock_and_bounds(
    text: str, now: datetime, earliest: date | None, latest: date | None, zone: str | None
) -> None:
    for found in parse_dates(text, now=now, timezone=zone, earliest=earliest, latest=latest):
        day = found.value.date() if isinstance(found.value, datetime) else found.value
        assert found.relative or (earliest or date(1990, 1, 1)) <= day


def test_text_far_behind_is_not_read_and_no_number_is_cut() -> None:
    assert parse_date("س" * 400 + " 22 مارس 2019", now=NOW, timezone=None) is None
    cut = "س " * 143 + "22 مارس 2019"
    assert len(cut) < 300
    assert parse_date(cut, now=NOW, timezone=None) is not None
    for padding in range(280, 300):
        found = parse_date("س" * padding + " 22 مارس 2019", now=NOW, timezone=None)
        assert found is None or found.value == date(2019, 3, 22) or found.approximate


@given(
    st.one_of(
        st.text(max_size=400), st.lists(_PIECES, max_size=40).map(" ".join), st.lists(_PIECES, max_size=60).map("".join)
    )
)
def test_any_text_is_read_without_error(text: str) -> None:
    found = parse_dates(text, now=NOW, timezone="Asia/Riyadh")
    for each in found:
        start, end = each.span
        assert 0 <= start < end <= len(text)
        assert text[start:end] == each.text
    best = parse_date(text, now=NOW, timezone="Asia/Riyadh")
    assert (best is None) == (not found)
    if best is not None:
        assert date(1990, 1, 1) <= (best.value.date() if isinstance(best.value, datetime) else best.value)


@pytest.mark.parametrize(
    "piece", ["1", "22 مارس ", "15 رجب ", "منذ 3 ساعات و ", "&amp;", "12:34 ", "ـ", "كانون ", "و", "1-2-3-"]
)
def test_a_megabyte_is_no_matter(piece: str) -> None:
    parse_date(piece * (1_000_000 // len(piece)), now=NOW, timezone="Asia/Riyadh")


@pytest.mark.parametrize("text", ["2026-11-22T10:30:00{}", "22 نوفمبر 2026 10:30 {}"])
@pytest.mark.parametrize(("offset", "hours"), [("+12:00", 12), ("+13:00", 13), ("+14:00", 14), ("-12:00", -12)])
def test_the_furthest_zones_that_there_are(text: str, offset: str, hours: int) -> None:
    found = parse_date(text.format(offset), now=NOW)
    assert found is not None
    assert isinstance(found.value, datetime)
    assert found.value.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["2026-11-22T10:30:00{}", "22 نوفمبر 2026 10:30 {}"])
@pytest.mark.parametrize("offset", ["+14:60", "+15:00", "+99:00"])
def test_no_zone_is_further(text: str, offset: str) -> None:
    found = parse_date(text.format(offset), now=NOW)
    assert found is None or not isinstance(found.value, datetime) or found.value.utcoffset() is None


@pytest.mark.parametrize(("month", "days"), [("صفر", 29), ("رجب", 30), ("شعبان", 29), ("رمضان", 30)])
def test_the_thirtieth_of_a_month_of_29_days_is_the_day_after(month: str, days: int) -> None:
    """The Umm al-Qura calendar gives Safar and Sha'ban 1447 29 days; elsewhere the moon was seen a day later."""
    last = parse_date(f"29 {month} 1447 هـ", now=NOW)
    thirtieth = parse_date(f"30 {month} 1447 هـ", now=NOW)
    assert last is not None
    assert thirtieth is not None
    assert thirtieth.value - last.value == timedelta(days=1)  # type: ignore[operator]
    assert parse_date(f"31 {month} 1447 هـ", now=NOW) is None or days == 30


@pytest.mark.parametrize("text", ["العدد 5 : 22 مارس 2026", "الخبر رقم 5 : 22/3/2026", "5 : 22 - 3 - 2026"])
def test_a_number_before_a_colon_and_a_date_is_no_hour(text: str) -> None:
    found = parse_date(text, now=NOW)
    assert found is not None
    assert (found.value, found.precision) == (date(2026, 3, 22), "day")


@given(st.text(max_size=60), st.lists(_PIECES, max_size=8))
def test_every_folded_character_has_a_place_in_the_text(text: str, pieces: list[str]) -> None:
    given_text = text + " ".join(pieces)
    folded, offsets = fold_date_text(given_text)
    if offsets is None:
        assert len(folded) <= len(given_text)
        return
    assert len(offsets) >= len(folded) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(given_text)
    if len(folded) < 300:
        assert len(offsets) == len(folded) + 1


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("الساعة الثالثة والعشرين والنصف", 23, 30),
        ("الساعة الحادية والعشرين", 21, 0),
        ("الساعة الواحدة والعشرين", 21, 0),
        ("الساعة الثانية والعشرين", 22, 0),
        ("الساعة الرابعة والعشرين إلا ربعا", 23, 45),
        ("الساعة العشرين", 20, 0),
        ("الساعة الثالثة عشرة", 13, 0),
        ("الساعة الرابعة", 4, 0),
    ],
)
def test_hours_of_the_24_hour_clock_in_words(text: str, hour: int, minute: int) -> None:
    """As broadcasters of the Maghreb say them; of "four and twenty" four is another hour."""
    found = parse_time(text)
    assert found is not None
    assert (found.hour, found.minute) == (hour, minute)


@pytest.mark.parametrize(("timezone_", "hour"), [("Asia/Riyadh", "16:00:00+03:00"), (None, "13:00:00+00:00")])
def test_an_age_has_the_zone_of_the_clock_that_it_is_reckoned_from(timezone_: str | None, hour: str) -> None:
    found = parse_date("منذ ساعتين", now=NOW, timezone=timezone_)
    assert found is not None
    assert (str(found.value), found.zone) == (f"2026-11-22 {hour}", "default")
    naive = parse_date("منذ ساعتين", now=NOW.replace(tzinfo=None))
    assert naive is None or naive.zone is None


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("السبت 21/11", True),
        ("السبت، 21/11", True),
        ("(السبت 21/11)", True),
        ("يوم السبت في 21/11", True),
        ("21/11 السبت", True),
        # A share, a half of the day, a score with spaces, and what says no day at all.
        ("السبت 21/11 %", False),
        ("السبت 21/11 ص", False),
        ("السبت 21/11: خبر", False),
        ("السبت 21 / 11", False),
        ("السبت 21/ 11", False),
        ("السبت 21 /11", False),
        ("السبت 21/ يوم", False),
        ("السبت +21/11", False),
        ("21/11", False),
    ],
)
def test_two_numbers_are_a_day_only_beside_its_weekday(text: str, is_date: bool) -> None:
    """The 21st of November 2026 is a Saturday."""
    found = parse_date(text, now=NOW)
    assert (found is not None) == is_date
    if found is not None:
        assert (found.value, found.approximate) == (date(2026, 11, 21), True)


def test_words_between_a_day_and_its_clock_or_weekday_end_neither() -> None:
    for text, value in {
        "أمس في الساعة 10:30": datetime(2026, 11, 21, 10, 30),
        "منذ يومين في 10:30": datetime(2026, 11, 20, 10, 30),
        "أمس في الأحد": date(2026, 11, 21),
    }.items():
        found = parse_date(text, now=NOW)
        assert found is not None, text
        assert found.value == value, text
    # Of a sentence they are part.
    assert parse_date("منذ يومين في المدينة", now=NOW) is None
    assert parse_date("الساعة في أمس في المدينة", now=NOW) is None
