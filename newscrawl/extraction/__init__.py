"""A page in, a final reading out: no network, no clock, no settings.

Each room imports only from those that stand behind it here:
markdown, feed_text, reading, explain, body, layers, facts, elements, page, source, rules, fields, sift.
"""
