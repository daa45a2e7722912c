"""What says which release this is agrees, what is promised as stable is there, the record changes with its version."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import newscrawl
from newscrawl.items import RECORD_VERSION, json_schema
from newscrawl.program import VERSION, extractor

ROOT = Path(__file__).parent.parent
STABLE = (ROOT / "docs" / "stability.md").read_text("utf-8")


def test_one_place_says_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "newscrawl.program.VERSION"}
    assert newscrawl.__version__ == VERSION
    assert extractor() == f"newscrawl {VERSION}"


def test_what_is_written_for_people_follows() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest, day = re.findall(r"^## (\S+) \((\S+)\)$", changes, re.MULTILINE)[0]
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert (newest, day) == (VERSION, *re.findall(r"^date-released: (\S+)$", citation, re.MULTILINE))
    assert re.findall(r"^version: (\S+)$", citation, re.MULTILINE) == [VERSION]


def test_every_stable_name_is_there() -> None:
    rows = re.findall(r"^\| `(newscrawl[\w.]*)` \| (.+) \|$", STABLE, re.MULTILINE)
    assert len(rows) > 10
    named: dict[str, list[str]] = {}
    for module, text in rows:
        named[module] = [] if "__all__" in text else re.findall(r"`(\w+)`", text)
    for module, names in named.items():
        found = importlib.import_module(module)
        assert [name for name in (*names, *getattr(found, "__all__", ())) if not hasattr(found, name)] == [], module
    assert sorted(named["newscrawl"]) == sorted(newscrawl.__all__)


def shape(schema: Any) -> Any:
    """A schema without what is said to people."""
    if isinstance(schema, dict):
        told = {key for key in ("description", "title") if isinstance(schema.get(key), str)}
        return {key: shape(value) for key, value in schema.items() if key not in told}
    return [shape(each) for each in schema] if isinstance(schema, list) else schema


def test_the_record_changes_only_with_its_version() -> None:
    """record_<version>.json is what that version promised; a new version gets a file of its own."""
    kept = json.loads((ROOT / "tests" / f"record_{RECORD_VERSION}.json").read_text("utf-8"))
    assert shape(json_schema()) == kept
    assert list(json_schema()["properties"]) == list(kept["properties"])
    assert json_schema()["$id"] == f"urn:newscrawl:article:{RECORD_VERSION}"
    assert f"`urn:newscrawl:article:{RECORD_VERSION}`" in STABLE


def test_version_is_read_without_importing_anything_heavy() -> None:
    """A build in isolation has no Scrapy."""
    loaded = "import sys, newscrawl.program; print([m for m in ('scrapy', 'lxml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
