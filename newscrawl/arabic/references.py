"""Character references, as HTML reads them."""

from __future__ import annotations

import html
import re

# No character has such a number, and Python refuses to read one of more than 4,300 digits.
_NO_CHARACTER = re.compile("&#0*+[0-9]{8,}+;?")


def unescape(text: str) -> str:
    """`text` with its references resolved as html.unescape does it; what names no character goes."""
    return html.unescape(_NO_CHARACTER.sub("", text)) if "&" in text else text
