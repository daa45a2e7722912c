"""Hashes of words and of word triples, of a whole text at once.

A Python object for every triple costs more than hashing it. So the words' hashes stand in lanes of one large integer,
and a few multiplications of it hash all triples.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

from rensa import RMinHash

HASH_BYTES = 4
_LANE = 64  # bits, so that no sum of three products runs over into the next word's
_LANE_BYTES = 8
_LOW_HALF = b"\xff" * HASH_BYTES + b"\0" * HASH_BYTES
_SECOND, _THIRD = 0x1656_67B1, 0x27D4_EB2F  # two of xxHash's primes, of 29 and 30 bits


def word_hashes(words: Iterable[bytes]) -> array[int]:
    """32 bits a word in 64, in the text's order, the same on every machine."""
    full = array("Q", RMinHash.hash_token_sets([words])[0]).tobytes()
    low = int.from_bytes(full, "little") & int.from_bytes(_LOW_HALF * (len(full) // _LANE_BYTES), "little")
    return array("Q", low.to_bytes(len(full), "little"))


def triple_hashes(hashes: array[int]) -> array[int]:
    """64 bits for each three neighbours of word_hashes(), of which the low half is a hash of its own."""
    if len(hashes) < 3:
        return array("Q")
    first = int.from_bytes(hashes.tobytes(), "little")
    second, third = first >> _LANE, first >> 2 * _LANE
    mixed = first + second * _SECOND + third * _THIRD
    return array("Q", mixed.to_bytes(_LANE_BYTES * len(hashes), "little"))[:-2]


def low_halves(hashes: array[int]) -> array[int]:
    """32 bits of each 64.

    They stand first on a little-endian machine, as all are that CPython is built for in practice.
    """
    return array("I", hashes.tobytes())[::2]


def triples(lead: bytes) -> array[int]:
    """Hashes of the triples of words whose 32-bit hashes are given, in the text's order."""
    return low_halves(triple_hashes(array("Q", array("I", lead))))
