"""The package as a whole: pure, and importable on its own."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import newscrawl.arabic


def test_it_imports_no_crawler() -> None:
    code = "import sys, newscrawl.arabic; print(sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for name in ("scrapy", "parsel", "lxml", "w3lib", "twisted"):
        assert repr(name) not in loaded


def test_no_public_name_hides_a_module() -> None:
    modules = {module.name for module in pkgutil.iter_modules(newscrawl.arabic.__path__)}
    assert modules.isdisjoint(newscrawl.arabic.__all__)
