"""Where the samples beside the checkout lie; a test that needs them skips aloud without them."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def shared(name: str) -> Path:
    """The file or folder `name` of the samples."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"SAMPLES MISSING: {path} is not there, nothing was checked")
    return path
