"""The right charset for a response: old Arabic sites declare one and send another."""

from __future__ import annotations

import codecs

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response, TextResponse

from newscrawl.arabic.charset import detect_charset


def header_texts(headers: Headers) -> dict[str, str]:
    """Names and values of headers; several values of one name are joined by commas.

    What is no UTF-8 is read as ISO-8859-1, which RFC 9110 (5.5) says they were written in: a server's name of a file in
    windows-1256 is of no use, and costs no page.
    """
    return {_header_text(name): _header_text(b",".join(values)) for name, values in headers.items()}


def _header_text(written: bytes) -> str:
    try:
        return written.decode()
    except UnicodeDecodeError:
        return written.decode("iso-8859-1")


class CharsetMiddleware:
    """Replaces a text response's encoding where the letters say that the declared one is wrong."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CharsetMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002
        if not isinstance(response, TextResponse) or not response.body or response.body.isascii():
            return response
        declared = response._declared_encoding()
        detected = detect_charset(response.body, declared)
        if declared and codecs.lookup(declared) == codecs.lookup(detected):
            return response
        if declared:
            self._crawler.stats.inc_value("newscrawl/charset/corrected")
        return response.replace(encoding=detected)
