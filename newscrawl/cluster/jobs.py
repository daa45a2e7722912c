"""Which archives an output directory is to hold: paths, lists of paths and addresses in, jobs out."""

from __future__ import annotations

import glob
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from newscrawl.cluster.reextract import DONE, Job, Options, name_of, reference_of
from newscrawl.loaders.time_limit import EXTRACT_TIMEOUT
from newscrawl.storage.errors import StorageError
from newscrawl.storage.objects import is_remote, places_below

ENDINGS = (".warc.gz", ".warc", ".warc.zst")
_OPTIONS = "options.json"


def find_archives(
    paths: Iterable[str], *, base: str = "", options_for: Callable[[str], dict[str, str]] = lambda _address: {}
) -> list[str]:
    """The archives that paths name, each once, in order: files, directories and globs, addresses of objects, addresses
    that end in a slash for all below them, "@FILE" for a list of paths, one a line, each behind `base`. `options_for`
    says how an address is to be opened.

    StorageError for what names none.
    """
    return list(dict.fromkeys(archive for path in paths for archive in _named(path, base, options_for)))


def _named(path: str, base: str, options_for: Callable[[str], dict[str, str]]) -> Iterator[str]:
    if path.startswith("@"):
        for line in _lines(Path(path[1:])):
            yield from _named(line if is_remote(line) else base + line, "", options_for)
    elif is_remote(path):
        found = [path]
        if path.endswith("/"):
            below = places_below(path, options_for(path))
            found = [str(place) for place in below if place.name.endswith(ENDINGS)]
        if not found:
            raise StorageError(f"no WARC file below {path}")
        yield from found
    else:
        yield from _local(path)


def _lines(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise StorageError(f"cannot read the list {file}: {why}") from error
    named = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not named:
        raise StorageError(f"the list {file} names no archive")
    return named


def _local(path: str) -> Iterator[str]:
    root = Path(path).expanduser()
    if root.is_dir():
        found = sorted(str(each) for ending in ENDINGS for each in root.rglob(f"*{ending}"))
    elif root.exists():
        found = [str(root)]
    else:
        found = sorted(each for each in glob.iglob(str(root), recursive=True) if Path(each).is_file())  # noqa: PTH207 (any root)
    if not found:
        raise StorageError(f"no WARC file at {path}")
    yield from found


def plan(
    archives: list[str],
    out: Path,
    options: Options,
    timeout: float = EXTRACT_TIMEOUT,
    *,
    options_for: Callable[[str], dict[str, str]] = lambda _address: {},
) -> list[Job]:
    """A job an archive. Where two have one name, both get a mark of their directories; StorageError when the directory
    holds what was read with other options."""
    _claim(out, options)
    names = Counter(map(name_of, archives))
    jobs = []
    for path in archives:
        name = name_of(path)
        if names[name] > 1:
            name += f"-{zlib.crc32(path.rpartition('/')[0].encode()):08x}"
        store = options_for(path) if is_remote(path) else {}
        jobs.append(Job(path, str(out), name, reference_of(path), options, timeout, store))
    return jobs


def _claim(out: Path, options: Options) -> None:
    """One directory, one set of options: else half of its articles would mean something else."""
    path = out / DONE / _OPTIONS
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(json.dumps(options.to_dict()) + "\n", encoding="utf-8")
        before = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StorageError.of(error, path) from error
    except ValueError as error:
        raise StorageError(f"{path} is damaged; remove it to go on with the options that you give") from error
    changed = sorted(name for name, value in options.to_dict().items() if before.get(name) != value)
    if changed:
        name = changed[0]
        raise StorageError(
            f"{out} was begun with {name.replace('_', '-')} {before.get(name)} and not {options.to_dict()[name]}; "
            "give another --out"
        )
