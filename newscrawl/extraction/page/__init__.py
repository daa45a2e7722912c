"""A page as it came: decoded and parsed once, its tree, its scripts, its site."""

from newscrawl.extraction.page.page import Page, PageError

__all__ = ["Page", "PageError"]
