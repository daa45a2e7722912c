"""Selectors compiled once and run on a tree: CSS with ::text and ::attr(), or XPath."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import cast

from cssselect import SelectorError as CssError
from cssselect.xpath import XPathExpr
from lxml import etree
from parsel.csstranslator import HTMLTranslator

Found = list["etree._Element | str"]


_XPATH_STARTS = ("/", "./", "(", "concat(", "string(", "normalize-space(", "substring-")


class SelectorError(ValueError):
    """A selector that is neither good CSS nor good XPath."""


# A step that asks elements for one attribute alone: "*[@class[...]]".
_ONE_ATTRIBUTE = re.compile(r"\*\[(@[\w-]+\[(?:'[^']*'|[^][' \"]| )*\])\]")


class _Translator(HTMLTranslator):
    """Finds elements by way of their attributes: asking every element in a predicate takes three times as long."""

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


def string(path: str) -> Callable[[etree._Element], str]:
    """A compiled XPath whose value is a string, as a function of where to look."""
    return cast("Callable[[etree._Element], str]", etree.XPath(path))


@lru_cache(maxsize=4096)
def compiled(selector: str) -> etree.XPath:
    """The selector as a compiled XPath. Raises SelectorError."""
    is_xpath = selector.startswith(_XPATH_STARTS)
    try:
        path = selector if is_xpath else _Translator().css_to_xpath(selector)
        return etree.XPath(path, regexp=False)
    except (CssError, etree.XPathError) as error:
        raise SelectorError(f"{selector!r} is not a selector: {error}") from error


def select(root: etree._Element, selector: str) -> Found:
    """What the selector finds, in document order: elements, or strings for ::text, ::attr() and scalar XPaths."""
    found = compiled(selector)(root)
    if isinstance(found, list):
        return cast(Found, found)
    return [str(found)] if found not in ("", None, False) else []
