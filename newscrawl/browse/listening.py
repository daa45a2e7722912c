"""Where the reader listens, and the password of those who come from elsewhere."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from newscrawl.storage import StorageError

LOOPBACK = "127.0.0.1"
_OTHERS_MAY_READ = 0o077


def is_loopback(host: str) -> bool:
    """Whether a host to listen on is this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_password(path: Path) -> str:
    """The first line of a file that only its owner may read; StorageError otherwise."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8").partition("\n")[0].strip()
    except OSError as error:
        raise StorageError.of(error, path, "read") from error
    except UnicodeDecodeError:
        raise StorageError(f"{path} is not UTF-8") from None
    if mode & _OTHERS_MAY_READ:
        raise StorageError(f"others may read {path}: chmod 600 {path}")
    if not text:
        raise StorageError(f"{path} holds no password in its first line")
    return text
