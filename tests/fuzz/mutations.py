# ruff: noqa: E501
"""Inputs for fuzzing: the kept corpus, cut, spliced and peppered with what breaks parsers."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

CORPUS = Path(__file__).with_name("corpus")

_TOKENS = [
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n\r\n", b"<", b">", b"&", b"&#x0;", b"&#55296;", b"&#99999999999;", b"]]>",
    b"<![CDATA[", b"<!--", b"-->", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<script>", b"</script>", b"<?xml version='1.0' encoding='x'?>",
    b"<p>", b"</p>", b"<div " * 50, b"[" * 2000, b"{" * 2000, b'{"@type":', b"9" * 5000, b"-1e999", b"NaN", b"\\ud800",
    b"%", b"%zz", b"%ff%fe", b"http://[::1", b"//", b"javascript:", b"http://xn--/", b"http://a:99999/", b"\xd9", b"\xd8\xa7",
    "١٢٣٤".encode(), "يناير".encode(), "٣٠ فبراير ٢٠٢٦".encode(), "منذ ٩٩٩٩٩٩٩٩٩٩ سنة".encode(), b"0000-00-00",
    b"2026-02-30T25:61:61+99:99", "ـ".encode() * 500, "\u202e".encode(), "\u200f".encode(), "ﷺ".encode(), "̈".encode() * 300,
    "القاهرة - أ ف ب".encode(), "𞸀".encode(), b"<loc>", b"</loc>", b"<item>", b"<link>", b"<pubDate>", b'charset="', b"windows-1256",
]  # fmt: skip


def corpus(kind: str) -> list[bytes]:
    """The kept inputs of an entry point: seeds, and whatever once broke it."""
    return [path.read_bytes() for path in sorted((CORPUS / kind).iterdir())]


@st.composite
def mutated(draw: st.DrawFn, kind: str) -> bytes:
    """A seed after a few edits; now and then nothing but noise."""
    seeds = corpus(kind)
    data = draw(st.sampled_from(seeds) | st.binary(max_size=300))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data)))
        edit = draw(st.sampled_from(["insert", "cut", "repeat", "splice", "truncate", "byte"]))
        end = min(len(data), at + draw(st.integers(0, 200)))
        if edit == "insert":
            data = data[:at] + draw(st.sampled_from(_TOKENS)) + data[at:]
        elif edit == "cut":
            data = data[:at] + data[end:]
        elif edit == "repeat":
            data = data[:at] + data[at:end] * draw(st.integers(2, 30)) + data[end:]
        elif edit == "splice":
            other = draw(st.sampled_from(seeds))
            data = data[:at] + other[draw(st.integers(0, len(other))) :]
        elif edit == "truncate":
            data = data[:at]
        else:
            data = data[:at] + draw(st.binary(min_size=1, max_size=4)) + data[at + 1 :]
    return data[:400_000]
