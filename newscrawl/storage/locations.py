"""Where all is kept, as the settings say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def data_directory(settings: BaseSettings) -> Path:
    """DATA_DIR as an absolute path."""
    return Path(settings.get("DATA_DIR") or "data").expanduser().absolute()


def state_url(settings: BaseSettings) -> str:
    """The state's database URL: STATE_URL, or an SQLite file in DATA_DIR."""
    return settings.get("STATE_URL") or f"sqlite:///{data_directory(settings) / 'state.sqlite'}"
