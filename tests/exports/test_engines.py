"""What the demo left, opened by the engines themselves: polars, datasets, Spark, Datasette, CAMeL Tools.

They are in no lock of ours. `.ci/slow` puts them into `.venv-engines`; NEWSCRAWL_ENGINES names another environment.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
ENGINES = Path(os.environ.get("NEWSCRAWL_ENGINES") or ROOT / ".venv-engines") / "bin" / "python"
_CODE = re.compile(r"^```py\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RECIPES = {
    engine: text
    for text in _CODE.findall((ROOT / "README.md").read_text("utf-8"))
    for engine in ("polars", "datasets", "pyspark")
    if re.search(rf"^(?:import|from) {engine}\b", text, re.MULTILINE)
}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not ENGINES.exists(), reason=f"there are no engines: {ENGINES} is missing; .ci/slow installs them"
    ),
]


def run(*command: str, cwd: Path) -> str:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(cwd / "hf"),
        "PYTHONUTF8": "1",
    }
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**environment, "PATH": path},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def needs(package: str) -> None:
    """Skips the test where an engine could not be installed."""
    if subprocess.run([ENGINES, "-c", f"import {package}"], capture_output=True, check=False).returncode:
        pytest.skip(f"{package} is missing from {ENGINES}; .ci/slow installs it")


def engine(code: str, cwd: Path) -> str:
    return run(str(ENGINES), "-c", code, cwd=cwd)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's corpus, and what README.md makes of it."""
    directory = tmp_path_factory.mktemp("left")
    run("newscrawl", "demo", cwd=directory)
    for words in (
        "--parquet data/articles.parquet",
        "--parquet --partition month data/lake",
        "--parquet --partition source,month data/lake2",
        "--hf --splits 80/10/10 data/dataset",
        "--hf --with-reserved data/whole",
        "--sqlite data/articles.db",
    ):
        run("newscrawl", "export", *words.split(), "data/demo", cwd=directory)
    return directory


def test_every_engine_has_its_recipe() -> None:
    assert set(RECIPES) == {"polars", "datasets", "pyspark"}


@pytest.mark.parametrize("name", RECIPES)
def test_recipe(name: str, left: Path) -> None:
    if name == "pyspark" and shutil.which("java") is None:
        pytest.skip("there is no Java: Spark does not run")
    needs(name)
    printed = engine(RECIPES[name], left)
    if name == "datasets":
        counted, first = printed.splitlines()
        assert counted.startswith("130 {'train': ")
        assert sum(map(int, re.findall(r": (\d+)", counted))) == 129
        assert first.startswith("2026-")
    else:
        assert all(paper in printed for paper in ("aldifaf", "almarfa", "alwaha"))


def test_datasets_takes_the_features_from_the_card(left: Path) -> None:
    engine(
        """
import yaml
from datasets import Features, load_dataset
import pyarrow.parquet as pq, glob

front = yaml.safe_load(open("data/whole/README.md").read().split("---\\n")[1])
dataset = load_dataset("data/whole")
assert list(dataset) == ["train"] and dataset["train"].num_rows == 130
asked = Features._from_yaml_list(front["dataset_info"]["features"])
stored = pq.read_schema(glob.glob("data/whole/data/*")[0])
assert asked == dataset["train"].features == Features.from_arrow_schema(stored)
""",
        left,
    )


def test_polars_reads_lines_that_are_null_throughout(left: Path) -> None:
    engine(
        """
import polars as pl
from newscrawl import schema
from newscrawl.items import Article

open("bare.jsonl", "w").write((Article(id="0" * 16).to_json() + "\\n") * 3)
bare = pl.scan_ndjson("bare.jsonl", schema=schema.polars()).collect()
assert bare.schema == schema.polars() and bare.height == 3
both = pl.concat([bare, pl.scan_ndjson("data/demo/articles/**/*.jsonl", schema=schema.polars()).collect()])
assert both.height == 133
assert both["provenance"].struct.field("title").drop_nulls().len() == 130
lake = pl.scan_parquet("data/lake2/**/*.parquet", hive_partitioning=True).collect()
assert lake.height == 130 and lake["month"].null_count() == 0 and set(lake["source"]) == set(both["source"]) - {None}
assert str(lake.schema["published_at_utc"]) == "Datetime(time_unit='us', time_zone='UTC')"
""",
        left,
    )


def test_datasette_opens_the_file_and_searches_it(left: Path) -> None:
    needs("datasette")

    def asked(path: str) -> list[dict[str, object]]:
        return json.loads(run(str(ENGINES), "-m", "datasette", "data/articles.db", "--get", path, cwd=left))

    assert asked("/articles/by_source.json?_shape=array") != []
    (one,) = asked("/articles/articles.json?_shape=array&_size=1")
    words = " ".join(str(one["title"]).split()[:2])
    found = asked(f"/articles/articles.json?_shape=array&_search={quote(words)}")
    assert one["id"] in {each["id"] for each in found}
    assert len(found) < 130


def test_words_are_cut_by_camel_tools(left: Path) -> None:
    needs("camel_tools")
    (recipe,) = (text for text in _CODE.findall((ROOT / "docs" / "exports.md").read_text("utf-8")) if "camel" in text)
    lines = engine(recipe.replace('"data/articles"', '"data/demo/articles"'), left).splitlines()
    assert len({line.split("\t")[0] for line in lines}) == 130
    assert any(line.endswith("\t.") and "\tفي\t" in line for line in lines)
