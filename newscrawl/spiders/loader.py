"""Scrapy's spider loader, but a publisher's file is imported only when the publisher is asked for."""

from __future__ import annotations

import builtins
from pathlib import Path

from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from newscrawl.spiders import registry
from newscrawl.spiders.registry import source_of
from newscrawl.spiders.site import SiteSpider
from newscrawl.spiders.sources_file import FILE, read_sources

_OURS = "newscrawl.spiders"


class Loader(SpiderLoader):
    """SPIDER_LOADER_CLASS of this project: newscrawl's publishers one by one, those of
    SOURCES_FILE, other SPIDER_MODULES as Scrapy does."""

    def __init__(self, settings: BaseSettings) -> None:
        """SourcesError, in one sentence, for a SOURCES_FILE that cannot be used."""
        self._declared = read_sources(Path(settings.get("SOURCES_FILE") or FILE).expanduser())
        super().__init__(settings)

    def _load_all_spiders(self) -> None:
        self._has_ours = _OURS in self.spider_modules
        self.spider_modules = [name for name in self.spider_modules if name != _OURS]
        super()._load_all_spiders()
        # A class in Python takes the place of a table with the same name.
        self._spiders = {**self._declared, **self._spiders}

    def load(self, spider_name: str) -> type[Spider]:
        """The class of a spider; KeyError for no such name."""
        if spider_name == SiteSpider.name:
            return SiteSpider
        if spider_name not in self._spiders and self._has_ours and spider_name in registry.modules():
            return registry.publisher(spider_name)
        return super().load(spider_name)

    def list(self) -> builtins.list[str]:
        """The names of all spiders; one of the user's own takes the place of ours with the same name."""
        return [*dict.fromkeys((*super().list(), *(registry.modules() if self._has_ours else ())))]

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """The names of the spiders on whose domains a request goes."""
        source = source_of(request.url) if self._has_ours else None
        return [*super().find_by_request(request), *([source.name] if source else [])]
