"""What the demo remembers from run to run: the day of the newspaper, and when its stories changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from newscrawl.demo.newsroom import Newsroom

NAME = "newsroom.json"


@dataclass(slots=True)
class Diary:
    """The newspaper's life beside the data that was crawled from it; `crawled` says that all of it was read."""

    path: Path
    last_day: date
    changed: list[datetime]
    crawled: bool = False

    @classmethod
    def open(cls, data_dir: Path, now: datetime) -> Diary:
        """The diary of a data directory; a new one begins yesterday. ValueError when the file is damaged."""
        path = data_dir / NAME
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            day, moments, crawled = kept["last_day"], kept["changed"], bool(kept["crawled"])
        except FileNotFoundError:
            # Yesterday has ended in every paper's zone, so that nothing is dated in the future.
            return cls(path, (now.astimezone(UTC) - timedelta(days=1)).date(), [])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is damaged; delete its directory to start over") from error
        return cls(path, date.fromisoformat(day), [datetime.fromisoformat(moment) for moment in moments], crawled)

    def next_edition(self, now: datetime) -> Newsroom:
        """The newspaper to serve: once all was read, one more story changes at `now`."""
        if self.crawled:
            self.changed.append(now)
            self.crawled = False
        newsroom = Newsroom(self.last_day, self.changed)
        self.changed = list(newsroom.changed)
        return newsroom

    def save(self) -> None:
        """Writes the diary; OSError when that cannot be done."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        kept = {
            "last_day": self.last_day.isoformat(),
            "changed": [moment.isoformat() for moment in self.changed],
            "crawled": self.crawled,
        }
        partial = self.path.with_suffix(".json.part")
        partial.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        partial.replace(self.path)
