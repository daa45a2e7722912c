"""Makes tests/data_0_1_0.tar.zst: a data directory as newscrawl 0.1.0 (commit eaa60c3) leaves it when it is killed.

    git worktree add --detach ../newscrawl-0.1.0 eaa60c3
    python -m venv ../newscrawl-0.1.0/.venv
    ../newscrawl-0.1.0/.venv/bin/pip install ../newscrawl-0.1.0
    ../newscrawl-0.1.0/.venv/bin/python tests/make_data_0_1_0.py

It holds two papers of the demo group, archived, compressed and with learned lines. الضفاف was crawled twice, with an
article that changed in between; the first crawl of المرفأ اليوم was killed. Beside that, what a kill leaves in moments
that are too short to be met: a torn line, an unfinished compression or rewriting, a compressed file beside
its original.

Two moments stand beside the directory in changed.txt: when the article of الضفاف changed, and one after everything, at
which an article of المرفأ اليوم may be said to have changed.

The file is there to be kept: it is made again only if it turns out to lack something that 0.1.0 could leave behind.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from backports import zstd

from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.server import NewsServer
from newscrawl.storage import schema

LAST_DAY = date(2026, 11, 28)
FINISHED, KILLED = "aldifaf", "almarfa"
KILL_AFTER = 20  # lines of the killed run
TARGET = Path(__file__).with_name("data_0_1_0.tar.zst")
_SETTINGS = {
    "GUARD_ALLOW_LOOPBACK": True,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "JUST_PRINTED": 0,
    "ARCHIVE": True,
    "COMPRESS": "zstd",
    "LEARN_BOILERPLATE": True,
    # Every article is due for another visit by the time that anybody reads this directory.
    "REVISIT_AFTER": "30,864000",
}


def crawl(data: Path, server: NewsServer, source: str) -> subprocess.Popen[bytes]:
    settings = {**_SETTINGS, "DATA_DIR": data}
    words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    env = {**os.environ, "http_proxy": server.proxy, "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}
    return subprocess.Popen([sys.executable, "-m", "scrapy", "crawl", source, *words], env=env)


def finish(data: Path, server: NewsServer, source: str) -> None:
    if crawl(data, server, source).wait() != 0:
        sys.exit(f"the crawl of {source} failed")


def kill(data: Path, server: NewsServer, source: str) -> Path:
    """The growing file of a run that was killed when it had stored some articles."""
    process = crawl(data, server, source)
    while process.poll() is None:
        for part in (data / "articles" / f"source={source}").rglob("*.jsonl.part"):
            if part.read_bytes().count(b"\n") >= KILL_AFTER:
                process.kill()
                process.wait()
                return part
        time.sleep(0.005)
    sys.exit(f"the crawl of {source} ended before it was killed")


def leave_what_rare_kills_leave(data: Path, part: Path) -> None:
    # In the middle of a write.
    with part.open("ab") as file:
        file.write('{"id":"00000000000000ff","version":1,"title":"سطر لم يكت'.encode()[:-1])
    # In the middle of a rewriting.
    part.with_name(part.name + ".tmp").write_bytes(part.read_bytes()[:1000])
    first, second = sorted((data / "articles" / f"source={FINISHED}").rglob("*.jsonl.zst"))
    # After compressing, before the plain file was removed.
    plain = first.with_name(first.name.removesuffix(".zst") + ".part")
    plain.write_bytes(zstd.decompress(first.read_bytes()))
    # In the middle of compressing.
    second.with_name(second.name + ".tmp").write_bytes(second.read_bytes()[:500])
    second.with_name(second.name.removesuffix(".zst") + ".part").write_bytes(zstd.decompress(second.read_bytes()))
    second.unlink()


def moment() -> datetime:
    """Now, and later than whatever was fetched before: papers date their changes by the second."""
    time.sleep(1.1)
    return datetime.now(UTC).replace(microsecond=0)


def pack(directory: Path) -> None:
    options = {zstd.CompressionParameter.compression_level: 19, zstd.CompressionParameter.checksum_flag: 1}
    with zstd.open(TARGET, "wb", options=options) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        for path in sorted(path for path in directory.rglob("*") if path.is_file()):
            member = tar.gettarinfo(path, arcname=str(path.relative_to(directory)))
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            with path.open("rb") as content:
                tar.addfile(member, content)


def main() -> None:
    if getattr(schema, "SCHEMA_VERSION", None) != 1:
        sys.exit("this makes a directory of newscrawl 0.1.0: run it with the Python of commit eaa60c3")
    directory = Path(tempfile.mkdtemp(prefix="newscrawl-0.1.0-"))
    data = directory / "data"
    try:
        with NewsServer(Newsroom(LAST_DAY)) as server:
            finish(data, server, FINISHED)
            first = moment()
            server.turn_to(Newsroom(LAST_DAY, [first]))
            finish(data, server, FINISHED)
            part = kill(data, server, KILLED)
        leave_what_rare_kills_leave(data, part)
        (directory / "changed.txt").write_text(f"{first.isoformat()}\n{moment().isoformat()}\n")
        pack(directory)
    finally:
        shutil.rmtree(directory)
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
