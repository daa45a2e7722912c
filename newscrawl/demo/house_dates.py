"""Dates as the papers' house styles write them."""

from __future__ import annotations

from datetime import datetime

from hijridate import Gregorian

from newscrawl.demo import lexicon
from newscrawl.demo.stories import WEEKDAYS

_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
# Counted days of the relative style: one, two, and the plural that 3 to 10 ask for.
_AGO = {0: "اليوم", 1: "أمس", 2: "منذ يومين"}


def arabic_digits(text: str) -> str:
    """The text with Arabic-Indic digits."""
    return text.translate(_DIGITS)


def _months(when: datetime) -> tuple[str, str]:
    gulf, levant = lexicon.rows("months.tsv")[when.month - 1]
    return gulf, levant


def dual(when: datetime) -> str:
    """Both names of the month: "الأربعاء 11 شباط/فبراير 2026 - 14:30"."""
    gulf, levant = _months(when)
    return f"{WEEKDAYS[when.weekday()]} {when.day} {levant}/{gulf} {when.year} - {when:%H:%M}"


def levantine(when: datetime) -> str:
    """The Levantine name alone: "11 شباط 2026 14:30"."""
    return f"{when.day} {_months(when)[1]} {when.year} {when:%H:%M}"


def wordpress(when: datetime) -> str:
    """WordPress in Arabic, twelve hours: "11 فبراير، 2026 2:30 م"."""
    half = "ص" if when.hour < 12 else "م"
    return f"{when.day} {_months(when)[0]}، {when.year} {(when.hour - 1) % 12 + 1}:{when:%M} {half}"


def hijri(when: datetime) -> str:
    """Hijri and Gregorian in Arabic-Indic digits: "الأربعاء ٢٣ شعبان ١٤٤٧هـ - ١١ فبراير ٢٠٢٦م، الساعة ١٤:٣٠"."""
    umm_al_qura = Gregorian(when.year, when.month, when.day).to_hijri()
    month = lexicon.lines("hijri_months.txt")[umm_al_qura.month - 1]
    return arabic_digits(
        f"{WEEKDAYS[when.weekday()]} {umm_al_qura.day} {month} {umm_al_qura.year}هـ - "
        f"{when.day} {_months(when)[0]} {when.year}م، الساعة {when:%H:%M}"
    )


def relative(when: datetime, now: datetime) -> str:
    """How many days ago, both in the zone of `when`: "أمس", "منذ يومين", "منذ 5 أيام", "منذ 40 يوماً"."""
    days = (now.astimezone(when.tzinfo).date() - when.date()).days
    if days in _AGO:
        return _AGO[days]
    last = days % 100
    if 3 <= last <= 10:
        return f"منذ {days} أيام"
    return f"منذ {days} يوماً" if last else f"منذ {days} يوم"
