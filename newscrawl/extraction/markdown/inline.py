"""Text within a line of Markdown: escaped, and with its links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter
from urllib.parse import quote

from newscrawl.arabic import clean

# CommonMark 0.31, 2.4: a backslash takes its meaning from any mark of ASCII.
_MARKS = re.compile(r"[\\`*_\[\]<>|~&]")
_LINE_START = re.compile(r"(?P<number>\d{1,9})(?P<mark>[.)])|(?P<other>[#+=:-])")
# What would end an address, or its line.
_NOT_IN_ADDRESS = re.compile(r"[\s<>()\[\]\\`|\"'\x00-\x20\x7f]")


def escaped(text: str) -> str:
    """A text that means itself within a line."""
    return _MARKS.sub(r"\\\g<0>", text)


def escaped_line(line: str) -> str:
    """What `escaped` gave, safe at the beginning of a line, too."""
    start = _LINE_START.match(line)
    if start is None:
        return line
    if start["other"]:
        return f"\\{line}"
    return f"{start['number']}\\{line[start.end('number') :]}"


def address(url: str) -> str:
    """An absolute address as it may stand in a link."""
    return _NOT_IN_ADDRESS.sub(lambda match: quote(match[0], safe=""), url)


def linked(runs: Iterable[tuple[str, str | None]], text: str, absolute: Callable[[str], str | None]) -> str | None:
    """The pieces of a line, escaped, with those links whose address `absolute` gives; None where they do not give
    `text`."""
    shown: list[str] = []
    plain: list[str] = []
    for href, pieces in groupby(runs, key=itemgetter(1)):
        piece = "".join(part for part, _ in pieces)
        core = clean(" ".join(piece.split())).strip()
        before, after = (" " if piece[:1].isspace() else ""), (" " if piece[-1:].isspace() else "")
        url = absolute(href) if href and core else None
        told = f"[{escaped(core)}]({address(url)})" if url else escaped(core)
        # With a link right behind it, it would make a picture.
        if url and not before and shown and shown[-1].endswith("!"):
            shown[-1] = f"{shown[-1][:-1]}\\!"
        shown += filter(None, (before, told, after))
        plain += [before, core, after]
    is_whole = " ".join("".join(plain).split()) == text
    return " ".join("".join(shown).split()) if is_whole else None
