"""Scrapy commands that newscrawl adds or replaces.

Scrapy imports all of them before it runs one, and half of a short command's time is imports: what one of them alone
needs, it imports where it is used. tests/commands/test_start.py looks at what is loaded.
"""
