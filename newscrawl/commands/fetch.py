"""scrapy fetch, which stores nothing."""

from __future__ import annotations

from scrapy.commands import fetch

from newscrawl.cli.looking import Looking


class Command(Looking, fetch.Command):
    """As Scrapy's own."""
