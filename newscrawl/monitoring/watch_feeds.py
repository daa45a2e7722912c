"""What a watch has found, for feed readers: Atom (RFC 4287) and JSON Feed 1.1, the newest articles first.

The JSON Feed is also the memory: what stands in it is not new.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree

from newscrawl.monitoring.watches import Watch
from newscrawl.storage.append import write_whole
from newscrawl.storage.errors import StorageError
from newscrawl.storage.locks import held
from newscrawl.storage.removal import Removal

DIRECTORY = "watches"
_LOCK = ".lock"
#: Articles that a feed holds.
MOST = 200
_ATOM = "http://www.w3.org/2005/Atom"
_VERSION = "https://jsonfeed.org/version/1.1"
# Characters that XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def paths_of(data_dir: Path, watch: Watch) -> tuple[Path, Path]:
    """The Atom and the JSON file of a watch."""
    directory = data_dir / DIRECTORY
    return directory / f"{watch.name}.xml", directory / f"{watch.name}.json"


def add(data_dir: Path, watch: Watch, records: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Puts articles into a watch's feeds; those that were not there yet. StorageError.

    Several runs may end at once: one after the other writes, and each file appears whole.
    """
    atom, jsonfeed = paths_of(data_dir, watch)
    with held(atom.parent / _LOCK):
        old = _items(jsonfeed)
        known = {item["id"] for item in old}
        new = [record for record in {record["id"]: record for record in records}.values() if _urn(record) not in known]
        if not new and jsonfeed.exists() and atom.exists():
            return []
        items = sorted([*map(_item, new), *old], key=lambda item: item["_newscrawl"]["first_seen_at"], reverse=True)[
            :MOST
        ]
        _write(atom, jsonfeed, watch.name, watch.words, items)
    return new


def _write(atom: Path, jsonfeed: Path, name: str, words: str, items: list[dict[str, Any]]) -> None:
    feed = {"version": _VERSION, "title": name, "description": words, "items": items}
    # The memory last: what a run killed between the two was about to tell, or to take out, is done by the next one.
    write_whole(atom, _atom(name, items))
    write_whole(jsonfeed, json.dumps(feed, ensure_ascii=False, indent=1).encode() + b"\n")


def on_forget(removal: Removal) -> None:
    """For ON_FORGET: takes articles out of every feed. StorageError."""
    directory = removal.data_dir / DIRECTORY
    gone = {_urn({"source": removal.source, "id": id_}) for id_ in removal.ids}
    for jsonfeed in sorted(directory.glob("*.json")):
        with held(directory / _LOCK):
            old = _items(jsonfeed)
            items = [item for item in old if item["id"] not in gone]
            if len(items) < len(old):
                feed = json.loads(jsonfeed.read_bytes())
                _write(jsonfeed.with_suffix(".xml"), jsonfeed, feed["title"], feed.get("description") or "", items)


def _urn(record: Mapping[str, Any]) -> str:
    return f"urn:newscrawl:{record.get('source') or ''}:{record['id']}"


def _item(record: Mapping[str, Any]) -> dict[str, Any]:
    paragraphs = [line for line in (record.get("body") or "").split("\n") if line]
    item = {
        "id": _urn(record),
        "url": record.get("url"),
        "title": record.get("title"),
        "content_text": "\n".join(paragraphs),
        "summary": record.get("subtitle"),
        "date_published": _instant(record.get("published_at") or record.get("first_seen_at")),
        "authors": [{"name": name} for name in record.get("authors") or ()],
        "tags": record.get("tags") or [],
        "language": record.get("language"),
        "_newscrawl": {
            "source": record.get("source"),
            "publisher": record.get("publisher"),
            "section": record.get("section"),
            "agencies": record.get("agencies") or [],
            "restrictions": record.get("restrictions") or [],
            "first_seen_at": _instant(record.get("first_seen_at") or record.get("fetched_at")),
        },
    }
    return {key: value for key, value in item.items() if value not in (None, [], "") or key == "content_text"}


def _instant(text: str | None) -> str:
    """RFC 3339, as both formats want it; a day alone is its beginning in UTC."""
    moment = datetime.fromisoformat(text) if text else datetime(1970, 1, 1)
    return moment.isoformat(timespec="seconds") + ("" if moment.tzinfo else "+00:00")


def _atom(name: str, items: list[dict[str, Any]]) -> bytes:
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})  # type: ignore[dict-item]
    _child(feed, "id", f"urn:newscrawl:watch:{name}")
    _child(feed, "title", name)
    _child(feed, "updated", items[0]["_newscrawl"]["first_seen_at"] if items else _instant(None))
    author = _child(feed, "author")
    _child(author, "name", "newscrawl")
    for item in items:
        entry = _child(feed, "entry")
        _child(entry, "id", item["id"])
        _child(entry, "title", item.get("title", ""))
        _child(entry, "updated", item["_newscrawl"]["first_seen_at"])
        _child(entry, "published", item["date_published"])
        for author_name in (each["name"] for each in item.get("authors", ())):
            _child(_child(entry, "author"), "name", author_name)
        if item.get("url"):
            _child(entry, "link").set("href", _NOT_XML.sub("", item["url"]))
        for tag in item.get("tags", ()):
            _child(entry, "category").set("term", _NOT_XML.sub("", tag))
        if item.get("summary"):
            _child(entry, "summary", item["summary"])
        text = "".join(f"<p>{html.escape(line)}</p>" for line in item["content_text"].split("\n"))
        _child(entry, "content", text).set("type", "html")
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _child(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    child.text = _NOT_XML.sub("", text) if text is not None else None
    return child


def _items(path: Path) -> list[dict[str, Any]]:
    """The items of a feed of ours; none of a file that is no such thing."""
    try:
        items = json.loads(path.read_bytes())["items"]
        return [item for item in items if item["id"] and item["_newscrawl"]["first_seen_at"] and "content_text" in item]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError.of(error, path, "read") from error
    except (ValueError, KeyError, TypeError):
        raise StorageError(f"{path} is no feed of a watch; remove it, and newscrawl watch makes it anew") from None
