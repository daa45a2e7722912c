"""The report as a page: whole, small, and standing alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import html

from newscrawl.browse.interface import Language
from newscrawl.browse.report_page import report_page, write_report
from newscrawl.monitoring.runs import Run
from newscrawl.storage import StorageError
from tests.browse.stored import record, store

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def runs_of(source: str, days: int) -> list[Run]:
    """A run a day; the last one of every tenth source ended early."""
    return [
        Run(
            run=f"{source}-{back}",
            source=source,
            started_at=(NOW - timedelta(days=back)).isoformat(timespec="seconds"),
            seconds=12.5,
            finish_reason="shutdown" if source.endswith("0") and back == 0 else "finished",
            stored=20,
            rejected={"no-title": 2},
        )
        for back in reversed(range(days))
    ]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """130 sources with articles on each of 60 days."""
    data_dir = tmp_path_factory.mktemp("data")
    for source in range(130):
        records = []
        for number in range(120):
            day = (NOW - timedelta(days=number % 60)).date()
            values = {
                "id": f"{source * 1000 + number:016x}",
                "source": f"paper{source:03d}",
                "publisher": f"صحيفة رقم {source}",
            }
            records.append(
                record(
                    1,
                    **values,
                    published_at=f"{day}T08:00:00+03:00",
                    section=f"قسم {number % 9}",
                    authors=["كاتب"] * (number % 2),
                )
            )
        store(data_dir, "one", records)
    return data_dir


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_hundred_and_thirty_sources_in_one_small_file(corpus: Path, language: Language) -> None:
    runs = [run for source in range(130) for run in runs_of(f"paper{source:03d}", 40)]
    page = report_page(corpus, runs, now=NOW, language=language)
    assert len(page.encode()) < 250_000
    assert "<script" not in page
    assert re.findall(r"(?:src|href)=", page) == []
    assert "default-src 'none'" in page
    tree = html.document_fromstring(page)
    assert tree.get("dir") == {"ar": "rtl", "en": "ltr"}[language]
    rows = tree.cssselect(".sources tbody tr:not(.why)")
    assert len(rows) == 130
    assert len(tree.cssselect(".sources tr.ill")) == 13
    assert "its last run ended early (shutdown)" in tree.cssselect(".why")[0].text_content()
    assert len(tree.cssselect(".strip .went")[1].get("d").split("M")) == 31
    assert tree.cssselect(".figures dd .n")[0].text == "15,600"


def test_runs_alone_make_a_report_too(tmp_path: Path) -> None:
    page = report_page(tmp_path, runs_of("paper001", 3), now=NOW)
    assert len(html.document_fromstring(page).cssselect(".sources tbody tr")) == 1


def test_what_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"cannot write .*: it is a directory"):
        write_report(tmp_path, [], tmp_path, now=NOW)
