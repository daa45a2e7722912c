"""The rows that a page of React's server components brings, and other values that scripts hand to a function."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from newscrawl.extraction.page import embedded

PUSH = re.compile(r"self\.__next_f\.push\(\s*+(?=\[)")
_ROW_HEAD = re.compile(rb"\s*+([0-9a-f]+):(?:T([0-9a-f]+),)?")
#: Values of one script that may be unreadable; what is behind the last of them is not looked at.
MOST_BROKEN = 20
#: Times the length of all rows that the long texts may have, wherever they are named, all mentions together. Pages
#: name a text once or twice; a hostile one names a long text in thousands of rows.
MOST_GROWTH = 4


def values_behind(start: re.Pattern[str], text: str) -> Iterator[Any]:
    """The JSON value behind every match of `start` in a script, in one pass: what stands inside a value is not looked
    at again, and a broken value ends where the next begins."""
    broken = at = 0
    while (match := start.search(text, at)) and broken < MOST_BROKEN:
        value, at = embedded.read_at(text, match.end())
        if value is None:
            broken += 1
            following = start.search(text, match.end())
            at = following.start() if following else len(text)
            value = embedded.loads(text[match.end() : at])
        yield value


def rows(scripts: Iterable[str]) -> Iterator[Any]:
    """The values of the React rows that self.__next_f.push() brings; a row may be cut over several pushes.

    A row is "<hex id>:<JSON>" up to the end of the line, or "<hex id>:T<hex length in bytes>,<text>": a long string,
    which other rows name as "$<hex id>" and which is put in their place here.
    """
    stream = bytearray()
    for text in scripts:
        for chunk in values_behind(PUSH, text) if "__next_f" in text else ():
            if isinstance(chunk, list) and len(chunk) > 1 and isinstance(chunk[1], str):
                stream += chunk[1].encode("utf-8", "replace")
    found: list[Any] = []
    texts: dict[str, str] = {}
    at = 0
    while at < len(stream) and (head := _ROW_HEAD.match(stream, at)):
        if head[2] is not None:
            end = head.end() + int(head[2], 16)
            texts["$" + head[1].decode()] = stream[head.end() : end].decode("utf-8", "replace")
        else:
            end = stream.find(b"\n", head.end())
            end = len(stream) if end < 0 else end
            if bytes(stream[head.end() : head.end() + 1]) in (b"[", b"{"):
                found.append(embedded.loads(stream[head.end() : end].decode("utf-8", "replace")))
        at = end
    left = MOST_GROWTH * len(stream)
    for row in found:
        for node in embedded.walk(row) if texts else ():
            for key, value in node.items():
                if isinstance(value, str) and value in texts and (left := left - len(texts[value])) >= 0:
                    node[key] = texts[value]
        yield row
