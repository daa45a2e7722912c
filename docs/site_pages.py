"""A hook of mkdocs: pages that lie beside docs/ join the site, and links between files of the repository work there."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
# Where each of them stands in the site.
PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
    "CODE_OF_CONDUCT.md": "code_of_conduct.md",
}
# Other files that pages link to are copied below this directory.
_OTHERS = "repository"
_LINK = re.compile(r"(?<=\]\()(?P<path>[^)#:\s]+)(?P<rest>#[^)\s]*)?(?=\))")


def on_files(files: Files, *, config: Any, **_: Any) -> Files:
    """Adds the pages that lie beside docs/."""
    for name, place in PAGES.items():
        files.append(File.generated(config, place, content=(ROOT / name).read_text("utf-8")))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: Any, files: Files) -> str:
    """The page with its links to files of the repository turned to where these stand in the site."""
    here = page.file.src_uri
    origin = next((name for name, place in PAGES.items() if place == here), f"docs/{here}")

    def turned(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), link["path"]))
        if not (ROOT / target).is_file():
            return link[0]
        place = PAGES.get(target) or (target[5:] if target.startswith("docs/") else f"{_OTHERS}/{target}")
        if place.startswith(f"{_OTHERS}/") and place.endswith(".md"):
            place += ".txt"  # no page of the site
        if place.startswith(f"{_OTHERS}/") and files.get_file_from_path(place) is None:
            files.append(File.generated(config, place, abs_src_path=str(ROOT / target)))
        return posixpath.relpath(place, posixpath.dirname(here) or ".") + (link["rest"] or "")

    return _LINK.sub(turned, markdown)
