"""S3 servers on loopback for the tests: moto's, and OpenStack Swift with its s3api, which is a real store.

python -m tests.storage.s3_servers [swift]    # starts one with a bucket `corpus` and prints what to export

Swift comes from the package index into an environment of its own, which NEWSCRAWL_SWIFT names (.ci/slow makes one):
python -m venv .venv-swift && .venv-swift/bin/pip install swift setuptools
"""

from __future__ import annotations

import getpass
import http.client
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parent.parent.parent


class NotInstalledError(Exception):
    """There is no such server here."""


class _S3:
    endpoint: str
    key: str
    secret: str

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs to know."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": "us-east-1",
        }

    def client(self) -> Any:
        """Another client than the one that is tested."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
            region_name="us-east-1",
        )

    def new_bucket(self, name: str | None = None) -> str:
        """The name of a fresh, empty bucket."""
        name = name or f"b{uuid.uuid4().hex[:12]}"
        self.client().create_bucket(Bucket=name)
        return name

    def listing(self, bucket: str) -> dict[str, int]:
        """The size of each object."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return {found["Key"]: found["Size"] for page in pages for found in page.get("Contents", [])}

    def read(self, bucket: str, key: str) -> bytes:
        """An object's content."""
        content: bytes = self.client().get_object(Bucket=bucket, Key=key)["Body"].read()
        return content


class MotoServer(_S3):
    """In this process, in memory."""

    key, secret = "tester", "not-to-be-seen"

    def start(self) -> None:
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"

    def stop(self) -> None:
        self._server.stop()


_SWIFT = """
[swift-hash]
swift_hash_path_prefix = test
swift_hash_path_suffix = test
[storage-policy:0]
name = only
default = yes
"""
_DEFAULTS = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {root}
devices = {root}/devices
mount_check = false
user = {user}
workers = 0
log_level = WARNING
log_address = /nonexistent
recon_cache_path = {root}
"""
_PART = """
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
_PROXY = """
[pipeline:main]
pipeline = catch_errors s3api tempauth bulk slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
allow_multipart_uploads = true
s3_acl = false
min_segment_size = 5242880
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
"""


class SwiftServer(_S3):
    """Four processes and a directory: account, container, object and proxy; one device, one replica."""

    key, secret = "test:tester", "testing"

    def __init__(self) -> None:
        named = os.environ.get("NEWSCRAWL_SWIFT") or str(ROOT / ".venv-swift")
        self._bin = Path(named) / "bin"
        if not (self._bin / "swift-proxy-server").exists():
            raise NotInstalledError(f"OpenStack Swift is not installed in {named} (pip install swift setuptools)")

    def start(self) -> None:
        self._root = root = Path(tempfile.mkdtemp(prefix="newscrawl-swift-"))
        (root / "devices" / "d1").mkdir(parents=True)
        (root / "swift.conf").write_text(_SWIFT)
        ports = dict(zip(("account", "container", "object", "proxy"), _free_ports(4), strict=True))
        for kind, port in ports.items():
            settings = _DEFAULTS.format(port=port, root=root, user=getpass.getuser())
            (root / f"{kind}.conf").write_text(settings + (_PROXY if kind == "proxy" else _PART.format(kind=kind)))
        for kind in ("account", "container", "object"):
            ring = [str(self._bin / "swift-ring-builder"), str(root / f"{kind}.builder")]
            for step in (["create", "4", "1", "0"], ["add", f"r1z1-127.0.0.1:{ports[kind]}/d1", "1"], ["rebalance"]):
                subprocess.run(ring + step, check=True, capture_output=True, cwd=root)
        self._processes = [
            subprocess.Popen(
                [self._bin / f"swift-{kind}-server", root / f"{kind}.conf"],
                stdout=(root / f"{kind}.log").open("w"), stderr=subprocess.STDOUT, cwd=root,
            )
            for kind in ports
        ]  # fmt: skip
        self.endpoint = f"http://127.0.0.1:{ports['proxy']}"
        for port in ports.values():
            self._await(port)

    def _await(self, port: int) -> None:
        for _ in range(1200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if any(process.poll() is not None for process in self._processes):
                break
            signal.sigtimedwait([], 0.1)
        logs = "".join(path.read_text()[-500:] for path in self._root.glob("*.log"))
        self.stop()
        raise RuntimeError(f"Swift did not start: {logs}")

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait(timeout=PATIENCE)
        shutil.rmtree(self._root, ignore_errors=True)


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


class Gate:
    """Stands before a server and calls `act` once, before, inside or after the n-th upload.

    "before": the request has come, the server knows nothing. "inside": the server has half of the body. "after": the
    server has answered, and the client has not heard of it.
    """

    def __init__(self, endpoint: str, moment: str, number: int, act: Callable[[], None]) -> None:
        self._upstream = urlsplit(endpoint).netloc
        self._moment, self._number, self._act = moment, number, act
        self._lock = threading.Lock()
        self.uploads = 0
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except OSError:  # the client was killed
                    self.close_connection = True

            def _serve(self) -> None:
                gate._pass_on(self)

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _pass_on(self, client: BaseHTTPRequestHandler) -> None:
        body = client.rfile.read(int(client.headers.get("Content-Length") or 0))
        moment = None
        if client.command == "PUT":
            with self._lock:
                self.uploads += 1
                moment = self._moment if self.uploads == self._number else None
        if moment == "before":
            self._act()
            client.close_connection = True
            return
        upstream = http.client.HTTPConnection(self._upstream, timeout=PATIENCE)
        upstream.putrequest(client.command, client.path, skip_host=True, skip_accept_encoding=True)
        for name, value in client.headers.items():
            upstream.putheader(name, value)
        upstream.endheaders()
        if moment == "inside":
            upstream.send(body[: len(body) // 2])
            self._act()
            upstream.close()
            client.close_connection = True
            return
        upstream.send(body)
        answer = upstream.getresponse()
        content = answer.read()
        if moment == "after":
            self._act()
        client.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                client.send_header(name, value)
        length = answer.getheader("Content-Length") if client.command == "HEAD" else str(len(content))
        client.send_header("Content-Length", length or "0")
        client.end_headers()
        client.wfile.write(content)
        upstream.close()

    def close(self) -> None:
        """Lets the port go."""
        self._server.shutdown()
        self._server.server_close()


if __name__ == "__main__":
    server: MotoServer | SwiftServer = SwiftServer() if "swift" in sys.argv else MotoServer()
    server.start()
    server.new_bucket("corpus")
    try:
        for variable, value in server.environment.items():
            print(f"export {variable}={value}")
        sys.stdout.flush()
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
