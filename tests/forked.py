"""Commands in processes of their own that start in a tenth of a second: each is forked from one that has imported all.

A new interpreter takes seconds of processor time to load Scrapy, SQLAlchemy and this program, more than most crawls of
a test. Tests of the start itself run a new one.
"""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType

import scrapy.commands

import newscrawl
from tests.patience import PATIENCE

#: Preloaded before its first child; the fork server is one a process, and who sets its list first has his way.
PROCESSES = multiprocessing.get_context("forkserver")
_SCRAPYS = "scrapy.cmdline scrapy.core.downloader.handlers.http11 scrapy.core.engine rich.live rich.progress rich.table"
_PRELOADED = [
    module.name
    for package in (newscrawl, scrapy.commands)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    # What begins by itself, the hundred and more publishers, and names that are none in Python.
    if re.fullmatch(r"(?!.*__main__|newscrawl\.spiders\.\w\w\.)[\w.]+", module.name)
]
PROCESSES.set_forkserver_preload([*_SCRAPYS.split(), *_PRELOADED])


def _go(argv: Sequence[str], cwd: str, env: Mapping[str, str], out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    for name, descriptor in ((out, 1), (err, 2)):
        opened = os.open(name, os.O_WRONLY | os.O_APPEND)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.path[:0] = [part for part in env.get("PYTHONPATH", "").split(os.pathsep) if part]
    sys.argv = list(argv)
    from newscrawl.cli.main import main

    main()


def _start(process: BaseProcess) -> None:
    """Without the main module, which the child does not need: a script that is no module would run anew in it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        process.start()
    finally:
        sys.modules["__main__"] = main


def run(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """What `argv` (the program's name first) came to; TimeoutExpired when it takes longer than PATIENCE."""
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        process = PROCESSES.Process(target=_go, args=(list(argv), str(cwd), dict(env), out.name, err.name))
        _start(process)
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(argv), PATIENCE)
        said = [Path(file.name).read_text("utf-8", "backslashreplace") for file in (out, err)]
        return subprocess.CompletedProcess(list(argv), process.exitcode, *said)
