"""Selectors compiled once and run on a tree: CSS with ::text and ::attr(), or XPath."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import NamedTuple, cast

from cssselect import SelectorError as CssError
from cssselect.xpath import XPathExpr
from lxml import etree
from parsel.csstranslator import HTMLTranslator

from newscrawl.extraction.page.outline import Outline, outermost

Found = list["etree._Element | str"]

# Elements of a tree that are found by way of their attributes; the pages of the publishers have 500 to 4,000.
_MOST_ELEMENTS = 5000
_COUNT = cast("Callable[[etree._Element], float]", etree.XPath("count(descendant::*)"))

_XPATH_STARTS = ("/", "./", "(", "concat(", "string(", "normalize-space(", "substring-")


class SelectorError(ValueError):
    """A selector that is neither good CSS nor good XPath."""


# ".name", and what stands anywhere below it.
_CLASS_LED = re.compile(r"\.([a-zA-Z_][\w-]*)(?:\s+([^\s>+~,][^,]*))?", re.ASCII)
# A step that asks elements for one attribute alone: "*[@class[...]]".
_ONE_ATTRIBUTE = re.compile(r"\*\[(@[\w-]+\[(?:'[^']*'|[^][' \"]| )*\])\]")


class _Translator(HTMLTranslator):
    """Finds elements by way of their attributes: asking every element in a predicate takes three times as long, but
    libxml2 compares each element that it comes to so with all before it, which large trees cannot afford."""

    def css_to_xpath(self, css: str, prefix: str = "descendant-or-self::") -> str:
        return _ONE_ATTRIBUTE.sub(r"*/\1/..", super().css_to_xpath(css, prefix))

    def xpath_attrib_equals(self, xpath: XPathExpr, name: str, value: str | None) -> XPathExpr:
        assert value is not None
        xpath.add_condition(f"{name}[. = {self.xpath_literal(value)}]")
        return xpath

    def xpath_attrib_includes(self, xpath: XPathExpr, name: str, value: str | None) -> XPathExpr:
        if not value or not value.strip():
            return super().xpath_attrib_includes(xpath, name, value)
        part, word = self.xpath_literal(value), self.xpath_literal(f" {value} ")
        spaced = "concat(' ', normalize-space(.), ' ')"
        xpath.add_condition(f"{name}[contains(., {part}) and contains({spaced}, {word})]")
        return xpath


def elements(path: str) -> Callable[[etree._Element], list[etree._Element]]:
    """A compiled XPath that finds elements, as a function of where to look."""
    return cast("Callable[[etree._Element], list[etree._Element]]", etree.XPath(path))


def owners(*attributes: str, most: int) -> Callable[[etree._Element], list[etree._Element]]:
    """A compiled XPath that finds the elements of the first `most` of each kind of attribute, in document order.

    By way of the attributes: asking every element for one in a predicate takes three times as long. `most`, because
    libxml2 compares each element that it comes to so with all before it.
    """
    return elements(" | ".join(f"({attribute})[position() <= {most}]/.." for attribute in attributes))


def string(path: str) -> Callable[[etree._Element], str]:
    """A compiled XPath whose value is a string, as a function of where to look."""
    return cast("Callable[[etree._Element], str]", etree.XPath(path))


class Tree:
    """A tree to select from. Its class names are read once: most selectors begin with one, and XPath would ask every
    element of the page for each. `outline` is the tree's, where it has one."""

    def __init__(self, root: etree._Element, outline: Outline | None = None) -> None:
        self.root = root
        self._outline = outline

    @cached_property
    def is_large(self) -> bool:
        """Whether the tree has more than _MOST_ELEMENTS."""
        return _COUNT(self.root) > _MOST_ELEMENTS

    @cached_property
    def classed(self) -> list[tuple[etree._Element, str]]:
        """(element, its class attribute) of every element that has one, in document order."""
        if self._outline is not None:
            return self._outline.classed
        return [(element, names) for element in self.root.iter() if (names := element.get("class"))]


class _Compiled(NamedTuple):
    """A selector as it is run: an XPath on the tree, or on what has a class name where it begins with one; `large` is
    that for large trees."""

    path: Callable[[etree._Element], object] | None
    large: Callable[[etree._Element], object] | None
    name: str | None = None


@lru_cache(maxsize=4096)
def compiled(selector: str) -> _Compiled:
    """The selector as it is run. Raises SelectorError."""
    try:
        if selector.startswith(_XPATH_STARTS):
            path = etree.XPath(selector, regexp=False)
            return _Compiled(path, path)
        if led := _CLASS_LED.fullmatch(selector.strip()):
            name, rest = led.groups()
            return _Compiled(*_xpaths(rest, "descendant::"), name) if rest else _Compiled(None, None, name)
        return _Compiled(*_xpaths(selector))
    except (CssError, etree.XPathError) as error:
        raise SelectorError(f"{selector!r} is not a selector: {error}") from error


def _xpaths(css: str, prefix: str = "descendant-or-self::") -> tuple[etree.XPath, etree.XPath]:
    paths = (translator().css_to_xpath(css, prefix) for translator in (_Translator, HTMLTranslator))
    path, large = (etree.XPath(path, regexp=False) for path in paths)
    return path, large


def select(tree: Tree, selector: str) -> Found:
    """What the selector finds, in document order: elements, or strings for ::text, ::attr() and scalar XPaths."""
    path, large, name = compiled(selector)
    path = large if tree.is_large else path
    if name is not None:
        named = [element for element, names in tree.classed if name in names and name in names.split()]
        if path is None:
            return cast(Found, named)
        return [found for element in outermost(named) for found in cast(Found, path(element))]
    assert path is not None
    found = path(tree.root)
    if isinstance(found, list):
        return found
    return [str(found)] if found not in ("", None, False) else []
