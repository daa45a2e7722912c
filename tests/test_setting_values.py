"""Settings that take a value: what fits, and the sentence for what does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

from newscrawl.addon import NewscrawlAddon
from newscrawl.setting_values import _EXPECTED, SettingError, check_settings

ROOT = Path(__file__).parents[1]
# What no check can tell before it is tried: addresses, paths, the contact (which is asked of real sites alone).
_FREE = {"CONTACT", "CLUSTER_URL", "DATA_DIR", "HOST_NAME", "STATE_URL", "SOURCES_FILE"}


def test_every_default_fits() -> None:
    check_settings(get_crawler(settings_dict={"ADDONS": {NewscrawlAddon: 1}}).settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REVISIT_AFTER", ""),
        ("REVISIT_AFTER", []),
        ("REVISIT_AFTER", (60, "120")),
        ("REVISIT_AFTER", "3600, 86400"),
        ("NEAR_DUPLICATE_WINDOW_DAYS", "0.5"),
        ("COMPRESS", ""),
        ("COMPRESS", "zstd"),
        ("ARCHIVE", "true"),
        ("ARCHIVE", 1),
        ("RETRY_TIMES", 0),
        ("LOG_LEVEL", 10),
    ],
)
def test_what_fits(name: str, value: Any) -> None:
    check_settings(Settings({name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REVISIT_AFTER", "1h"),
        ("REVISIT_AFTER", "3600,,60"),
        ("REVISIT_AFTER", [-1]),
        ("REVISIT_AFTER", None),
        ("REVISIT_AFTER", 3600),
        ("NEAR_DUPLICATE_WINDOW_DAYS", "nan"),
        ("NEAR_DUPLICATE_WINDOW_DAYS", -1),
        ("NEAR_DUPLICATE_WINDOW_DAYS", "inf"),
        ("NEAR_DUPLICATE_WINDOW_DAYS", "1e9"),
        ("REVISIT_AFTER", "99999999999"),
        ("NEAR_DUPLICATES", "maybe"),
        ("COMPRESS", "gzip"),
        ("ARCHIVE", "maybe"),
        ("ARCHIVE", ""),
        ("DOWNLOAD_MAXSIZE", "1MB"),
        ("RETRY_TIMES", "-1"),
        ("RETRY_TIMES", "2.0"),
        ("FAILED_GIVE_UP_AFTER", "0"),
        # Scrapy waits for ever with no requests allowed.
        ("CONCURRENT_REQUESTS_PER_DOMAIN", "0"),
    ],
)
def test_what_does_not_fit_is_named(name: str, value: Any) -> None:
    with pytest.raises(SettingError, match=re.escape(f"{name} is {value!r}; expected: ")):
        check_settings(Settings({name: value}))


def test_another_project_is_told_when_a_crawl_starts() -> None:
    with pytest.raises(SettingError, match="REVISIT_AFTER is 'soon'"):
        get_crawler(settings_dict={"ADDONS": {NewscrawlAddon: 1}, "REVISIT_AFTER": "soon"})


@pytest.mark.parametrize("page", ["README.md", "docs/storage.md"])
def test_every_documented_setting_is_checked(page: str) -> None:
    names = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / page).read_text("utf-8"), re.MULTILINE))
    assert names
    assert names - _FREE <= _EXPECTED.keys()
