"""scrapy shell, which stores nothing."""

from __future__ import annotations

from scrapy.commands import shell

from newscrawl.cli.looking import Looking


class Command(Looking, shell.Command):
    """As Scrapy's own."""
