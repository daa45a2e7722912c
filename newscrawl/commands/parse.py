"""scrapy parse, which stores nothing."""

from __future__ import annotations

from scrapy.commands import parse

from newscrawl.cli.looking import Looking


class Command(Looking, parse.Command):
    """As Scrapy's own."""
