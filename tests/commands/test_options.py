"""What all commands do alike: the name they bear, options that they do not have, output that is no UTF-8."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.cmdline import execute

from newscrawl.cli.main import main
from tests.patience import PATIENCE

BAD = [
    ["sources", "--bogus"],
    ["demo", "--bogus"],
    ["report", "--bogus"],
    ["export", "--csv", "--bogus", "out.csv", "data"],
    ["dedupe", "--bogus", "x.jsonl"],
    ["state", "check", "--bogus"],
    ["diff", "--bogus"],
    ["extract", "--bogus", "page.html"],
    ["clean-text", "--bogus"],
    ["crawl", "youm7", "--bogus"],
]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")


def refused(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> object:
    """The exit code of `newscrawl ...`."""
    monkeypatch.setattr(sys, "argv", ["/usr/bin/newscrawl", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


@pytest.mark.parametrize("arguments", BAD, ids=lambda arguments: arguments[0])
def test_an_unknown_option_is_refused(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(arguments, monkeypatch) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == f"newscrawl: there is no option --bogus (newscrawl {arguments[0]} -h says what it takes)\n"
    assert list(tmp_path.iterdir()) == []


def test_a_spider_argument_that_is_given_as_an_option(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(["crawl", "youm7", "--limit=5"], monkeypatch) == 2
    said = "newscrawl: there is no option --limit=5; it is a spider argument: -a limit=... ("
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("/usr/bin/newscrawl", "newscrawl"),
        ("/usr/bin/scrapy", "scrapy"),
        ("/usr/lib/python3/scrapy/__main__.py", "scrapy"),
        ("run.py", "newscrawl"),
    ],
)
def test_sentences_name_the_program_as_it_was_called(
    called: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [called, "crawl"])
    with pytest.raises(SystemExit):
        execute()
    assert capsys.readouterr().err.startswith(f"newscrawl: which source? {name} sources lists them")
    monkeypatch.setattr(sys, "argv", [called, "state"])
    with pytest.raises(SystemExit):
        execute()
    told = capsys.readouterr().err
    assert told == f"newscrawl: {name} state check, rebuild, heal, reconcile? ({name} state -h says what it takes)\n"


@pytest.mark.parametrize("arguments", [["sources"], ["sources", "--json"]], ids=" ".join)
def test_output_that_takes_no_arabic(arguments: list[str]) -> None:
    command = [sys.executable, "-c", "from newscrawl.commands.main import main; main()", *arguments]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert ("اندبندنت عربية".encode() in done.stdout) == ("--json" in arguments)
    assert b"independentarabia" in done.stdout


def test_a_report_without_runs_points_to_the_demos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(["report"], monkeypatch) == 2
    missing = f"newscrawl: there are no runs in {tmp_path / 'data' / 'runs'}"
    assert capsys.readouterr().err == f"{missing}\n"
    (tmp_path / "data" / "demo" / "runs").mkdir(parents=True)
    assert refused(["report"], monkeypatch) == 2
    hint = f"; newscrawl report -s DATA_DIR={tmp_path / 'data' / 'demo'} shows the demo's"
    assert capsys.readouterr().err == f"{missing}{hint}\n"


@pytest.mark.parametrize(
    "command", [["demo"], ["crawl", "youm7"], ["state", "rebuild"], ["sources"]], ids=lambda c: c[0]
)
@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        (
            "REVISIT_AFTER=soon",
            "REVISIT_AFTER is 'soon'; expected: whole numbers of seconds, such as 3600,86400, or empty",
        ),
        ("NEAR_DUPLICATE_WINDOW_DAYS=x", "NEAR_DUPLICATE_WINDOW_DAYS is 'x'; expected: a number of days, 0 or more"),
        ("LOG_LEVEL=quiet", "LOG_LEVEL is 'quiet'; expected: one of CRITICAL, ERROR, WARNING, INFO, DEBUG"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    command: list[str],
    setting: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert refused([*command, "-s", setting], monkeypatch) == 2
    assert capsys.readouterr() == ("", f"newscrawl: {sentence}\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["sources", "youm7"], 2, "there is nothing to do with 'youm7': no argument is taken"),
        (["demo", "again"], 2, "there is nothing to do with 'again': no argument is taken"),
        (["report", "--days", "0"], 2, "--days 0 is no number of days between 0 and 36500"),
        (["report", "--days", "1e11"], 2, "--days 1e+11 is no number of days between 0 and 36500"),
        (["state", "check", "nosuch", "-s", "DATA_DIR=."], 2, "nothing is known of a source 'nosuch' in "),
        (["state", "rebuild", "../x", "-s", "DATA_DIR=."], 2, "nothing is known of a source '../x' in "),
        (["extract", "--manifest", "empty"], 2, "--manifest: empty holds no lines"),
        (["demo", "--logfile", "none/log"], 1, "none/log: no such file or directory"),
        (["export", "--csv", "pipe", "empty"], 1, "cannot write pipe: it is no ordinary file"),
        (["export", "--csv", "-", "empty"], 1, "cannot write -: it is no ordinary file"),
        (["dedupe", "empty", "--out", "pipe.jsonl"], 1, "pipe.jsonl: it is no ordinary file"),
    ],
)
def test_mistakes_are_told_in_one_sentence(
    arguments: list[str],
    code: int,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty").touch()
    for name in ("pipe", "pipe.jsonl"):
        os.mkfifo(tmp_path / name)
    assert refused(arguments, monkeypatch) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err.splitlines()[-1]
    assert "Traceback" not in told.err
    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "pipe.jsonl").is_fifo()


def test_a_link_to_the_output_stays_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "link.csv").symlink_to("real.csv")
    assert refused(["export", "--csv", "link.csv", "empty"], monkeypatch) == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["sources"], ["sources", "--json"], ["list"], ["version"]], ids=" ".join)
def test_output_that_is_full(arguments: list[str]) -> None:
    command = [sys.executable, "-c", "from newscrawl.commands.main import main; main()", *arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False)
    assert done.stderr == "newscrawl: cannot write standard output: the disk is full\n"
    assert done.returncode == 1


def test_output_that_is_closed() -> None:
    command = f"{sys.executable} -c 'from newscrawl.commands.main import main; main()' sources >&-"
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, "")
