"""What each setting that takes a value may be; the first that is something else is named in one sentence."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings

# Beyond them the calendar ends, and no one means it.
_MOST = 10**10
_MOST_DAYS = 100_000


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is expected, for a person, and whether a value (a string where it comes from the command line) is that."""

    expected: str
    fits: Callable[[Any], bool]
    is_shown: bool = True


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _is_number(value: Any) -> bool:
    number = _number(value)
    return number is not None and 0 <= number <= _MOST


def _is_count(value: Any) -> bool:
    number = _number(value)
    # "3.0" is a number, but int(), which Scrapy reads it by, does not take it.
    return (
        number is not None
        and 0 <= number <= _MOST
        and (str(value).strip().isdecimal() or number == value == int(number))
    )


def _is_list(value: Any) -> bool:
    parts = (value.split(",") if value else []) if isinstance(value, str) else value
    return isinstance(parts, list | tuple) and all(map(_is_count, parts))


def _are_restrictions(value: Any) -> bool:
    parts = (value.split(",") if value else []) if isinstance(value, str) else value
    return isinstance(parts, list | tuple) and all(part in _RESTRICTIONS for part in parts)


def _are_addresses(value: Any) -> bool:
    return (
        value is None
        or isinstance(value, str)
        or (isinstance(value, list | tuple) and all(isinstance(each, str) for each in value))
    )


def _is_web_address(value: Any) -> bool:
    return not value or (isinstance(value, str) and value.startswith(("http://", "https://")))


def _is_truth(value: Any) -> bool:
    return value in (True, False) or str(value).lower() in ("0", "1", "true", "false")


def _is_path(value: Any) -> bool:
    return callable(value) or (isinstance(value, str) and "." in value and all(map(str.isidentifier, value.split("."))))


def _are_days(value: Any) -> bool:
    return _is_number(value) and float(value) <= _MOST_DAYS


def _one_of(*names: str | None) -> _Kind:
    shown = " or ".join("empty" if name is None else name for name in names)
    return _Kind(shown, lambda value: (value or None) in names)


_SECONDS = _Kind("a number of seconds, 0 or more", _is_number)
_DAYS = _Kind("a number of days, 0 or more", _are_days)
_BYTES = _Kind("a whole number of bytes, 0 or more", _is_count)
_COUNT = _Kind("a whole number, 0 or more", _is_count)
_SOME = _Kind("a whole number, 1 or more", lambda value: _is_count(value) and int(value) > 0)
_TRUTH = _Kind("True or False", _is_truth)
_CLASS = _Kind(
    "a class or its import path, such as myproject.stores.Store, or empty", lambda value: not value or _is_path(value)
)
# What obstore takes that must not lie in settings, where logs and files of the project show it.
_SECRETS = re.compile(
    r"access_key|account_key|service_account|customer_key|encryption_key|secret|token(?!_file)|bearer|sas_|proxy_url|headers",
    re.IGNORECASE,
)


def _is_store(value: Any) -> bool:
    if not value:
        return True
    parts = urlsplit(value) if isinstance(value, str) else None
    return parts is not None and "@" not in parts.netloc and not parts.query and parts.scheme in _STORES


def _are_options(value: Any) -> bool:
    try:
        options = json.loads(value) if isinstance(value, str) else dict(value or {})
    except (ValueError, TypeError):
        return False
    return isinstance(options, dict) and all(
        isinstance(name, str) and isinstance(given, str) and not _SECRETS.search(name)
        for name, given in options.items()
    )


_STORES = ("s3", "gs", "az", "file")
_STORE = _Kind(
    "s3://bucket/prefix, gs://bucket/prefix, az://container/prefix or file:///directory; credentials come from the "
    "environment",
    _is_store,
    is_shown=False,
)
_OPTIONS = _Kind(
    'options of the store as JSON, such as {"region": "eu-south-1"}, all of them text; credentials come from the '
    "environment",
    _are_options,
    is_shown=False,
)
_PATHS = _Kind(
    "import paths of functions, parted by commas, such as myproject.stores.forget",
    lambda value: all(map(_is_path, value.split(",") if isinstance(value, str) else value or [])),
)
_RESTRICTIONS = (
    *("robots-ai", "ai-train=no", "ai-input=no", "search=no", "tdm-reservation"),
    *("noai", "noimageai", "noarchive", "noindex", "nosnippet"),
)
_LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")

_EXPECTED: dict[str, _Kind] = {
    "REVISIT_AFTER": _Kind("whole numbers of seconds, such as 3600,86400, or empty", _is_list),
    "SKIP_RESERVED": _Kind(f"some of {', '.join(_RESTRICTIONS)}, or empty", _are_restrictions),
    "FAILED_RETRY_AFTER": _Kind("a whole number of seconds, 0 or more", _is_count),
    "FAILED_GIVE_UP_AFTER": _SOME,
    "JUST_PRINTED": _SECONDS,
    "FEED_QUIET_AFTER": _SECONDS,
    "EXTRACT_TIMEOUT": _SECONDS,
    "DISK_FREE_MIN": _BYTES,
    "NEW_URLS_MAX": _COUNT,
    "LIMIT_PER_SOURCE": _COUNT,
    "NEAR_DUPLICATES": _one_of("flag", "drop", "off"),
    "NEAR_DUPLICATE_WINDOW_DAYS": _DAYS,
    "WATCHES": _Kind("the name of a file", lambda value: value is None or isinstance(value, str)),
    "ALERTS": _Kind("a list of addresses that apprise understands", _are_addresses, is_shown=False),
    "PING_URL": _Kind("an address that begins with http:// or https://, or empty", _is_web_address, is_shown=False),
    "SOURCES_AT_ONCE": _SOME,
    "CLUSTER_HEARTBEAT": _SOME,
    "CLUSTER_STALLED_AFTER": _SOME,
    "CLUSTER_RETRIES": _COUNT,
    "CLUSTER_GRACE": _SECONDS,
    "ARCHIVE": _TRUTH,
    "ARTICLE_STORE": _CLASS,
    "ON_FORGET": _PATHS,
    "ON_FORGET_BASE": _PATHS,
    "LEARN_BOILERPLATE": _TRUTH,
    "MARKDOWN": _TRUTH,
    "COMPRESS": _one_of("zstd", None),
    "SEAL_AFTER": _SECONDS,
    "STORE_URL": _STORE,
    "STORE_OPTIONS": _OPTIONS,
    "SHIP_EVERY": _SECONDS,
    "KEEP_LOCAL": _Kind("a number of days, 0 or more, or empty", lambda value: value in (None, "") or _are_days(value)),
    "PROGRESS": _Kind("True, False or json", lambda value: value == "json" or _is_truth(value)),
    "SUMMARY_PRINT": _TRUTH,
    "GUARD_ALLOW_LOOPBACK": _TRUTH,
    "RETRY_AFTER_MAX": _SECONDS,
    "CRAWL_DELAY_MAX": _SECONDS,
    "BACKOFF_START": _SECONDS,
    "HOST_MAX_FAILURES": _SOME,
    # Scrapy's own, as far as newscrawl's documentation speaks of them or a wrong one stops a crawl without a word.
    "DOWNLOAD_DELAY": _SECONDS,
    "DOWNLOAD_TIMEOUT": _SECONDS,
    "DOWNLOAD_MAXSIZE": _BYTES,
    "DOWNLOAD_WARNSIZE": _BYTES,
    "CONCURRENT_REQUESTS": _SOME,
    "CONCURRENT_REQUESTS_PER_DOMAIN": _SOME,
    "AUTOTHROTTLE_ENABLED": _TRUTH,
    "AUTOTHROTTLE_START_DELAY": _SECONDS,
    "AUTOTHROTTLE_MAX_DELAY": _SECONDS,
    "ROBOTSTXT_OBEY": _TRUTH,
    "RETRY_ENABLED": _TRUTH,
    "RETRY_TIMES": _COUNT,
    "REDIRECT_MAX_TIMES": _COUNT,
    "DNS_TIMEOUT": _SECONDS,
    "LOG_ENABLED": _TRUTH,
    "LOG_LEVEL": _Kind(f"one of {', '.join(_LEVELS)}", lambda value: value in _LEVELS or isinstance(value, int)),
}


# Those of `newscrawl cluster`, for its command, which starts no crawler, and for the add-on.
CLUSTER_DEFAULTS: dict[str, Any] = {
    "CLUSTER_URL": None,  # where the state is
    "CLUSTER_HEARTBEAT": 5,
    "CLUSTER_STALLED_AFTER": 30,
    "CLUSTER_RETRIES": 3,
    "CLUSTER_GRACE": 300,
}
# Settings of newscrawl that may hold anything.
_FREE = frozenset({"DATA_DIR", "STATE_URL", "HOST_NAME", "CLUSTER_URL", "CONTACT", "ARCHIVE_REPLAY"})
# Names that differ by a letter or two; a user's own settings have names of their own.
_CLOSE = 0.85


class SettingError(ValueError):
    """A setting that cannot be used; str() is one clear sentence."""


def setting_names() -> list[str]:
    """The settings that newscrawl has or speaks of, in alphabetical order."""
    return sorted({*_EXPECTED, *_FREE})


def check_settings(settings: BaseSettings) -> None:
    """SettingError for the first setting whose value is not what is expected, and for one that the command line gives
    under a name that is nearly, but not quite, that of a setting."""
    known = {*_EXPECTED, *_FREE, *filter(str.isupper, dir(default_settings))}
    for name in settings:
        if settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"] and name not in known:
            for close in difflib.get_close_matches(name.upper(), known, n=1, cutoff=_CLOSE):
                raise SettingError(f"there is no setting {name}; did you mean {close}?")
    for name, kind in _EXPECTED.items():
        if name in settings and not kind.fits(value := settings[name]):
            shown = f"{value!r}" if kind.is_shown else "not one that can be used"
            raise SettingError(f"{name} is {shown}; expected: {kind.expected}")
