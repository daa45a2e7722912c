"""Sealed files in an object store: what is there is what the disk holds, whatever is killed and wherever."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.http import Request, Response
from scrapy.settings import Settings

from newscrawl.cli.main import main
from newscrawl.items import Article
from newscrawl.storage import Session, State, StorageError, objects, read_articles
from newscrawl.storage.forgotten import LEDGER, Forgotten, note_forgotten
from newscrawl.storage.objects import Store
from newscrawl.storage.ship import Shipping, _source_of_run, shippable
from newscrawl.storage.ship import shipping as ship_of
from newscrawl.storage.warc_records import responses
from tests.patience import PATIENCE
from tests.storage.s3_servers import Gate, MotoServer, NotInstalledError, SwiftServer

Make = Callable[..., Article]
S3 = MotoServer | SwiftServer
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NEWSCRAWL = [sys.executable, "-c", "from newscrawl.cli.main import main; main()"]


@pytest.fixture(scope="module", params=["moto", pytest.param("swift", marks=pytest.mark.slow)])
def s3(request: pytest.FixtureRequest) -> Iterator[S3]:
    try:
        server: S3 = MotoServer() if request.param == "moto" else SwiftServer()
    except NotInstalledError as error:
        pytest.skip(str(error))
    # A process keeps its client of a bucket, and the servers' buckets have one name.
    objects._opened.cache_clear()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def data(tmp_path: Path, make_article: Make) -> Path:
    """A data directory after a crawl of two sources: articles, rejected, an archive and runs, and a file that grows."""
    data = tmp_path / "data"
    for source in ("paper", "خبر"):
        session = Session(source, data, archive=True, compress=source == "paper")
        for number in range(1, 8) if source == "paper" else range(11, 18):
            store(session, make_article(number, source=source))
        session.rejected.write(make_article(9, source=source), "no-title", now=datetime.now(UTC))
        request = Request("https://paper.test/1" if source == "paper" else "https://paper.test/11")
        assert session.archive is not None
        session.archive.write(request, Response(request.url, body=b"<p>" * 50_000), now=datetime.now(UTC))
        session.close()
        run = data / "runs" / f"{session.run_id}.json"
        run.parent.mkdir(exist_ok=True)
        run.write_text(json.dumps({"source": source, "run": session.run_id}))
    growing = data / "articles" / "source=paper" / "date=2026-11-22" / ".now.jsonl.part"
    growing.parent.mkdir(parents=True, exist_ok=True)
    growing.write_bytes(b'{"id"')
    return data


def store(session: Session, article: Article) -> None:
    file = session.articles.write(article)
    when = datetime.now(UTC)
    session.state.done(
        session.source, article.id, url=article.url, now=when, content_hash=article.content_hash,
        version=article.version, file=file, first_seen=when, published=None,
    )  # fmt: skip


def sizes(data: Path) -> dict[str, int]:
    """What the disk holds that is sealed."""
    paths = [path for kind in ("articles", "rejected", "archive", "runs") for path in (data / kind).rglob("*.*")]
    return {p.relative_to(data).as_posix(): p.stat().st_size for p in paths if p.is_file() and p.name[0] != "."}


def command(data: Path, *arguments: str) -> list[str]:
    return [*NEWSCRAWL, *arguments, "-s", f"DATA_DIR={data}"]


@dataclass
class Said:
    returncode: int
    stdout: str
    stderr: str


def run(data: Path, *arguments: str, **environment: str) -> Said:
    """A command, in this process: to start one costs more than what it does."""
    out, complaints = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(complaints):
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["newscrawl", *arguments, "-s", f"DATA_DIR={data}"])
        with pytest.raises(SystemExit) as end:
            main()
    return Said(int(end.value.code or 0), out.getvalue(), complaints.getvalue())


def shipping(data: Path, url: str) -> Shipping:
    return Shipping(data, State(f"sqlite:///{data / 'state.sqlite'}"), Store(url))


@pytest.fixture
def file_store(tmp_path: Path) -> str:
    return f"file://{tmp_path / 'bucket'}"


@pytest.mark.slow
def test_the_listing_is_the_disk(s3: S3, data: Path) -> None:
    bucket = s3.new_bucket()
    url = f"STORE_URL=s3://{bucket}/corpus"
    done = run(data, "ship", "-s", url, **s3.environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("8 files shipped")
    assert s3.listing(bucket) == {f"corpus/{key}": size for key, size in sizes(data).items()}
    for key in sizes(data):
        assert s3.read(bucket, f"corpus/{key}") == (data / key).read_bytes()
    again = run(data, "ship", "-s", url, **s3.environment)
    assert again.stdout == "0 files shipped (0.0 MB)\n"


@pytest.mark.parametrize("moment", ["before", "inside", "after"])
@pytest.mark.slow
def test_a_kill_leaves_a_file_there_or_not_there(s3: S3, data: Path, moment: str) -> None:
    bucket = s3.new_bucket()
    started = threading.Event()
    processes: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        started.wait()
        processes[0].send_signal(signal.SIGKILL)
        processes[0].wait()

    gate = Gate(s3.endpoint, moment, 3, kill)
    environment = {**os.environ, **s3.environment, "AWS_ENDPOINT_URL": gate.endpoint}
    ship = command(data, "ship", "-s", f"STORE_URL=s3://{bucket}")
    processes.append(subprocess.Popen(ship, env=environment, stdout=subprocess.PIPE))
    started.set()
    processes[0].communicate(timeout=PATIENCE)
    assert processes[0].returncode == -signal.SIGKILL
    whole = sizes(data)
    there = s3.listing(bucket)
    assert there.items() <= whole.items()
    assert len(there) == (3 if moment == "after" else 2)
    assert not s3.client().list_multipart_uploads(Bucket=bucket).get("Uploads")
    again = subprocess.run(ship, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    gate.close()
    assert (again.returncode, again.stderr) == (0, "")
    assert ("1 were there" in again.stdout) == (moment == "after")
    assert s3.listing(bucket) == whole
    for key in whole:
        assert s3.read(bucket, key) == (data / key).read_bytes()


@pytest.mark.slow
def test_what_the_store_holds_otherwise_is_reported_and_stays(s3: S3, data: Path) -> None:
    bucket = s3.new_bucket()
    key = next(key for key in sizes(data) if key.startswith("articles/source=paper"))
    # Of the same size: the sizes alone would not tell.
    s3.client().put_object(Bucket=bucket, Key=key, Body=b"x" * sizes(data)[key])
    done = run(data, "ship", "-s", f"STORE_URL=s3://{bucket}", **s3.environment)
    assert done.returncode == 3
    address = f"s3://{bucket}/{key}"
    assert done.stderr == (
        f"newscrawl: {address} is there with another content than {data / key}; neither was changed\n"
    )
    assert s3.read(bucket, key) == b"x" * sizes(data)[key]
    assert s3.listing(bucket) == sizes(data)
    # It is not called shipped: said again next time, and never removed here.
    again = run(data, "ship", "--remove-after", "0", "-s", f"STORE_URL=s3://{bucket}", **s3.environment)
    assert again.returncode == 3
    assert (data / key).exists()


@pytest.mark.slow
def test_local_copies_go_in_a_later_round_and_the_articles_stay_known(s3: S3, data: Path) -> None:
    bucket = s3.new_bucket()
    before = sizes(data)
    settings = ["-s", f"STORE_URL=s3://{bucket}"]
    first = run(data, "ship", "--remove-after", "0", *settings, **s3.environment)
    assert first.stdout.startswith("8 files shipped")
    assert sizes(data) == before
    second = run(data, "ship", "--remove-after", "0", *settings, **s3.environment)
    assert "6 local copies removed" in second.stdout
    assert set(sizes(data)) == {key for key in before if key.startswith("runs/")}
    assert s3.listing(bucket) == before
    (data / "articles" / "source=paper" / "date=2026-11-22" / ".now.jsonl.part").unlink()
    # Without the store it is said, and no fault; with it, its files are read.
    alone = run(data, "state", "check")
    assert alone.returncode == 0, alone.stdout
    assert "14 shipped: " in alone.stdout
    checked = run(data, "state", "check", *settings, **s3.environment)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.splitlines()[0] == "14 stored lines, 14 stored articles in the state"
    # To read in again what cannot be read would be to forget it.
    blind = run(data, "state", "rebuild")
    assert blind.returncode == 1
    assert "lies in the object store alone and is to be read in again; set STORE_URL" in blind.stderr
    assert "14 shipped: " in run(data, "state", "check").stdout
    assert run(data, "state", "rebuild", *settings, **s3.environment).returncode == 0
    assert run(data, "state", "check").returncode == 0
    # A lost disk, state and all.
    shutil.rmtree(data)
    rebuilt = run(data, "state", "rebuild", *settings, **s3.environment)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert "paper: 7 done" in rebuilt.stdout
    assert run(data, "state", "check", *settings, **s3.environment).returncode == 0


@pytest.mark.slow
def test_addresses_are_read_as_files_are(s3: S3, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = s3.new_bucket()
    assert run(data, "ship", "-s", f"STORE_URL=s3://{bucket}/c", **s3.environment).returncode == 0
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    here = sorted((data / "articles").rglob("[!.]*.jsonl*"))
    articles = list(read_articles([f"s3://{bucket}/c/articles/"]))
    assert sorted(a.to_json() for a in articles) == sorted(a.to_json() for a in read_articles(here))
    (key,) = [key for key in sizes(data) if key.startswith("articles/source=paper")]
    assert key.endswith(".zst")
    assert len(list(read_articles([f"s3://{bucket}/c/{key}"]))) == 7
    with pytest.raises(StorageError, match="there is no such bucket or object"):
        list(read_articles([f"s3://{bucket}/c/nothing.jsonl"]))
    with pytest.raises(StorageError, match="no files of JSON Lines below"):
        list(read_articles([f"s3://{bucket}/nothing/"]))
    # The settings' way to the store, where the environment has only the credentials.
    environment = {**s3.environment, "AWS_ENDPOINT_URL": "", "AWS_REGION": ""}
    options = json.dumps({"endpoint": s3.endpoint, "region": "us-east-1"})
    settings = ["-s", f"STORE_URL=s3://{bucket}/c", "-s", f"STORE_OPTIONS={options}"]
    for out, of in (("there.csv", f"s3://{bucket}/c/"), ("here.csv", str(data))):
        done = run(data, "export", "--csv", "--all-versions", str(tmp_path / out), of, *settings, **environment)
        assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()
    done = run(
        data, "dedupe", "--out", str(tmp_path / "d.jsonl"), f"s3://{bucket}/c/articles/", *settings, **environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("14 stories in 2 files")


QUERY = """
import sys, duckdb
from pyarrow import dataset, fs
endpoint, key, secret, below = sys.argv[1:]
files = fs.S3FileSystem(access_key=key, secret_key=secret, region="us-east-1", endpoint_override=endpoint,
                        scheme="http", connect_timeout=60, request_timeout=60)
articles = dataset.dataset(below, filesystem=files, format="json", partitioning="hive")
print(articles.count_rows(), *duckdb.sql("SELECT count(*), count(DISTINCT id) FROM articles").fetchall()[0])
"""


@pytest.mark.slow
def test_a_query_over_the_store_counts_what_the_disk_counts(s3: S3, data: Path) -> None:
    """In a process of its own: the engines hold the interpreter while they wait for the server, which may be here."""
    pytest.importorskip("pyarrow.dataset")
    pytest.importorskip("duckdb")
    bucket = s3.new_bucket()
    assert run(data, "ship", "-s", f"STORE_URL=s3://{bucket}", **s3.environment).returncode == 0
    # pyarrow unpacks no zstd by its suffix; the other paper's file is plain.
    below = f"{bucket}/articles/source=%D8%AE%D8%A8%D8%B1"
    query = [sys.executable, "-c", QUERY, s3.endpoint.split("//")[1], s3.key, s3.secret, below]
    done = subprocess.run(query, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout == "7 7 7\n", done.stderr


@pytest.mark.slow
def test_duckdb_reads_the_store_by_its_address(s3: S3, data: Path) -> None:
    """DuckDB's own extension for S3 cannot be had without a network; s3fs gives it the same addresses."""
    python = Path(os.environ.get("NEWSCRAWL_SWIFT") or ".venv-swift") / "bin" / "python"
    script = """
import os, sys, duckdb, s3fs
duckdb.register_filesystem(s3fs.S3FileSystem(endpoint_url=os.environ["AWS_ENDPOINT_URL"]))
print(*duckdb.sql(f"SELECT count(*), count(DISTINCT (source, id)) FROM read_json('s3://{sys.argv[1]}/articles/*/*/*.jsonl*')").fetchall()[0])
"""
    if not python.exists() or subprocess.run([python, "-c", "import duckdb, s3fs"], capture_output=True).returncode:
        pytest.skip(f"{python} has no duckdb and s3fs")
    bucket = s3.new_bucket()
    assert run(data, "ship", "-s", f"STORE_URL=s3://{bucket}", **s3.environment).returncode == 0
    env = {**os.environ, **s3.environment, "AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run([python, "-c", script, bucket], env=env, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout == "14 14\n", done.stderr


@pytest.mark.slow
def test_credentials_reach_no_output(s3: S3, data: Path) -> None:
    environment = {
        **s3.environment,
        "AWS_SECRET_ACCESS_KEY": "a-secret-of-mine",
        "AWS_SESSION_TOKEN": "a-token-of-mine",
    }
    said = [
        run(data, "ship", "-L", "DEBUG", "-s", "STORE_URL=s3://nowhere", **environment),
        run(
            data,
            "ship",
            "-L",
            "DEBUG",
            "-s",
            "STORE_URL=s3://nowhere",
            **{**environment, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
        ),
        run(data, "state", "check", "-s", "STORE_URL=s3://nowhere", **environment),
        run(data, "settings", "--get", "STORE_OPTIONS", **environment),
        run(data, "ship", "-s", "STORE_URL=s3://key:a-secret-of-mine@bucket", **environment),
        run(data, "ship", "-s", "STORE_URL=az://c/x?sig=a-secret-of-mine", **environment),
        run(data, "ship", "-s", 'STORE_OPTIONS={"secret_access_key": "a-secret-of-mine"}', **environment),
    ]
    assert [each.returncode for each in said] == [1, 1, 1, 0, 2, 2, 2]
    for each in said:
        assert "of-mine" not in each.stdout + each.stderr
        assert "Traceback" not in each.stderr
    assert "Generic" not in said[1].stderr


def test_a_signature_in_an_address_reaches_no_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", "sv=2024&sig=a-secret-of-mine")
    monkeypatch.setenv("AZURE_STORAGE_ENDPOINT", "http://127.0.0.1:9/account")
    with pytest.raises(StorageError) as found:
        Store("az://container/prefix").head("x")
    assert str(found.value) == "cannot read az://container/prefix/x: the store cannot be reached"


@pytest.mark.parametrize("secret", ["?sig=of-mine", "http://user:of-mine@host/x", "https://of-mine@host"])
def test_an_address_is_told_without_what_is_secret_in_it(secret: str) -> None:
    said = objects._sentence(OSError(f"nothing was found at {secret} or below"))
    assert "of-mine" not in said


@pytest.mark.parametrize("is_local", [True, False])
@pytest.mark.slow
def test_a_forgotten_article_goes_from_the_store_too(
    data: Path, file_store: str, tmp_path: Path, is_local: bool
) -> None:
    """From files that the disk has as well, and from those that the store alone has."""
    ship = shipping(data, file_store)
    ship.ship()
    if not is_local:
        assert ship.remove(time.time()) == 6
    bucket = tmp_path / "bucket"
    id_ = f"{1:016x}"
    done = run(data, "forget", id_, "--reason", "asked for", "-s", f"STORE_URL={file_store}")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{id_} of paper: 1 lines, 0 rejected, 2 archived records" in done.stdout
    for where in (data, bucket):
        lines = [a for path in sorted((where / "articles").rglob("[!.]*.jsonl*")) for a in read_articles([path])]
        assert id_ not in {article.id for article in lines}
        assert len([article for article in lines if article.source == "paper"]) == 6
        archives = sorted((where / "archive" / "source=paper").glob("*.warc.gz"))
        assert len(archives) == 1
        assert [found.url for found in responses(archives[0], lambda _: None)] == []
    again = run(data, "ship", "-s", f"STORE_URL={file_store}")
    assert (again.returncode, again.stdout) == (0, "0 files shipped (0.0 MB)\n")
    checked = run(data, "state", "check", "-s", f"STORE_URL={file_store}")
    assert "13 stored lines" in checked.stdout


def test_a_file_that_held_nothing_else_goes_from_the_store(tmp_path: Path, file_store: str, make_article: Make) -> None:
    data = tmp_path / "data"
    session = Session("paper", data)
    store(session, make_article(1))
    session.close()
    settings = ("-s", f"STORE_URL={file_store}")
    assert run(data, "ship", "--remove-after", "0", *settings).returncode == 0
    assert "1 local copies removed" in run(data, "ship", "--remove-after", "0", *settings).stdout
    done = run(data, "forget", f"{1:016x}", "--reason", "asked for", *settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert not [path for where in (data, tmp_path / "bucket") for path in (where / "articles").rglob("*.*")]


def test_a_file_that_lost_an_article_takes_the_place_of_the_old_one(
    tmp_path: Path, file_store: str, make_article: Make
) -> None:
    data = tmp_path / "data"
    session = Session("paper", data)
    for number in (1, 2):
        store(session, make_article(number))
    session.close()
    ship = shipping(data, file_store)
    assert ship.ship().shipped == 1
    assert run(data, "forget", f"{1:016x}", "--reason", "asked for").returncode == 0
    done = ship.ship()
    assert (done.shipped, done.there, done.replaced, done.conflicts) == (0, 0, 1, [])
    (path,) = (tmp_path / "bucket" / "articles").rglob("*.jsonl")
    assert path.read_bytes() == (data / path.relative_to(tmp_path / "bucket")).read_bytes()
    assert [article.id for article in read_articles([path])] == [f"{2:016x}"]
    assert ship.ship().replaced == 0


@pytest.mark.parametrize("first", ["paper", "other"])
def test_what_a_removal_emptied_goes_with_the_round_of_its_source(
    tmp_path: Path, file_store: str, make_article: Make, first: str
) -> None:
    last = {"paper": "other", "other": "paper"}[first]
    data = tmp_path / "data"
    for number, source in enumerate(("paper", "other")):
        session = Session(source, data)
        store(session, make_article(number, source=source))
        session.close()
    ship = shipping(data, file_store)
    assert ship.ship().shipped == 2
    paths = {
        source: list((tmp_path / "bucket" / "articles" / f"source={source}").rglob("*.jsonl"))
        for source in ("paper", "other")
    }
    assert run(data, "forget", f"{0:016x}", f"{1:016x}", "--reason", "asked for").returncode == 0
    assert ship.ship(["none"]).replaced == 0
    assert ship.ship([first]).replaced == 1
    assert [paths[source][0].exists() for source in (first, last)] == [False, True]
    assert ship.ship().replaced == 1
    assert not paths[last][0].exists()
    assert ship.ship().replaced == 0


def test_the_state_is_closed_after_a_round(data: Path, file_store: str) -> None:
    """Open, SQLite's journal would lie beside it, and a copy of the file alone would lack what is in there."""
    with ship_of(Settings({"DATA_DIR": str(data), "STORE_URL": file_store})) as ship:
        assert ship.ship().shipped == 8
        assert (data / "state.sqlite-wal").exists()
    assert not (data / "state.sqlite-wal").exists()
    del ship


def test_a_file_that_was_rewritten_for_no_known_reason_is_a_conflict(
    data: Path, file_store: str, tmp_path: Path
) -> None:
    ship = shipping(data, file_store)
    ship.ship()
    (key,) = [key for key in sizes(data) if key.startswith("articles/") and key.endswith(".jsonl")]
    whole = (data / key).read_bytes()
    (tmp_path / "new").write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 1])
    (tmp_path / "new").rename(data / key)
    assert len(ship.ship().conflicts) == 1
    assert (tmp_path / "bucket" / key).read_bytes() == whole


def test_what_the_store_lost_stays_here_and_goes_up_again(data: Path, file_store: str, tmp_path: Path) -> None:
    ship = shipping(data, file_store)
    ship.ship()
    key, other = sorted(key for key in sizes(data) if key.startswith("archive/"))
    (tmp_path / "bucket" / key).unlink()
    with (tmp_path / "bucket" / other).open("ab") as file:
        file.write(b"more")
    before = sizes(data)
    assert ship.remove(time.time()) == 4
    assert key in sizes(data)
    assert other in sizes(data)
    again = ship.ship()
    assert (again.shipped, len(again.conflicts)) == (1, 1)
    assert before[key] == (tmp_path / "bucket" / key).stat().st_size


def test_articles_that_the_state_has_not_taken_in_stay_here(data: Path, file_store: str) -> None:
    ship = shipping(data, file_store)
    ship.ship()
    (data / "state.sqlite").unlink()
    ship = shipping(data, file_store)
    assert ship.ship().there == 8
    assert {file.key.partition("/")[0] for file in ship.removable(time.time())} == {"archive", "rejected"}


def test_nothing_that_still_grows_is_shipped(data: Path) -> None:
    (data / "articles" / "source=paper" / "date=2026-11-22" / ".._a.jsonl").write_bytes(b"{}\n")  # a system's own
    assert sorted(file.key for file in shippable(data)) == sorted(sizes(data))


def test_what_is_spoken_of_goes_up_before_what_speaks_of_it(data: Path, file_store: str) -> None:
    """A kill leaves no article in the store whose archive is not there."""
    keys = [file.key for file in shipping(data, file_store).waiting(["paper"])]
    assert [key.partition("/")[0] for key in keys] == ["archive", "articles", "rejected", "runs"]


def test_a_file_that_changed_since_waits_again_though_its_size_is_the_same(data: Path, file_store: str) -> None:
    ship = shipping(data, file_store)
    ship.ship()
    assert list(ship.waiting()) == []
    (key,) = [key for key in sizes(data) if key.startswith("articles/") and key.endswith(".jsonl")]
    (data / key).write_bytes((data / key).read_bytes().replace(b"paper", b"other"))
    assert [file.key for file in ship.waiting()] == [key]


def test_an_object_of_the_same_size_is_compared_byte_by_byte(data: Path, file_store: str, tmp_path: Path) -> None:
    key = next(key for key in sorted(sizes(data)) if key.startswith("archive/"))
    there = tmp_path / "bucket" / key
    there.parent.mkdir(parents=True)
    there.write_bytes((data / key).read_bytes()[:-1] + b"x")
    done = shipping(data, file_store).ship()
    assert done.there == 0
    assert [sentence.endswith("neither was changed") for sentence in done.conflicts] == [True]
    assert there.read_bytes() != (data / key).read_bytes()


def test_an_object_that_is_longer_is_another(data: Path, file_store: str, tmp_path: Path) -> None:
    """As one that has grown since its size was asked for."""
    ship = shipping(data, file_store)
    ship.ship()
    file = next(iter(ship.removable(time.time())))
    assert ship._reads_the_same(file)
    with (tmp_path / "bucket" / file.key).open("ab") as there:
        there.write(b"x")
    assert not ship._reads_the_same(file)


def test_what_was_taken_away_is_gone_after_a_power_cut(
    data: Path, file_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship = shipping(data, file_store)
    ship.ship()
    before = {path.parent for path in data.rglob("*") if path.is_file()}
    synced: list[Path] = []
    monkeypatch.setattr("newscrawl.storage.ship.sync_directory", synced.append)
    assert ship.remove(time.time()) == 6
    after = {path.parent for path in data.rglob("*") if path.is_file()}
    assert before - after <= set(synced)


@pytest.mark.parametrize("content", [None, b"{", b"[1]", b"5", b'{"other": 1}', b'{"source": 5}'])
def test_a_run_that_names_no_source_is_shipped_with_no_source(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "runs" / "run.json"
    if content is not None:
        path.parent.mkdir()
        path.write_bytes(content)
    assert _source_of_run(path) is None


def test_what_was_shipped_too_lately_stays(data: Path, file_store: str) -> None:
    ship = shipping(data, file_store)
    before = int(time.time()) - 1
    ship.ship()
    assert list(ship.removable(before)) == []
    assert ship.remove(before) == 0
    assert len(list(ship.removable(time.time()))) == 6


def test_what_was_shipped_after_a_removal_is_none_of_its_files(data: Path, file_store: str, tmp_path: Path) -> None:
    """It is gone from here for its age, and holds what was left."""
    ship = shipping(data, file_store)
    ship.ship()
    key = next(key for key in sorted(sizes(data)) if key.startswith("archive/source=paper"))
    (data / key).unlink()
    for at, is_there in (("2020-01-01T00:00:00+00:00", True), ("2120-01-01T00:00:00+00:00", False)):
        (data / LEDGER).unlink(missing_ok=True)
        note_forgotten(data, [Forgotten(id=f"{1:016x}", source="paper", reason="asked for", at=at, files=[key])])
        assert ship.ship().replaced == (not is_there)
        assert (tmp_path / "bucket" / key).exists() is is_there


def test_watch_ships_what_is_sealed_meanwhile(data: Path, file_store: str, tmp_path: Path) -> None:
    watch = command(data, "ship", "--watch", "-s", f"STORE_URL={file_store}", "-s", "SHIP_EVERY=1")
    process = subprocess.Popen(watch, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("8 files shipped")
    new = data / "rejected" / "source=paper" / "new.jsonl"
    new.write_text("{}\n")
    assert process.stdout.readline().startswith("1 files shipped")
    assert (tmp_path / "bucket" / "rejected" / "source=paper" / "new.jsonl").exists()
    process.send_signal(signal.SIGINT)
    _, complaints = process.communicate(timeout=PATIENCE)
    assert (process.returncode, complaints) == (0, "")


def test_what_would_be_done_is_said_without_doing_it(data: Path, file_store: str, tmp_path: Path) -> None:
    done = run(data, "ship", "--dry-run", "-s", f"STORE_URL={file_store}")
    assert done.returncode == 0
    assert sorted(done.stdout.splitlines()[:-1]) == sorted(sizes(data))
    assert done.stdout.splitlines()[-1].startswith("8 files (")
    assert not list((tmp_path / "bucket").rglob("*.*"))


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ([], 2, "STORE_URL says where to"),
        (["-s", "STORE_URL=ftp://host/x"], 2, "STORE_URL is not one that can be used; expected: s3://"),
        (["-s", "STORE_URL=file:///dev/null/x"], 1, "cannot open file:///dev/null/x: "),
        (["--remove-after", "-1", "-s", "STORE_URL=file:///tmp"], 2, "--remove-after -1 is no number of days"),
        (["-s", "STORE_URL=s3://b", "-s", 'STORE_OPTIONS={"bogus": "1"}'], 1, "cannot open s3://b: Configuration key"),
        (["-s", "KEEP_LOCAL=soon", "-s", "STORE_URL=file:///tmp"], 2, "KEEP_LOCAL is 'soon'"),
    ],
)
def test_mistakes_are_one_sentence(data: Path, arguments: list[str], code: int, sentence: str) -> None:
    done = run(data, "ship", *arguments)
    assert done.returncode == code
    assert done.stderr.startswith(f"newscrawl: {sentence}"), done.stderr
    assert done.stderr.count("\n") == 1


def test_without_a_data_directory(tmp_path: Path, file_store: str) -> None:
    done = run(tmp_path / "none", "ship", "-s", f"STORE_URL={file_store}")
    assert (done.returncode, done.stderr) == (1, f"newscrawl: there is no data directory {tmp_path / 'none'}\n")


PAGE = (Path(__file__).parent.parent.parent / "docs" / "object-storage.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_commands_of_the_page(s3: S3, tmp_path: Path, make_article: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    s3.new_bucket("corpus")
    session = Session("paper", tmp_path / "data", archive=True)
    for number in range(1, 8):
        store(session, make_article(number))
    assert session.archive is not None
    url = "https://paper.test/1"
    session.archive.write(Request(url), Response(url, body=b"<html>", headers={"Content-Type": "text/html"}), now=NOW)
    session.close()
    monkeypatch.chdir(tmp_path)
    lines = [line for block in blocks("sh") for line in block.splitlines() if not line.startswith("export AWS")]
    assert len(lines) == 8
    for line in lines:
        name, *arguments = shlex.split(line)
        assert name == "newscrawl"
        done = run(tmp_path / "data", *arguments, **s3.environment)
        assert done.returncode == 0, (line, done)
    assert len((tmp_path / "corpus.csv").read_text("utf-8").splitlines()) > 7
    assert len(s3.listing("corpus")) == 2
    environment = {**os.environ, **s3.environment, "PYTHONUTF8": "1"}
    for text, expected in zip(blocks("python"), ("paper عنوان الخبر رقم 1", "[('paper', 7)]"), strict=True):
        done = subprocess.run(
            [sys.executable, "-c", text],
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        assert done.stdout.startswith(f"{expected}\n"), done.stderr
