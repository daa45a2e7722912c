"""A directory that `datasets.load_dataset` opens: Parquet shards below `data/`, and README.md, the data card, with the
features in its front matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from newscrawl.exports.columns import arrow_schema, row
from newscrawl.exports.parquet import ROWS_A_GROUP, ParquetFile
from newscrawl.exports.splits import Splits
from newscrawl.exports.statistics import Statistics
from newscrawl.items import Article, json_schema
from newscrawl.monitoring.drift import FIELDS

if TYPE_CHECKING:
    import pyarrow as pa

# Some 100 MB a file, packed.
ROWS_A_SHARD = 50_000
_SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"), (10**7, "1M<n<10M"))
_LARGEST = "n>10M"


class _Shards:
    """The files of one split, numbered from 0; the names get the number of all of them at the end."""

    def __init__(self, directory: Path, split: str) -> None:
        self._directory, self._split = directory, split
        self._paths: list[Path] = []
        self._file: ParquetFile | None = None
        self._rows: list[dict[str, Any]] = []
        self._in_file = 0
        #: What all of them take in memory.
        self.nbytes = 0

    def add(self, article: Article) -> None:
        """One more row."""
        self._rows.append(row(article))
        if len(self._rows) == ROWS_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._file is None:
            self._paths.append(self._directory / f"{self._split}-{len(self._paths):05d}.parquet")
            self._file, self._in_file = ParquetFile(self._paths[-1]), 0
        self._file.write(self._rows)
        self._in_file += len(self._rows)
        self._rows = []
        if self._in_file >= ROWS_A_SHARD:
            self.close()

    def close(self) -> None:
        """Ends the file that is open."""
        if self._file is not None:
            self.nbytes += self._file.nbytes
            self._file.close()
            self._file = None

    def finish(self) -> None:
        """Writes what is left, one file at least."""
        if self._rows or not self._paths:
            self._flush()
        self.close()
        for path in self._paths:
            path.rename(path.with_name(f"{path.stem}-of-{len(self._paths):05d}.parquet"))


def write_dataset(
    articles: Callable[[], Iterable[Article]],
    directory: Path,
    *,
    shares: tuple[int, ...] = (100,),
    with_reserved: bool = False,
    made_by: str,
) -> Statistics:
    """Makes the directory; what is in it. `articles` gives the same articles each time; ImportError without pyarrow.

    Articles with restrictions are left out, but for `with_reserved`. With more than one of `shares` (see
    splits.shares_of) no story stands in two splits.
    """
    data = directory / "data"
    data.mkdir(parents=True)
    splits = Splits(shares, articles() if len(shares) > 1 else ())
    shards = {name: _Shards(data, name) for name in splits.names}
    found = Statistics()
    try:
        for article in articles():
            if article.restrictions and not with_reserved:
                found.leave_out(article)
                continue
            split = splits.of(article)
            shards[split].add(article)
            found.add(article, split)
        for each in shards.values():
            each.finish()
    finally:
        for each in shards.values():
            each.close()
    sizes = {name: each.nbytes for name, each in shards.items()}
    card = _card(found, sizes, shares, with_reserved, made_by)
    (directory / "README.md").write_text(card, "utf-8")
    return found


def _card(found: Statistics, sizes: dict[str, int], shares: tuple[int, ...], with_reserved: bool, made_by: str) -> str:
    environment = Environment(
        loader=PackageLoader("newscrawl.exports"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        autoescape=False, keep_trailing_newline=True,  # noqa: S701  # Markdown
    )  # fmt: skip
    environment.filters["cell"] = _cell
    about = {name: node["description"] for name, node in json_schema()["properties"].items()}
    size = next((name for most, name in _SIZES if found.all.articles < most), _LARGEST)
    return environment.get_template("card.md").render(
        found=found, names=list(sizes), sizes=sizes, shares=dict(zip(sizes, shares, strict=True)),
        with_reserved=with_reserved, made_by=made_by, size=size, fields=FIELDS, about=about, json=json.dumps,
        features=[json.dumps(each) for each in features(arrow_schema())],
    )  # fmt: skip


def _cell(text: str) -> str:
    """A text that does not leave its cell of a table."""
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").split()) or "(not known)"


def features(schema: pa.Schema) -> list[dict[str, Any]]:
    """The columns as the front matter of a data card has them."""
    return [{"name": each.name, **_feature(each.type)} for each in schema]


def _feature(kind: pa.DataType) -> dict[str, Any]:
    import pyarrow as pa

    if pa.types.is_list(kind):
        item = _feature(kind.value_type)
        return {"list": item.get("dtype") or item["struct"]}
    if pa.types.is_struct(kind):
        return {"struct": [{"name": each.name, **_feature(each.type)} for each in kind]}
    return {"dtype": _DTYPES.get(str(kind), str(kind))}


# Where HuggingFace's names are not Arrow's own.
_DTYPES = {"double": "float64", "date32[day]": "date32"}
