"""Scrapy's commands that look at single pages: nothing of ours is opened, locked or written for them."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.utils.misc import load_object

# Those that open the stores of a run.
_STORING = {
    "ITEM_PIPELINES": (
        "newscrawl.pipelines.ValidatePipeline",
        "newscrawl.pipelines.DeduplicatePipeline",
        "newscrawl.pipelines.StorePipeline",
    ),
    "EXTENSIONS": ("newscrawl.monitoring.summary.Summary",),
}


class Looking(ScrapyCommand):
    """Leaves a project's own pipelines and extensions as they are."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Takes out what would open a run's stores."""
        super().process_options(args, opts)
        assert self.settings is not None
        self.settings.set("ARCHIVE", False, priority="cmdline")
        for setting, paths in _STORING.items():
            for path in paths:
                self.settings.set_in_component_priority_dict(setting, load_object(path), None)
