"""docs/storage.md names a test for each promise: they exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_promise_names_a_test_that_exists() -> None:
    text = (ROOT / "docs" / "storage.md").read_text("utf-8").split("| said | holds |")[0]
    rows = [
        line for line in text.split("## Promised")[1].split("## Not promised")[0].splitlines() if line.startswith("| ")
    ]
    assert len(rows) > 10
    for row in rows[1:]:
        shown_by = row.rsplit("|", 2)[1]
        files = re.findall(r"tests/[\w/]+\.py", shown_by)
        assert files, row
        sources = "".join((ROOT / file).read_text("utf-8") for file in files)
        for name in re.findall(r"\btest_\w+(?=`)", shown_by):
            assert f"def {name}(" in sources, name
