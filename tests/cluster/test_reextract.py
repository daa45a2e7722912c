"""Archives in bulk: every page once, whatever is killed and whatever is broken."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bulk import Archives, damage
from newscrawl.cli.main import main
from newscrawl.cluster.counts import Counts
from newscrawl.cluster.engines import pool
from newscrawl.cluster.jobs import find_archives, plan
from newscrawl.cluster.reextract import Options, name_of, one_file, reference_of
from newscrawl.storage.errors import StorageError
from newscrawl.storage.jsonl import read_lines
from tests.patience import PATIENCE

ARCHIVES, RESPONSES = 3, 60


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("archives")
    writer = Archives()
    for number in range(ARCHIVES):
        writer.write(directory / f"a{number}.warc.gz", RESPONSES)
    return directory


@pytest.fixture(scope="module")
def expected(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, int]]:
    out = tmp_path_factory.mktemp("expected")
    for job in plan(find_archives([str(archives)]), out, Options(arabic_only=True)):
        one_file(job)
    return sorted(places(out))


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", "from newscrawl.cli.main import main; main()", "reextract", *map(str, arguments)]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=PATIENCE)


def records(out: Path) -> list[dict[str, Any]]:
    files = [path for path in out.rglob("*.jsonl*") if not path.name.startswith(".")]
    return [json.loads(line) for path in files for line in read_lines(path)]


def places(out: Path) -> list[tuple[str, int]]:
    return [(record["archive"]["file"], record["archive"]["offset"]) for record in records(out)]


def grown(out: Path, process: subprocess.Popen[str]) -> None:
    """Returns when a first article can be seen on the disk."""
    while not any(path.stat().st_size for path in out.glob("articles/.*.part") if path.exists()):
        assert process.poll() is None, "it ended before anything was seen"
        time.sleep(0.01)


def children(process: subprocess.Popen[str]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in listed.split()]


def readers(process: subprocess.Popen[str]) -> list[int]:
    """The children that read archives; one more keeps track of shared memory."""
    return [pid for pid in children(process) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@pytest.fixture
def started(archives: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command("--arabic-only", "--procs", "2", "--out", tmp_path / "out", archives),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_a_killed_parent_loses_nothing(
    started: subprocess.Popen[str], archives: Path, tmp_path: Path, expected: list[tuple[str, int]]
) -> None:
    out = tmp_path / "out"
    grown(out, started)
    pids = readers(started)
    started.kill()
    started.wait()
    for pid in pids:
        while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
            time.sleep(0.01)
    assert run("--arabic-only", "--out", out, archives).returncode == 0
    assert sorted(places(out)) == expected
    assert not list(out.rglob(".*"))


def test_a_killed_child_costs_nothing(
    started: subprocess.Popen[str], tmp_path: Path, expected: list[tuple[str, int]]
) -> None:
    out = tmp_path / "out"
    grown(out, started)
    os.kill(readers(started)[0], signal.SIGKILL)
    _, said = started.communicate(timeout=PATIENCE)
    assert started.returncode == 0, said
    assert sorted(places(out)) == expected


@pytest.mark.slow
def test_an_interrupt_ends_in_order(
    started: subprocess.Popen[str], archives: Path, tmp_path: Path, expected: list[tuple[str, int]]
) -> None:
    out = tmp_path / "out"
    grown(out, started)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=PATIENCE)
    assert started.returncode == 130
    assert said.splitlines()[-1].startswith("newscrawl: interrupted")
    assert "Traceback" not in said
    assert run("--arabic-only", "--out", out, archives).returncode == 0
    assert sorted(places(out)) == expected


@pytest.mark.slow
def test_an_archive_that_kills_twice_is_set_aside(
    archives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned = tmp_path / "poisoned.warc.gz"
    poisoned.write_bytes((archives / "a0.warc.gz").read_bytes())
    jobs = plan([str(poisoned), str(archives / "a1.warc.gz")], tmp_path / "out", Options(arabic_only=True))
    monkeypatch.setattr("newscrawl.cluster.engines.attempt", dies_of_poison)
    results = {Path(job.path).name: result for job, result in pool(jobs, 2)}
    assert isinstance(results["a1.warc.gz"], Counts)
    assert results["poisoned.warc.gz"] == "set aside: reading it killed its process twice"


def test_pages_that_take_too_long_are_counted(archives: Path, tmp_path: Path) -> None:
    jobs = plan([str(archives / "a0.warc.gz")], tmp_path, Options(), 0.001)
    ((_, counts),) = pool(jobs, 1)
    assert isinstance(counts, Counts)
    assert counts.rejected["too-slow"] > 0
    assert counts.extracted + sum(counts.rejected.values()) == counts.responses


def dies_of_poison(job: Any) -> Any:
    if "poisoned" in job.path:
        os.kill(os.getpid(), signal.SIGKILL)
    return one_file(job)


def test_a_flipped_bit_costs_at_most_two_records_and_is_told(
    archives: Path, tmp_path: Path, expected: list[tuple[str, int]]
) -> None:
    broken = tmp_path / "a0.warc.gz"
    broken.write_bytes((archives / "a0.warc.gz").read_bytes())
    damage(broken)
    done = run("--arabic-only", "--out", tmp_path / "out", broken)
    whole = {place for place in expected if place[0] == "a0.warc.gz"}
    assert done.returncode == 3
    assert "damage: a0.warc.gz: " in done.stderr
    assert set(places(tmp_path / "out")) <= whole
    assert len(whole) - len(places(tmp_path / "out")) <= 2


def test_a_second_call_reads_what_is_new(archives: Path, tmp_path: Path, expected: list[tuple[str, int]]) -> None:
    out = tmp_path / "out"
    assert run("--arabic-only", "--out", out, archives / "a0.warc.gz").returncode == 0
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.jsonl")}
    done = run("--arabic-only", "--out", out, archives)
    assert "2 archives read, 1 before" in done.stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert sorted(places(out)) == expected


def test_the_ledger_accounts_for_every_response(archives: Path, tmp_path: Path) -> None:
    (job,) = plan([str(archives / "a0.warc.gz")], tmp_path, Options(arabic_only=True))
    counts = one_file(job)
    assert counts.responses == RESPONSES == counts.sifted + counts.extracted + sum(counts.rejected.values())
    assert Counts.read(job.ledger) == counts == one_file(job)
    assert counts.extracted == len(records(tmp_path)) > 0
    assert {record["language"] for record in records(tmp_path)} == {"ar"}


def test_without_the_sift_the_rest_is_there_too(archives: Path, tmp_path: Path) -> None:
    (job,) = plan([str(archives / "a0.warc.gz")], tmp_path, Options())
    one_file(job)
    assert Counter(record["language"] for record in records(tmp_path)).keys() > {"ar", "und-Latn"}


def test_days_are_partitions_and_bounds(archives: Path, tmp_path: Path) -> None:
    days = ("--partition", "date", "--since", "2026-11-01")
    done = run("--arabic-only", *days, "--out", tmp_path, "-s", "COMPRESS=zstd", archives / "a0.warc.gz")
    assert done.returncode == 0, done.stderr
    files = list(tmp_path.rglob("*.jsonl.zst"))
    assert files
    for path in files:
        day = path.parent.name.removeprefix("date=")
        for line in read_lines(path):
            published = json.loads(line)["published_at"]
            assert (published or "unknown")[: len(day)] == day
            assert published is None or published >= "2026-11-01"
    assert "before-since" in done.stderr


def test_lists_of_paths(archives: Path, tmp_path: Path) -> None:
    (tmp_path / "warc.paths").write_text("a0.warc.gz\n\n# a remark\na2.warc.gz\n")
    found = find_archives([f"@{tmp_path / 'warc.paths'}"], base=f"{archives}/")
    assert [Path(each).name for each in found] == ["a0.warc.gz", "a2.warc.gz"]
    assert [Path(each).name for each in find_archives([f"{archives}/a[12].*", str(archives)])] == [
        "a1.warc.gz", "a2.warc.gz", "a0.warc.gz",
    ]  # fmt: skip


def test_archives_in_a_store_are_read_as_those_of_the_disk(
    archives: Path, tmp_path: Path, expected: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("moto.server")
    from tests.storage.s3_servers import MotoServer

    server = MotoServer()
    server.start()
    try:
        bucket = server.new_bucket()
        for path in archives.iterdir():
            server.client().upload_file(str(path), bucket, f"crawl/archive/source=x/{path.name}")
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value if name != "AWS_ENDPOINT_URL" else "")
        # Each job carries what is needed to open its address, for processes and machines of its own.
        options = {"endpoint": server.endpoint}
        found = find_archives([f"s3://{bucket}/crawl/"], options_for=lambda _: options)
        assert len(found) == ARCHIVES
        jobs = plan(found, tmp_path / "out", Options(arabic_only=True), options_for=lambda _: options)
        results = [result for _, result in pool(jobs, 2)]
        assert all(isinstance(result, Counts) for result in results), results
        with pytest.raises(StorageError, match="no WARC file below"):
            find_archives([f"s3://{bucket}/nothing/"], options_for=lambda _: options)
        (job,) = plan([f"s3://{bucket}/none.warc.gz"], tmp_path / "none", Options(), options_for=lambda _: options)
        with pytest.raises(StorageError, match="there is no such bucket or object"):
            one_file(job)
    finally:
        server.stop()
    names = [(file.rpartition("/")[2], offset) for file, offset in places(tmp_path / "out")]
    assert sorted(names) == expected


def test_fields_that_cannot_be_read_are_counted(
    archives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("newscrawl.loaders.article.detect_language", fails)
    (job,) = plan([str(archives / "a0.warc.gz")], tmp_path, Options())
    counts = one_file(job)
    assert counts.extracted > 0
    assert counts.field_errors["language"] >= counts.extracted
    assert Counts.read(job.ledger).field_errors == counts.field_errors


def test_names_stay_apart(tmp_path: Path) -> None:
    paths = ["x/a.warc.gz", "y/a.warc.gz", "data/archive/source=p/r-00000.warc.gz"]
    jobs = plan(paths, tmp_path, Options())
    assert len({job.name for job in jobs}) == 3
    assert name_of(paths[2]) == "p-r-00000"
    assert reference_of("/srv/" + paths[2]) == "archive/source=p/r-00000.warc.gz"
    assert reference_of("s3://bucket/crawl/CC-NEWS-1.warc.gz") == "CC-NEWS-1.warc.gz"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ([], 2, "give at least one PATH"),
        (["none.warc.gz"], 2, "--out DIR"),
        (["--out", "o", "none.warc.gz"], 1, "no WARC file at none.warc.gz"),
        (["--out", "o", "@none"], 1, "cannot read the list none: No such file"),
        (["--out", "o", "--procs", "0", "x"], 2, "--procs 0"),
        (["--out", "o", "--since", "yesterday", "x"], 2, "is no day such as"),
        (["--out", "o", "--engine", "spark", "x"], 2, "invalid choice"),
        (["--out", "o", "--colour", "x"], 2, "there is no option --colour"),
    ],
)
def test_mistakes_are_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["newscrawl", "reextract", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    assert sentence in capsys.readouterr().err


def test_foreign_archives_are_not_parted_by_source_and_day(archives: Path, tmp_path: Path) -> None:
    done = run("--out", tmp_path, "--partition", "source,date", archives)
    assert done.returncode == 2
    assert "for newscrawl's own archives" in done.stderr


def test_one_directory_has_one_set_of_options(archives: Path, tmp_path: Path) -> None:
    plan([str(archives / "a0.warc.gz")], tmp_path, Options(arabic_only=True))
    with pytest.raises(StorageError, match="begun with arabic-only True and not False"):
        plan([str(archives / "a0.warc.gz")], tmp_path, Options())


def test_what_is_no_archive_is_named_and_the_others_are_read(archives: Path, tmp_path: Path) -> None:
    (tmp_path / "no.warc.gz").write_bytes(b"no archive")
    done = run("--arabic-only", "--out", tmp_path / "out", tmp_path / "no.warc.gz", archives / "a0.warc.gz")
    assert done.returncode == 1
    assert "no.warc.gz: it holds no WARC record" in done.stderr
    assert records(tmp_path / "out")
