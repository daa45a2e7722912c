"""The story with its structure, as GitHub Flavored Markdown."""
