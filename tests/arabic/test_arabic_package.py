"""The package as a whole: pure, and importable on its own."""

from __future__ import annotations

import subprocess
import sys


def test_it_imports_no_crawler() -> None:
    code = "import sys, newscrawl.arabic; print(sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for name in ("scrapy", "parsel", "lxml", "w3lib", "twisted"):
        assert repr(name) not in loaded
