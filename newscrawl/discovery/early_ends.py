"""Pages that end in the middle, because they are put together of files that each end."""

from __future__ import annotations

import re

_ENDS = re.compile(r"</(?:body|html)(?:[ \t\r\n\f/][^<>]*)?>", re.IGNORECASE)


def without_ends(text: str) -> str:
    """A page without </body> and </html>, which close nothing for a browser (HTML Standard, 13.2.6.4.7, 13.2.6.4.19 and
    13.2.6.4.22); for libxml2 another document begins behind them, whose links would be lost."""
    return _ENDS.sub("", text)
