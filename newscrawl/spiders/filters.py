"""Filters of a crawl: which URLs are fetched, which articles are stored."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from newscrawl.arabic import fold
from newscrawl.items import Article

NAMES = ("include", "exclude", "words", "language")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the user wants of a source; None and empty leave nothing out.

    include, exclude   expressions that are searched in the decoded URL, before it is fetched
    words              folded words, any of which the title or the body must have
    language           BCP 47, of the text: "ar" takes "ar-EG", too
    """

    include: re.Pattern[str] | None = None
    exclude: re.Pattern[str] | None = None
    words: frozenset[tuple[str, ...]] = frozenset()
    language: str | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Filters:
        """The filters among a spider's arguments. ValueError, in one sentence, for the first that is wrong."""
        return cls(
            include=_expression("include", given.get("include")),
            exclude=_expression("exclude", given.get("exclude")),
            words=_words(given.get("words")),
            language=_language(given.get("language")),
        )

    def wants_url(self, url: str) -> bool:
        """Whether a URL is to be fetched."""
        decoded = unquote(url)
        if self.include is not None and not self.include.search(decoded):
            return False
        return self.exclude is None or not self.exclude.search(decoded)

    def refusal(self, article: Article) -> str | None:
        """Why an article is not stored: "words", "language"; None when it is."""
        if self.language and (article.language or "").lower().partition("-")[0] != self.language:
            return "language"
        return None if not self.words or self._has_word(f"{article.title}\n{article.body}") else "words"

    def _has_word(self, text: str) -> bool:
        found = _WORD.findall(fold(text))
        present = set(found)
        return any(
            present.issuperset(phrase)
            and (len(phrase) == 1 or any(tuple(found[at : at + len(phrase)]) == phrase for at in range(len(found))))
            for phrase in self.words
        )

    @property
    def name(self) -> str:
        """What articles are left out by, in a few letters: other words leave other articles out."""
        told = f"{sorted(self.words)} {self.language}"
        return hashlib.blake2b(told.encode(), digest_size=4).hexdigest()


def _expression(name: str, value: Any) -> re.Pattern[str] | None:
    if not value:
        return None
    try:
        return re.compile(str(value))
    except re.error as error:
        raise ValueError(f"{name}={value}: it is no regular expression ({error})") from None


def _words(value: Any) -> frozenset[tuple[str, ...]]:
    if not value:
        return frozenset()
    path = Path(str(value)).expanduser()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"words={value}: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise ValueError(f"words={value}: it is not UTF-8") from None
    lines = (line.strip() for line in text.splitlines())
    phrases = frozenset(tuple(_WORD.findall(fold(line))) for line in lines if line and not line.startswith("#")) - {()}
    if not phrases:
        raise ValueError(f"words={value}: it holds no words")
    return phrases


def _language(value: Any) -> str | None:
    if not value:
        return None
    text = str(value).strip().lower()
    if not re.fullmatch(r"[a-z]{2,3}", text):
        raise ValueError(f"language={value!r} is no language: write ar")
    return text
