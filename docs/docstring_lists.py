"""For the reference: a docstring's lines of "names   what they are" become a list, as their layout means them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from griffe import Extension, Object

_ROW = re.compile(r"^(?P<names>[a-z_]+(?:, [a-z_]+)*) {2,}(?P<told>\S.*)$")


class Lists(Extension):
    """An extension of griffe, named in mkdocs.yml."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Rewrites the docstring of what was loaded."""
        if obj.docstring:
            obj.docstring.value = "\n".join(_lines(obj.docstring.value))


def _lines(text: str) -> Iterator[str]:
    within = False
    for line in text.splitlines():
        row = _ROW.match(line)
        if row:
            if not within:
                yield ""
            names = ", ".join(f"`{name}`" for name in row["names"].split(", "))
            yield f"* {names}: {row['told']}"
        elif within and line.startswith("  "):
            yield f"    {line.strip()}"
            continue
        else:
            yield line
        within = bool(row)
