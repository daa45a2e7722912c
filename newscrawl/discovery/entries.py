"""The entries of a feed or sitemap, one after another: their texts, what their elements say, what addresses start from.

Memory is one entry, whatever the document holds; an entry is given as soon as it ends.
"""

from __future__ import annotations

import html
import logging
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from newscrawl.discovery.characters import unescaped, whole
from newscrawl.discovery.links import Skip, UnusableError, joined, unheard
from newscrawl.discovery.markup import attributes_of, tokens
from newscrawl.discovery.vocabularies import Names

_Target = TypeVar("_Target")
logger = logging.getLogger(__name__)

# Elements whose attributes say something.
_SPEAKING = frozenset({"link", "guid", "category", "content", "enclosure", "media:content", "media:thumbnail"})
_MOST_ELEMENTS, _MOST_VALUES = 30, 50
_MOST_DEPTH = 1000


# The relation of a link may be written as its address in the registry of relations (RFC 4287, 4.2.7.2), which moved.
_RELATIONS = re.compile(r"https?://(?:www\.)?iana\.org/assignments/(?:link-)?relations?/(?:link-relations\.html#)?")


def relations(attributes: Mapping[str, str]) -> tuple[str, ...]:
    """What a link's target is to its entry, as a set of words (RFC 8288, 3.3); "alternate" where nothing is said."""
    return tuple(_RELATIONS.sub("", attributes.get("rel", "").lower()).split()) or ("alternate",)


def is_alternate(attributes: Mapping[str, str]) -> bool:
    """Whether a link's target is the entry itself."""
    return "alternate" in relations(attributes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of a document is read: its kinds of entries and, of each, the elements whose text is kept.

    `fields` says how many characters of each element are read at most. Of `many` every text is kept, of the others the
    first of those that lie least deep. In `rich` ones tags are a part of the text. One of `inside` counts only directly
    in the element that is named there.
    """

    kinds: Collection[str]
    fields: Mapping[str, int]
    many: Collection[str] = ()
    rich: Collection[str] = ()
    inside: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Entry:
    """One entry; `base` is what its relative addresses start from, None when no address can be that long."""

    kind: str
    base: str | None
    depth: int
    attributes: Mapping[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    values: list[tuple[str, str]] = field(default_factory=list)
    elements: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    depths: dict[str, int] = field(default_factory=dict)

    def resolve(self, reference: str) -> str:
        """An address of the entry as a whole URL; ValueError and UnusableError as `links.joined`."""
        return joined(self.base, reference)


class _Capture:
    """A text that is being collected."""

    def __init__(self, name: str, depth: int, entry: Entry, limit: int, *, rich: bool, is_markup: bool) -> None:
        self.name, self.depth, self.entry = name, depth, entry
        # Markup that is not escaped holds no further fields of the entry.
        self.is_closed_to_fields = is_markup
        self._left, self._rich, self._is_markup = limit, rich, is_markup
        self._parts: list[str] = []

    def _add(self, text: str) -> None:
        if self._left > 0:
            self._parts.append(text[: self._left])
            self._left -= len(text)

    def text(self, text: str, *, is_literal: bool) -> None:
        if not self._is_markup:
            self._add(text if is_literal else unescaped(text))
        else:
            self._add(html.escape(text, quote=False) if is_literal else text)

    def tag(self, written: str) -> None:
        """A tag inside: it parts words, and where markup is wanted and none was escaped so far, it is some."""
        if self._left <= 0:
            return
        if self._rich and not self._is_markup and not any("<" in part for part in self._parts):
            self._parts = [html.escape(part, quote=False) for part in self._parts]
            self._is_markup = True
        self._add(written if self._is_markup else " ")

    def finish(self, *, is_one_of_many: bool) -> None:
        """Hands the text to its entry."""
        text = whole("".join(self._parts)).strip()
        if not text:
            return
        if not is_one_of_many:
            self.entry.fields[self.name] = text
            self.entry.depths[self.name] = self.depth
        elif len(self.entry.values) < _MOST_VALUES:
            self.entry.values.append((self.name, text))


class Entries:
    """The entries of a document, in the order in which they end; `document` holds what stands outside of them.

    `broken` is told, once, of a document that came in part: "broken-off" where it ends inside of an entry, a comment or
    a CDATA section, "not-closed" where only its first element lacks an end.
    """

    def __init__(self, pieces: Iterable[str], url: str, wanted: Wanted, broken: Skip = unheard) -> None:
        self._broken = broken
        self._is_broken = self._has_entries = False
        self._tokens = tokens(pieces, self._break_off)
        self._wanted = wanted
        self._names = Names()
        self._stack: list[str] = []
        self._inside: Counter[str] = Counter()
        self._bases: list[tuple[int, str | None]] = [(0, url)]
        # The depth of the open "source" of an entry, which tells of the feed that it was taken from (RFC 4287, 4.2.11);
        # RSS means another thing by it, and says which by an attribute.
        self._source = 0
        self._capture: _Capture | None = None
        self._open: list[Entry] = []
        self.document = Entry("", url, 0)

    def __iter__(self) -> Iterator[Entry]:
        for kind, value, written, closed in self._tokens:
            if kind == "start":
                yield from self._start(value, written)
                if closed:
                    yield from self._close_to(len(self._stack) - 1)
            elif kind == "end":
                if self._inside.get(value):
                    yield from self._end(value)
            elif self._capture is not None:
                self._capture.text(value, is_literal=kind == "literal")
        # A text that the end of the document cut is not the whole text.
        self._capture = None
        if self._stack and self._has_entries:
            self._break_off("broken-off" if self._open else "not-closed")
        yield from self._close_to(0)

    def _break_off(self, what: str) -> None:
        if not self._is_broken:
            self._is_broken = True
            self._broken(what)

    def _start(self, called: str, written: str) -> Iterator[Entry]:
        attributes = attributes_of(written) if "=" in written else {}
        if "xmlns:" in written:
            self._names.declare(attributes)
        name = self._names.of(called)
        is_entry = name in self._wanted.kinds
        if is_entry and self._open and self._open[-1].depth == len(self._stack):
            # An entry directly in an entry: an end tag is missing.
            yield from self._close_to(len(self._stack) - 1)
        if len(self._stack) == _MOST_DEPTH:
            # No end tags at all: what is open is given, and the document begins anew.
            yield from self._close_to(0)
        self._stack.append(called)
        self._inside[called] += 1
        depth = len(self._stack)
        if base := attributes.get("xml:base"):
            self._bases.append((depth, self._rebased(base)))
        if depth == 1 and not self.document.attributes:
            self.document.attributes = attributes
        if is_entry:
            self._finish_capture()
            self._has_entries = True
            self._open.append(Entry(name, self._bases[-1][1], depth, attributes))
        elif name == "source" and self._open and not self._source and "url" not in attributes:
            self._source = depth
        elif (name in self._wanted.fields or name in _SPEAKING) and not self._source:
            self._element(name, depth, attributes, written)
        elif self._capture is not None:
            self._capture.tag(f"<{name.rpartition(':')[2]}{written}>")

    def _element(self, name: str, depth: int, attributes: dict[str, str], written: str) -> None:
        entry = self._open[-1] if self._open else self.document
        if name in _SPEAKING and attributes and len(entry.elements) < _MOST_ELEMENTS:
            entry.elements.append((name, {key: whole(unescaped(value)).strip() for key, value in attributes.items()}))
        if name in ("link", "loc"):
            entry.base = self._bases[-1][1]
        wanted, capture = self._wanted, self._capture
        is_other = name == "link" and not is_alternate(attributes)
        if name in wanted.inside:
            is_other = depth < 2 or self._names.of(self._stack[-2]) != wanted.inside[name]
        if name not in wanted.fields or is_other or (capture is not None and capture.is_closed_to_fields):
            if capture is not None:
                capture.tag(f"<{name.rpartition(':')[2]}{written}>")
            return
        self._finish_capture()  # its neighbour's end tag is missing
        if name in wanted.many or depth < entry.depths.get(name, depth + 1):
            is_rich = name in wanted.rich
            is_markup = is_rich and attributes.get("type", "").lower() == "xhtml"
            self._capture = _Capture(name, depth, entry, wanted.fields[name], rich=is_rich, is_markup=is_markup)

    def _end(self, called: str) -> Iterator[Entry]:
        depth = len(self._stack)
        while self._stack[depth - 1] != called:
            depth -= 1
        if self._capture is not None and self._capture.depth < depth:
            self._capture.tag(f"</{called.rpartition(':')[2]}>")
        yield from self._close_to(depth - 1)

    def _close_to(self, depth: int) -> Iterator[Entry]:
        while len(self._stack) > depth:
            self._inside[self._stack.pop()] -= 1
            now = len(self._stack)
            if self._capture is not None and self._capture.depth > now:
                self._finish_capture()
            while self._bases[-1][0] > now:
                self._bases.pop()
            if self._source > now:
                self._source = 0
            if self._open and self._open[-1].depth > now:
                yield self._open.pop()

    def _finish_capture(self) -> None:
        if self._capture is not None:
            self._capture.finish(is_one_of_many=self._capture.name in self._wanted.many)
            self._capture = None

    def _rebased(self, base: str) -> str | None:
        before = self._bases[-1][1]
        try:
            return joined(before, unescaped(base))
        except UnusableError:
            return None
        except ValueError:
            return before


def usable(read: Callable[[Entry], _Target], entry: Entry, skip: Skip) -> _Target | None:
    """What `read` makes of an entry; None, told to `skip`, where it makes nothing of it.

    An error of ours with one entry is told, too ("error-<its class>"), and logged: the others are read all the same.
    """
    try:
        return read(entry)
    except UnusableError as error:
        skip(str(error))
    except ValueError:
        skip("malformed")
    except Exception as error:
        logger.exception("an entry of a listing cannot be read")
        skip(f"error-{type(error).__name__}")
    return None
