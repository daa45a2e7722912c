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


@pytest.mark.parametrize(
    "name",
    [
        *("SOURCES_AT_ONCE", "HOST_MAX_FAILURES", "CLUSTER_HEARTBEAT", "CLUSTER_STALLED_AFTER"),
        *("CONCURRENT_REQUESTS", "CONCURRENT_REQUESTS_PER_DOMAIN", "FAILED_GIVE_UP_AFTER"),
    ],
)
def test_of_what_must_be_there_one_is_the_least(name: str) -> None:
    check_settings(Settings({name: "1"}))
    with pytest.raises(SettingError, match=f"{name} is '0'; expected: a whole number, 1 or more"):
        check_settings(Settings({name: "0"}))


@pytest.mark.parametrize("name", ["DOWNLOAD_DELAY", "RETRY_AFTER_MAX", "SEAL_AFTER", "EXTRACT_TIMEOUT", "SHIP_EVERY"])
def test_seconds_are_numbers_that_somebody_may_mean(name: str) -> None:
    for value in ("0", "0.5", 1e10):
        check_settings(Settings({name: value}))
    for value in ("-0.1", "1e11", "inf", "nan", "soon", None, ""):
        with pytest.raises(SettingError, match=f"{name} is .*; expected: a number of seconds, 0 or more"):
            check_settings(Settings({name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STORE_URL", "s3://user:of-mine@bucket/prefix"),
        ("STORE_URL", "s3://bucket/prefix?token=of-mine"),
        ("STORE_URL", "https://bucket/of-mine"),
        *(
            ("STORE_OPTIONS", f'{{"{option}": "of-mine"}}')
            for option in (
                *("access_key_id", "secret_access_key", "session_token", "account_key", "sas_key", "bearer_token"),
                *("service_account", "sse_customer_key_base64", "client_secret", "proxy_url", "default_headers"),
            )
        ),
        ("STORE_OPTIONS", '{"region": 7, "x": "of-mine"}'),
        ("ALERTS", {"mailto://me:of-mine@university.edu": 1}),
        ("ALERTS", ["mailto://me:of-mine@university.edu", 7]),
        ("PING_URL", "ftp://me:of-mine@university.edu"),
    ],
)
def test_what_may_be_secret_is_refused_without_being_shown(name: str, value: Any) -> None:
    with pytest.raises(SettingError, match=f"{name} is not one that can be used; expected: ") as refused:
        check_settings(Settings({name: value}))
    assert "of-mine" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STORE_URL", "s3://bucket/prefix"),
        ("STORE_URL", "file:///srv/corpus"),
        ("STORE_URL", None),
        ("STORE_OPTIONS", '{"region": "eu-south-1", "web_identity_token_file": "/run/token"}'),
        ("STORE_OPTIONS", {"endpoint": "https://store.university.edu"}),
        ("ALERTS", ["mailto://me@university.edu", "@/etc/alerts"]),
        ("PING_URL", "https://ping.university.edu/x"),
    ],
)
def test_addresses_without_secrets_are_taken(name: str, value: Any) -> None:
    check_settings(Settings({name: value}))


@pytest.mark.parametrize(
    ("given", "meant"),
    [("DOWNLOAD_DELY", "DOWNLOAD_DELAY"), ("contact", "CONTACT"), ("ROBOTSTXT_OBAY", "ROBOTSTXT_OBEY")],
)
def test_a_name_that_is_nearly_one_is_a_slip(given: str, meant: str) -> None:
    settings = Settings()
    settings.set(given, "1", priority="cmdline")
    with pytest.raises(SettingError, match=f"there is no setting {given}; did you mean {meant}?"):
        check_settings(settings)
    # In a project's own file it may be the project's own.
    check_settings(Settings({given: "1"}))


def test_another_project_is_told_when_a_crawl_starts() -> None:
    with pytest.raises(SettingError, match="REVISIT_AFTER is 'soon'"):
        get_crawler(settings_dict={"ADDONS": {NewscrawlAddon: 1}, "REVISIT_AFTER": "soon"})


@pytest.mark.parametrize("page", ["README.md", "docs/storage.md"])
def test_every_documented_setting_is_checked(page: str) -> None:
    names = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / page).read_text("utf-8"), re.MULTILINE))
    assert names
    assert names - _FREE <= _EXPECTED.keys()
