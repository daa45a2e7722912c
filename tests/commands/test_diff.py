"""scrapy diff: what changed between versions, safe in a terminal, as a page that stands alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from newscrawl.commands.diff import page

ID = "00000000000000ab"
OLD = "أعلن الوزير اليوم خطة من خمس نقاط لإصلاح القطاع\nوقال إن الكلفة تبلغ مليار دينار\nوختم المؤتمر بأسئلة الصحفيين"
NEW = "أعلن الوزير اليوم خطة من سبع نقاط لإصلاح القطاع\nوختم المؤتمر بأسئلة الصحفيين\nوحضر اللقاء سفراء عدة دول"


def record(version: int, **values: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "version": version,
        "source": "paper",
        "publisher": "الورقة",
        "url": "https://paper.test/171",
        "title": "خطة جديدة",
        "body": OLD,
        "tags": [],
        "fetched_at": f"2026-11-2{version}T10:00:00+00:00",
        **values,
    }


def keep(data: Path, day: str, *records: dict[str, Any]) -> None:
    path = data / "articles" / "source=paper" / f"date={day}" / f"run{day}.jsonl"
    path.parent.mkdir(parents=True)
    lines = (json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in records)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    other = record(9) | {"id": "00000000000000cd", "body": f'يذكر "id":"{ID}" في متنه'}
    keep(tmp_path / "data", "2026-11-22", other, record(2, body=NEW, tags=["اقتصاد"]))
    keep(tmp_path / "data", "2026-11-21", record(1))
    return tmp_path / "data"


def test_terminal_shows_words_paragraphs_and_fields(data: Path, scrapy: Callable[..., Any]) -> None:
    result = scrapy("diff", ID)
    assert result.returncode == 0, result.stderr
    out = result.stdout
    assert "[-خمس-] {+سبع+}" in out
    assert "- \u2068وقال إن الكلفة تبلغ مليار دينار\u2069" in out
    assert "+ \u2068وحضر اللقاء سفراء عدة دول\u2069" in out
    assert "tags:" in out
    assert "اقتصاد" in out
    assert "title:" not in out
    for line in out.splitlines():
        assert line.count("\u2068") == line.count("\u2069")


def test_control_characters_of_a_page_never_reach_the_terminal(tmp_path: Path, scrapy: Callable[..., Any]) -> None:
    evil = "خبر \x1b[2J\x1b]0;owned\x07 عاجل \u202eمقلوب \x9b31m [bold]x[/bold]"
    keep(tmp_path / "data", "2026-11-21", record(1, title=evil), record(2, title=evil + " الآن", body=evil))
    result = scrapy("diff", ID)
    assert result.returncode == 0, result.stderr
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", result.stdout)
    assert "[bold]x[/bold]" in result.stdout


def test_page_is_right_to_left_escaped_and_loads_nothing(
    data: Path, scrapy: Callable[..., Any], tmp_path: Path
) -> None:
    result = scrapy("diff", ID, "--html", str(tmp_path / "out.html"))
    assert result.returncode == 0, result.stderr
    tree = lxml_html.fromstring((tmp_path / "out.html").read_bytes())
    assert (tree.get("lang"), tree.get("dir")) == ("ar", "rtl")
    assert [element.text for element in tree.iter("del")] == ["خمس", "وقال إن الكلفة تبلغ مليار دينار"]
    assert [element.text for element in tree.iter("ins")] == ["سبع", "وحضر اللقاء سفراء عدة دول", "اقتصاد"]
    assert not tree.xpath("//script | //link | //img | //@src | //@href")


def test_page_escapes_markup() -> None:
    evil = '<script>alert(1)</script> $title ${x} & "'
    text = page([record(1, title=evil, url=evil, publisher=evil), record(2, title=evil + " جديد", body=evil)])
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; $title ${x} &amp;" in text


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 2, "16 hex digits"),
        (("nonsense",), 2, "16 hex digits"),
        (("ffffffffffffffff",), 1, "no stored article"),
        (("00000000000000cd",), 1, "one version"),
        ((ID, "--source", "other"), 1, "no stored article"),
        ((ID, "--html", "missing/dir/x.html"), 1, "cannot write"),
    ],
)
def test_wrong_use_is_one_sentence(
    data: Path, scrapy: Callable[..., Any], arguments: tuple[str, ...], code: int, says: str
) -> None:
    result = scrapy("diff", *arguments)
    assert result.returncode == code
    assert says in result.stderr + result.stdout
    assert "Traceback" not in result.stderr
