"""Exact copies: one hash for texts that differ only in marks, spaces and letter variants."""

from __future__ import annotations

import hashlib

from newscrawl.arabic import fold

# Raised with any change of content_hash that is not one of folding: what is stored is hashed anew, once a source.
HASH_VERSION = 1


def content_hash(title: str | None, body: str | None) -> str:
    """32 hex digits of the folded title and body; the paragraphs' borders do not count."""
    folded = (" ".join(fold(text or "").split()) for text in (title, body))
    return hashlib.blake2b("\n".join(folded).encode(), digest_size=16).hexdigest()
