"""The hours of the day in which a publisher may be visited."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

_WINDOW = re.compile(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*")


@dataclass(frozen=True, slots=True)
class Hours:
    """A daily window on the clock of `zone`; one whose end comes before its start lasts over midnight."""

    start: time
    end: time
    zone: tzinfo

    @classmethod
    def parse(cls, text: str, zone: tzinfo) -> Hours:
        """From "22:00-06:00"; ValueError says what is wrong with anything else."""
        match = _WINDOW.fullmatch(text)
        if not match:
            raise ValueError(f'hours must look like "22:00-06:00", not {text!r}')
        start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
        # "24:00" is how a reader writes the end of the day.
        return cls(time(start_hour % 24, start_minute), time(end_hour % 24, end_minute), zone)

    def open_at(self, now: datetime) -> bool:
        """Whether the window is open at `now` (aware); a window whose ends are equal is always open."""
        clock = now.astimezone(self.zone).time()
        if self.start < self.end:
            return self.start <= clock < self.end
        return self.start == self.end or clock >= self.start or clock < self.end

    def next_opening(self, now: datetime) -> datetime:
        """The first start of the window that is not before `now`, on the publisher's clock."""
        local = now.astimezone(self.zone)
        opening = datetime.combine(local.date(), self.start, self.zone)
        return opening if opening >= local else opening + timedelta(days=1)
