"""Scrapy commands that newscrawl adds or replaces."""
