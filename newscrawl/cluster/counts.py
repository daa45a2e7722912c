"""What became of an archive's responses, kept in its ledger `done/<archive>.json`."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from newscrawl.storage.append import sync_directory


@dataclass(slots=True)
class Counts:
    """Of one archive, or of many added up.

    `responses` came; of them `html` were pages with status 200, `sifted` of these were left out as not Arabic before
    they were parsed, `extracted` became articles. `rejected` and `passed_over` say why the others did not,
    `field_errors` which fields had to be left out of how many pages because reading them failed, `damage` where the
    file is broken ("damaged at 1234"), `seconds` is processor time.
    """

    archive: str = ""
    size: int = 0
    responses: int = 0
    html: int = 0
    sifted: int = 0
    extracted: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    field_errors: Counter[str] = field(default_factory=Counter)
    damage: list[str] = field(default_factory=list)
    seconds: float = 0.0
    versions: dict[str, str] = field(default_factory=dict)

    def add(self, other: Counts) -> None:
        """Takes another archive's counts in."""
        self.size += other.size
        self.responses += other.responses
        self.html += other.html
        self.sifted += other.sifted
        self.extracted += other.extracted
        self.rejected.update(other.rejected)
        self.passed_over.update(other.passed_over)
        self.field_errors.update(other.field_errors)
        self.damage += [f"{other.archive}: {each}" for each in other.damage]
        self.seconds += other.seconds

    def write(self, path: Path) -> None:
        """The ledger, whole or not at all; OSError when it cannot be written."""
        growing = path.with_name(f".{path.name}.{os.getpid()}.part")
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        with growing.open("w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        growing.replace(path)
        sync_directory(path.parent)

    @classmethod
    def read(cls, path: Path) -> Counts:
        """The counts of a ledger; ValueError or TypeError when it is none."""
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for name in ("rejected", "passed_over", "field_errors"):
            values[name] = Counter(values.get(name, {}))
        return cls(**values)
