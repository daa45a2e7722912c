"""The engines for many machines, each really run: Ray, and Spark by the recipe of docs/archives.md.

They are large, so each comes from an environment of its own, with newscrawl's dependencies beside it (.ci/slow makes
them): NEWSCRAWL_RAY and NEWSCRAWL_SPARK name them. Spark needs Java.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from benchmarks.bulk import Archives
from newscrawl.cluster.jobs import find_archives, plan
from newscrawl.cluster.reextract import Options, one_file
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "archives.md").read_text("utf-8")


def python_of(variable: str, directory: str, module: str) -> str:
    """The interpreter of an environment that has a module; the test is skipped without."""
    python = Path(os.environ.get(variable) or ROOT / directory) / "bin" / "python"
    if (
        not python.exists()
        or subprocess.run([python, "-c", f"import {module}, scrapy"], capture_output=True).returncode
    ):
        pytest.skip(f"{python} has no {module} with newscrawl's dependencies; {variable} names an environment")
    return str(python)


def environment() -> dict[str, str]:
    # Ray gives its servers half a minute to start, which a busy machine may not have.
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "RAY_raylet_start_wait_time_s": "300"}


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("archives")
    writer = Archives()
    for number in range(4):
        writer.write(directory / f"a{number}.warc.gz", 60)
    return directory


@pytest.fixture(scope="module")
def expected(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, int]]:
    out = tmp_path_factory.mktemp("expected")
    for job in plan(find_archives([str(archives)]), out, Options(arabic_only=True)):
        one_file(job)
    return places(out)


def places(out: Path) -> list[tuple[str, int]]:
    lines = (line for path in out.glob("articles/[!.]*.jsonl") for line in path.open(encoding="utf-8"))
    return sorted((record["archive"]["file"], record["archive"]["offset"]) for record in map(json.loads, lines))


@pytest.mark.parametrize("is_killed", [False, True])
def test_ray(archives: Path, tmp_path: Path, expected: list[tuple[str, int]], is_killed: bool) -> None:
    python = python_of("NEWSCRAWL_RAY", ".venv-ray", "ray")
    out = tmp_path / "out"
    main = "from newscrawl.cli.main import main; main()"
    options = ["reextract", "--engine", "ray", "--procs", "2", "--arabic-only", "--out", str(out), str(archives)]
    process = subprocess.Popen(
        [python, "-c", main, *options], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    if is_killed:
        while not any(path.stat().st_size for path in out.glob("articles/.*.part") if path.exists()):
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        workers = workers_below(process.pid)
        assert workers
        os.kill(workers[0], signal.SIGKILL)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert places(out) == expected
    assert "4 archives read" in said
    assert not list(out.rglob(".*"))


def workers_below(pid: int) -> list[int]:
    """The processes of Ray that are at a task and belong to a driver, which started the server that started them."""
    parents: dict[int, int] = {}
    names: dict[int, bytes] = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            names[int(directory.name)] = (directory / "cmdline").read_bytes()
            parents[int(directory.name)] = int((directory / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue

    def is_below(child: int) -> bool:
        while child in parents and child != pid:
            child = parents[child]
        return child == pid

    return [child for child, name in names.items() if name.startswith(b"ray::attempt") and is_below(child)]


def test_spark(archives: Path, tmp_path: Path, expected: list[tuple[str, int]]) -> None:
    python = python_of("NEWSCRAWL_SPARK", ".venv-spark", "pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    (recipe,) = [text for text in re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S) if "spark" in text]
    recipe = recipe.replace("/shared/warcs", str(archives)).replace("/shared/corpus", str(tmp_path / "out"))
    begin = (
        "from pyspark.sql import SparkSession\n"
        "spark = SparkSession.builder.master('local[2]').config('spark.driver.bindAddress', '127.0.0.1')"
        ".config('spark.driver.host', '127.0.0.1').config('spark.ui.enabled', 'false').getOrCreate()\n"
    )
    env = {**environment(), "PYSPARK_PYTHON": python}
    code = f"{begin}{recipe}\nprint(len(results))\n"
    done = subprocess.run([python, "-c", code], env=env, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "4"
    assert places(tmp_path / "out") == expected
