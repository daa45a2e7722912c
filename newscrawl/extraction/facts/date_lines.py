"""The date strings of a page's offers, read once each: what they state, and which lines are there to say a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from newscrawl.arabic import ParsedDate, parse_date, parse_dates
from newscrawl.arabic.sentences import ends_sentence, pauses
from newscrawl.extraction.fields import URL, Field, Offer, RawFields

HIJRI_YEAR = re.compile("[1١][34٣٤][0-9٠-٩]{2}")
_RANGE = re.compile(r"\d\s*[-–]\s*\d+\s+\D")
_OF_MECCA = re.compile(r"\s*[(\[]?\s*(?:بتوقيت\s+)?مكة(?:\s+المكرمة)?\s*[)\]]?")
_MECCA = "Asia/Riyadh"
_AMBIGUOUS = re.compile(r"^\s*(?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|1[0-2])[/.-]\d{4}")
_MOST_SHOWN = 8
# Half of "الأحد 3 مايو 2026 - محليات" is a date; so is more than half of "ويسري القرار من صباح الأحد الموافق 26 يوليو."
_SHARE_OF_LINE, _SHARE_OF_SENTENCE = 0.5, 0.75
_LABELLED = re.compile(
    r"\s*(?:(?:ال)?تاريخ(?:\s+(?:ال)?(?:نشر|إضافة|خبر|تحديث))?|تم النشر|نُ?شرت?|أضيفت?|[آا]خر تحديث)"
    r"\s*(?:(?:في|بتاريخ|يوم)\s*:?|:)"
)
_LONGEST_LABELLED, _LONGEST_BESIDE = 70, 16
_SAYS_PUBLISHED = re.compile(r"\s*(?:تاريخ النشر|نُ?شر(?:ت)?|تم النشر)\s*(?:في|بتاريخ|يوم|:)")
_AGE = re.compile(
    r"^\s*(?:منذ|قبل)\s+(?:(?:حوالي|نحو|بضع|عدة)\s+)?(?:ثانية|ثوان[يى]?|لحظات|دقيقة|دقيقتين|دقائق|ساعة|ساعتين|ساعات"
    r"|يوم|يومين|[أا]يام|[أا]سبوع|[أا]سبوعين|شهر|شهرين)(?:\s+(?:واحدة?|قليلة))?\s*$"
)


@dataclass(frozen=True, slots=True)
class DateContext:
    """What dates are read against: the fetch time (aware), the site's zone, and its house habits."""

    now: datetime
    zone: str | None
    false_utc: bool = False
    month_first: bool = False

    @property
    def tz(self) -> tzinfo | None:
        return ZoneInfo(self.zone) if self.zone else None


class DateLines:
    """Reads the date offers of one page; no string is parsed twice, and none that is not needed."""

    def __init__(self, fields: RawFields, url: str, context: DateContext) -> None:
        self._fields = fields
        self._url = url
        self._context = context
        self._parsed: dict[str, ParsedDate | None] = {}
        self._found: dict[str, list[ParsedDate]] = {}

    def read_offers(self, *names: Field) -> Iterator[tuple[Offer, ParsedDate]]:
        """The offers of these names that state a date, and the dates."""
        for name in names:
            for offer in self._fields.of(name)[:_MOST_SHOWN]:
                if (parsed := self.parse(offer.value)) is not None:
                    yield offer, parsed

    @cached_property
    def machine_days(self) -> frozenset[date]:
        """The days that rules and machine dates name, of publication and of change."""
        offers = (*self._fields.of("published"), *self._fields.of("modified"))
        return frozenset(day_of(parsed.value) for offer in offers if (parsed := self.parse(offer.value)) is not None)

    def is_date(self, line: str) -> bool:
        """Whether most of a line is a date, in one calendar or two; nearly all of it, where it ends as sentences do."""
        if not any(map(str.isdigit, line)):
            return _AGE.match(line) is not None
        found = self.dates_in(line)
        least = _SHARE_OF_SENTENCE if ends_sentence(line) else _SHARE_OF_LINE
        return any(map(_is_sure, found)) and _length(found) >= least * len(line)

    def is_dateline(self, line: str) -> bool:
        """Whether most of a line is a date, and no other day than those that the page's machine dates name; a stamp
        of theirs with its time of day makes a line with a section or a name beside it one, too."""
        if not self.is_date(line):
            return self._is_stamped(line) or self._is_labelled(line)
        found = self.dates_in(line)
        return not found or not self.machine_days or any(d.label or d.relative or self._is_near(d) for d in found)

    def _is_stamped(self, line: str) -> bool:
        if not any(map(str.isdigit, line)) or ends_sentence(line):
            return False
        stamps = [d for d in self.dates_in(line) if d.precision == "minute" and day_of(d.value) in self.machine_days]
        return 4 * _length(stamps) >= len(line)

    def _is_labelled(self, line: str) -> bool:
        """Whether a short line begins with the label of a date, whatever tools stand behind it."""
        if len(line) > _LONGEST_LABELLED or not (label := _LABELLED.match(line)):
            return False
        sure = [found for found in self.dates_in(line) if _is_sure(found)]
        if label[0].rstrip().endswith(":"):
            return bool(sure)
        # Without a colon it may be a sentence: nothing but a weekday and a clock stand beside the date.
        beside = ((found.span[0] - label.end(), len(line) - found.span[1]) for found in sure)
        return any(max(places) <= _LONGEST_BESIDE for places in beside)

    def dates_in(self, line: str) -> list[ParsedDate]:
        """Every date of a line."""
        if line not in self._found:
            context = self._context
            self._found[line] = parse_dates(
                line, now=context.now, timezone=context.zone, day_first=not context.month_first
            )
        return self._found[line]

    def _is_near(self, found: ParsedDate) -> bool:
        day = day_of(found.value)
        if found.precision == "month":
            return any((day.year, day.month) == (known.year, known.month) for known in self.machine_days)
        return any(abs(day - known) <= timedelta(days=1) for known in self.machine_days)

    def visible(self) -> list[Offer]:
        """The lines that names say are dates, as readers see them."""
        return self._fields.of("visible_date")[:_MOST_SHOWN]

    def loose(self) -> list[Offer]:
        """The lines near the headline that have figures in them; first those that say of themselves that they are the
        publication's."""
        offers = self._fields.of("loose_date")[:_MOST_SHOWN]
        return sorted(offers, key=lambda offer: not _SAYS_PUBLISHED.match(str(offer.value)))

    def changed(self) -> list[Offer]:
        """The dates that a label says are those of a change, or their lines."""
        return self._fields.of("changed")[:_MOST_SHOWN]

    def told(self) -> list[Offer]:
        """Those and the other lines that may be."""
        return [*self.visible(), *self.loose()]

    def parse(self, text: object) -> ParsedDate | None:
        """The date of an offer's value; None where it states none."""
        if not isinstance(text, str) or len(text) > 300:
            return None
        if text not in self._parsed:
            self._parsed[text] = self._read(text, day_first=not self._context.month_first)
            if _AMBIGUOUS.match(text):
                self._parsed[text] = self._as_shown(text) or self._parsed[text]
        return self._parsed[text]

    def _read(self, text: str, *, day_first: bool) -> ParsedDate | None:
        return parse_date(text, now=self._context.now, timezone=self._context.zone, day_first=day_first)

    def _as_shown(self, text: str) -> ParsedDate | None:
        """The reading of "11/7/2026" whose day the page shows its readers in words."""
        shown = [str(offer.value) for offer in self.told()]
        days = {day_of(found.value) for line in shown if not _AMBIGUOUS.match(line) and (found := self.parse(line))}
        readings = [self._read(text, day_first=day_first) for day_first in (True, False)]
        return next((found for found in readings if found is not None and day_of(found.value) in days), None)

    def fills(self, parsed: ParsedDate, offer: Offer) -> bool:
        """Whether a visible line is there to say the date: all of a date, in one calendar or two, fills most of it."""
        if offer.layer == URL:
            return True
        if parsed.precision in ("month", "year") or not (_is_sure(parsed) or self._is_official(parsed)):
            return False
        if parsed.label == "published":
            return True
        start, end = parsed.span
        if 2 * (end - start) >= len(_OF_MECCA.sub("", offer.value)):
            return True
        if 4 * (end - start) >= len(offer.value) and self._is_stamp_in_row(parsed, offer.value):
            return True
        return 2 * _length(self.dates_in(offer.value)) >= len(offer.value)

    def tells_change(self, parsed: ParsedDate, offer: Offer) -> bool:
        """Whether a line is there to say the date of a change: a short note of it, or a line that the date fills."""
        is_note = parsed.label == "modified" and len(offer.value) <= _LONGEST_LABELLED
        is_note = is_note and parsed.precision not in ("month", "year") and not ends_sentence(offer.value)
        return (is_note and _is_sure(parsed)) or self.fills(parsed, offer)

    def _is_stamp_in_row(self, parsed: ParsedDate, line: str) -> bool:
        """Whether a day with its year and its time of day stands in a row of short notes, a name and counters."""
        is_whole = parsed.precision == "minute" and not parsed.approximate and not parsed.relative
        return is_whole and len(line) <= _LONGEST_LABELLED and not pauses(line)

    def _is_official(self, parsed: ParsedDate) -> bool:
        """Whether a Hijri date with its year is a Saudi site's, whose calendar is the one it was reckoned by."""
        is_whole = parsed.calendar == "hijri" and HIJRI_YEAR.search(parsed.text) is not None
        return is_whole and self._context.zone == _MECCA and not _RANGE.search(parsed.text)


def day_of(value: date) -> date:
    """The day of a date or a datetime."""
    return value.date() if isinstance(value, datetime) else value


def _length(dates: list[ParsedDate]) -> int:
    """How many characters of a line its dates are."""
    return sum(found.span[1] - found.span[0] for found in dates)


def _is_sure(found: ParsedDate) -> bool:
    """Whether a date is stated whole; of a day with a time of day the year goes without saying."""
    if not found.approximate:
        return True
    return found.calendar == "gregorian" and found.precision == "minute" and not found.relative
