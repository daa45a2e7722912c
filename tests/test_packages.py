"""What is handed out: wheel and sdist hold every file and install anywhere; containers name what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from newscrawl.browse.listening import read_password
from newscrawl.cli.catalogue import commands, parser_of
from newscrawl.program import VERSION
from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent
#: Beside Python, what a package's rooms hold: a kind that is not here has to be thought about.
_DATA = {".tsv", ".txt", ".md", ".html", ".css", ".opml", ".typed"}


def tracked(folder: str) -> set[str]:
    """The files below a folder that are under version control, or were just written."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no clone: what belongs to it is not known")
    return {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}


def source(directory: Path) -> Path:
    """A copy of what is built from, so that nothing is left in the clone."""
    target = directory / "source"
    for name in (*tracked("newscrawl"), "pyproject.toml", "README.md", "LICENSE"):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    return target


def build(directory: Path, kind: str) -> Path:
    """A wheel or an sdist, by the pinned setuptools and without a network."""
    hook = (
        "import sys, setuptools.build_meta as backend;"
        f"print(backend.build_{kind}(sys.argv[1]))"
    )  # fmt: skip
    command = [sys.executable, "-c", hook, str(directory)]
    done = subprocess.run(command, cwd=source(directory), capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return directory / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("setuptools")
    return build(tmp_path_factory.mktemp("wheel"), "wheel")


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    belongs = tracked("newscrawl")
    assert sorted(belongs - names) == [], "[tool.setuptools.package-data] lacks them"
    assert {Path(name).suffix for name in belongs} <= {".py", *_DATA}
    assert {name.split("/")[0] for name in names} == {"newscrawl", f"newscrawl-{VERSION}.dist-info"}


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    assert wheel.name == f"newscrawl-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as packed:
        metadata = packed.read(f"newscrawl-{VERSION}.dist-info/METADATA").decode()
        scripts = packed.read(f"newscrawl-{VERSION}.dist-info/entry_points.txt").decode()
    assert "License-Expression: Apache-2.0" in metadata
    assert re.search(r"^Requires-Dist: scrapy.*2\.19", metadata, re.MULTILINE | re.IGNORECASE)
    assert "newscrawl = newscrawl.cli.main:main" in scripts


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_it_installs_into_an_empty_environment_and_crawls(kind: str, tmp_path: Path) -> None:
    """With the packages of requirements.lock, which have to come from somewhere: skipped without a network."""
    built = build(tmp_path, kind)
    if kind == "sdist":
        with tarfile.open(built) as packed:
            assert f"newscrawl-{VERSION}/newscrawl/arabic/tables/months.tsv" in packed.getnames()
    environment = tmp_path / "empty"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locks = ["--require-hashes", "-r", str(ROOT / "requirements.lock"), "-r", str(ROOT / "requirements-build.lock")]
    fetched = subprocess.run([*pip, *locks], capture_output=True, text=True, timeout=PATIENCE, check=False)
    if fetched.returncode:
        pytest.skip(f"the packages of requirements.lock cannot be had: {fetched.stderr.strip().splitlines()[-1]}")
    subprocess.run([*pip, "--no-build-isolation", "--no-deps", str(built)], timeout=PATIENCE, check=True)
    subprocess.run([str(python), "-m", "pip", "check"], timeout=PATIENCE, check=True)
    newscrawl = str(environment / "bin" / "newscrawl")
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    said = subprocess.run(
        [newscrawl, "version"], cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert said.stdout.startswith(f"newscrawl {VERSION} ")
    crawled = subprocess.run(
        [newscrawl, "demo"], cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert crawled.returncode == 0, crawled.stderr
    assert re.search(r"this run: \d{3} new, 0 changed", crawled.stdout)


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    return found


def test_what_the_dockerfile_copies_is_let_through_and_there() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    copied = {name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for name in line.split()}
    through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == through
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_every_command_in_the_containers_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its own parser: options that exist, nothing left over."""
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    services = compose()["services"]
    reader = services["browse"]["command"][0]
    shown = [re.search(r"exec newscrawl (browse .+)$", reader, re.MULTILINE)[1].split()]  # type: ignore[index]
    crawl = services["crawl"]["command"][0].replace("$$", "$")
    shown.append(re.search(r"newscrawl (crawl .+?) &", crawl)[1].replace('"', "").split())  # type: ignore[index]
    page = (ROOT / "docs" / "containers.md").read_text("utf-8")
    shown += [line.split() for line in re.findall(r"newscrawl:/data newscrawl (.+)$", page, re.MULTILINE)]
    assert len(shown) == 4
    known = commands()
    for name, *words in shown:
        parser = parser_of(name, known[name])
        _, rest = parser.parse_known_args(words)
        assert [word for word in rest if word.startswith("-")] == []


def test_the_crawls_shell_runs_and_stops(tmp_path: Path) -> None:
    """The loop of compose.yaml, with a newscrawl that says how it was called and waits."""
    fake = tmp_path / "newscrawl"
    fake.write_text('#!/bin/bash\ntrap "echo ended; exit 1" TERM\necho "called: $@"\nwhile :; do sleep 0.2; done\n')
    fake.chmod(0o755)
    script = compose()["services"]["crawl"]["command"][0].replace("$$", "$")
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "CONTACT": "you@your.org", "STATE_URL": "postgresql://x"}
    with subprocess.Popen(["bash", "-c", script], env=environment, stdout=subprocess.PIPE, text=True) as shell:
        assert shell.stdout is not None
        called = shell.stdout.readline()
        shell.terminate()
        assert shell.stdout.readline() == "ended\n"
        assert shell.wait(timeout=PATIENCE) == 0
    said = "-s CONTACT=you@your.org -s STATE_URL=postgresql://x -s DATA_DIR=/data -s SUMMARY_PRINT=False"
    assert called == f"called: crawl due {said}\n"


def test_secrets_of_the_composition_come_from_outside() -> None:
    found = compose()
    text = (ROOT / "compose.yaml").read_text("utf-8")
    assert "${POSTGRES_PASSWORD:?" in text
    assert "${CONTACT:?" in text
    volumes = {mount.split(":")[0] for service in found["services"].values() for mount in service["volumes"]}
    assert {name for name in volumes if "/" not in name} == set(found["volumes"])
    assert "${READER_PASSWORD:?" in text
    assert "/.env" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_readers_shell_gives_a_password_that_it_takes(tmp_path: Path) -> None:
    """The script of compose.yaml, with a newscrawl that reads the password as browse does."""
    script = compose()["services"]["browse"]["command"][0].replace("$$", "$")
    given = tmp_path / "reader-password"
    script = script.replace("/tmp/reader-password", str(given))
    fake = tmp_path / "newscrawl"
    fake.write_text('#!/bin/bash\necho "$@"\n')
    fake.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "READER_PASSWORD": "a b$c"}
    done = subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert done.stdout == f"browse -s DATA_DIR=/data --host 0.0.0.0 --password-file {given}\n"
    assert read_password(given) == "a b$c"


def test_every_lock_is_hashed_and_agrees_with_the_largest() -> None:
    locks: dict[str, dict[str, set[str]]] = {}
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text("utf-8")
        packages = re.findall(r"^([\w.-]+)==(\S+)(.*?)(?=^[\w.-]+==|\Z)", text, re.MULTILINE | re.DOTALL)
        assert packages, lock
        pinned = locks.setdefault(lock.name, {})
        for name, version, rest in packages:
            assert "--hash=sha256:" in rest, (lock.name, name)
            pinned.setdefault(name, set()).add(version)
    largest = locks.pop("requirements-dev.lock")
    locks.pop("requirements-build.lock")
    for name, pinned in locks.items():
        assert {each: versions for each, versions in pinned.items() if largest.get(each) != versions} == {}, name
