"""The console script `newscrawl`: every Scrapy command with this project's settings, from any directory."""

from __future__ import annotations

import os
import sys

_USAGE = 2


def main() -> None:
    """Runs the command line. A project of the user's own comes in by SCRAPY_SETTINGS_MODULE."""
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    _keep_streams_open()
    try:
        _run()
    except KeyboardInterrupt:
        # Ctrl-C before or after a crawl; during one, Scrapy ends it in order and nothing arrives here.
        sys.exit(130)
    except BrokenPipeError:
        # The reader (head, a pager) has seen enough; Python would complain once more while closing the stream.
        _close_output()
        sys.exit(141)
    except OSError as error:
        from newscrawl.storage import StorageError

        if error.filename is None:
            _close_output()
            sentence = StorageError.of(error, "standard output")
        else:
            sentence = StorageError.of(error, error.filename, "open")
        print(f"newscrawl: {sentence}", file=sys.stderr)
        sys.exit(1)


def _run() -> None:
    # Here, because Ctrl-C comes while Scrapy is being loaded, too.
    from scrapy.cmdline import execute

    from newscrawl.cli.overview import answer
    from newscrawl.setting_values import SettingError

    try:
        answer(sys.argv[1:])
        execute()
    except SettingError as error:
        # A sources file is read before any command begins.
        print(f"newscrawl: {error}", file=sys.stderr)
        sys.exit(_USAGE)
    finally:
        # Here, not at the interpreter's end, where a full disk could only be mumbled about.
        sys.stdout.flush()


def _keep_streams_open() -> None:
    """Of a stream that the caller closed, the first file that is opened would take the place: the state, say."""
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
            setattr(sys, name, os.fdopen(descriptor, "w"))


def _close_output() -> None:
    """What is left in the buffer has nowhere to go, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
