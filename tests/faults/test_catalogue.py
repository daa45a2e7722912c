"""One crawl over every misbehaviour of the catalogue: each ends as the table says, and every good article is stored."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.faults import behaviours
from tests.faults.catalogue import Fault, faults
from tests.faults.certificates import make_contexts
from tests.faults.server import BEHAVIOURS, DOMAIN, FaultServer

ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY_MIB = 300
assert behaviours


class RunningServer:
    """The fault server on a thread of its own."""

    def __init__(self, directory: Path) -> None:
        contexts, self.root_certificate = make_contexts(directory, DOMAIN)
        self.server = FaultServer(contexts)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> RunningServer:
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self.server.start(), self.loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.server.stop(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    @property
    def ports(self) -> dict[str, int]:
        server = self.server
        return {
            "plain": server.port,
            "closed": server.closed_port,
            "tls": server.tls_port,
            "tls-to-plain": server.rude_port,
            "tls-to-silent": server.silent_port,
        }


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    directory = tmp_path_factory.mktemp("faults")
    with RunningServer(directory) as running:
        (directory / "ports.json").write_text(json.dumps(running.ports))
        arguments = [str(directory / name) for name in ("ports.json", "out.json", "data")]
        log = (directory / "log").open("w")
        environment = {**os.environ, "SSL_CERT_FILE": str(running.root_certificate), "no_proxy": "*"}
        finished = subprocess.run(
            [sys.executable, "-m", "tests.faults.crawl", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            timeout=150,
            check=False,
        )
        text = (directory / "log").read_text()
        assert finished.returncode == 0, text[-3000:]
        result = json.loads((directory / "out.json").read_text())
        yield {**result, "log": text, "hosts_seen": dict(running.server.hosts_seen), "hits": dict(running.server.hits)}


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.name)
def test_every_fault_ends_as_the_table_says(run: dict[str, Any], fault: Fault) -> None:
    got = run["outcomes"].get(f"{fault.name}-1", "nothing")
    if fault.outcome == "http-5xx":
        assert got.startswith("http-5")
    else:
        assert got == fault.outcome
    if fault.good:
        assert run["outcomes"].get(f"{fault.name}-good") == "stored"


def test_the_catalogue_is_whole() -> None:
    named = {fault.name for fault in faults()}
    assert len(named) == len(faults()) >= 60
    assert set(BEHAVIOURS) <= named


def test_memory_stays_bounded(run: dict[str, Any]) -> None:
    assert run["peak_mib"] < MOST_MEMORY_MIB


def test_nobody_else_was_asked_for_a_page(run: dict[str, Any]) -> None:
    strangers = {host for host in run["hosts_seen"] if not host.endswith(f".{DOMAIN}")}
    assert strangers <= {"elsewhere.test"}  # for robots.txt alone, where RFC 9309 allows it
    assert not [path for path in run["hits"] if "stolen" in path]


def test_the_run_ended_by_itself(run: dict[str, Any]) -> None:
    assert run["stats"]["finish_reason"] == "finished"
    assert "Traceback" not in run["log"]
