"""The pages, asked over loopback and read with lxml: on the demo's corpus, and on articles made to do harm."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from lxml import html

from newscrawl.browse.entry import FIELDS
from newscrawl.browse.interface import counted, keys, said
from newscrawl.browse.server import Server
from newscrawl.storage import StorageError
from tests.browse.serving import Asked, serving
from tests.browse.stored import record, store
from tests.patience import PATIENCE


@pytest.fixture(scope="module")
def reader(demo: Path) -> Iterator[Asked]:
    with serving(demo) as asked:
        yield asked


@pytest.fixture(scope="module")
def records(demo: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in demo.rglob("articles/**/*.jsonl") for line in path.open("rb")]


def hits(page: html.HtmlElement) -> list[str]:
    return [link.get("href").rsplit("/", 1)[1].partition("?")[0] for link in page.cssselect(".hit h2 a")]


def test_a_search_marks_what_it_finds(reader: Asked) -> None:
    page = reader.page("/", q="زيتون")
    assert page.get("dir") == "rtl"
    assert page.get("lang") == "ar"
    marks = [mark.text for mark in page.cssselect("mark")]
    assert "الزيتون" in marks
    assert len(hits(page)) == int(page.cssselect(".summary .n")[0].text)


def test_english_turns_the_page_round_and_stays(reader: Asked) -> None:
    page = reader.page("/", q="زيتون", lang="en")
    assert (page.get("dir"), page.get("lang")) == ("ltr", "en")
    assert page.cssselect("nav a")[1].text == "Sources"
    for link in page.cssselect("nav a:not(:last-child), .hit h2 a, .facet a"):
        assert "lang=en" in link.get("href")
    assert "lang" not in page.cssselect("nav a")[-1].get("href")


def test_paging_meets_every_article_once(reader: Asked, records: list[dict[str, Any]]) -> None:
    for order in ("newest", "best"):
        arguments = {"q": "في", "order": order}
        page, found = reader.page("/", **arguments), []
        while True:
            found += hits(page)
            following = page.cssselect("a[rel=next]")
            if not following:
                break
            page = html.document_fromstring(reader.raw(following[0].get("href"))[2].decode())
        assert len(found) == len(set(found)) > 100
    assert len({each["id"] for each in records}) == 130


def test_facets_and_timeline_lead_to_what_they_count(reader: Asked) -> None:
    page = reader.page("/")
    for link in [*page.cssselect(".facet a")[:5], *page.cssselect("svg.chart a")[:2]]:
        count = (link.cssselect(".n") or [None])[0]
        wanted = int(count.text) if count is not None else int(link.findtext(".//title").rsplit(": ", 1)[1])
        there = html.document_fromstring(reader.raw(link.get("href"))[2].decode())
        assert int(there.cssselect(".summary .n")[0].text) == wanted


def test_an_article_shows_its_versions_and_their_difference(reader: Asked, records: list[dict[str, Any]]) -> None:
    (changed,) = (each for each in records if each["version"] == 2)
    page = reader.page(f"/article/{changed['id']}")
    assert page.cssselect("h1")[0].text == changed["title"]
    assert page.cssselect("article.story")[0].get("dir") == "rtl"
    added = " ".join(each.text for each in page.cssselect(".changes ins"))
    (first,) = (each for each in records if each["id"] == changed["id"] and each["version"] == 1)
    assert set(added.split()) >= set(changed["body"].split()) - set(first["body"].split())
    old = reader.page(f"/article/{changed['id']}", version=1)
    assert [p.text for p in old.cssselect(".text p")] == first["body"].split("\n")
    reader.page(f"/article/{changed['id']}", status=404, version=3)


def test_an_article_shows_its_cluster_its_provenance_and_its_dates(
    reader: Asked, records: list[dict[str, Any]]
) -> None:
    copy = next(each for each in records if each["duplicate_of"])
    page = reader.page(f"/article/{copy['id']}")
    cluster = [link.get("href").rsplit("/", 1)[1] for link in page.cssselect(".cluster li > a")]
    assert copy["duplicate_of"] in cluster
    assert copy["id"] in cluster
    assert f"{copy['similarity']:.0%}" in page.cssselect(".cluster")[0].text_content()
    dates = page.cssselect(".dates")[0].text_content()
    assert copy["published_at"] in dates
    assert copy["published_raw"] in dates
    layers = {
        row.cssselect("th")[0].text_content(): row.cssselect("td")[1].text_content()
        for row in page.cssselect(".record tbody tr")
    }
    assert layers["title"] == copy["provenance"]["title"]


def test_a_cluster_stands_in_the_order_of_time_whatever_the_zone(data_dir: Path) -> None:
    same = {"cluster_id": f"{1:016x}", "duplicate_of": f"{1:016x}", "similarity": 0.9}
    later = record(2, **same, published_at="2026-11-28T07:22:00+00:00")
    day = record(3, **same, published_at="2026-11-28")
    store(data_dir, "one", [record(1, published_at="2026-11-28T07:39:00+02:00"), later, day])
    with serving(data_dir) as asked:
        links = asked.page(f"/article/{2:016x}").cssselect(".cluster li > a")
    assert [int(link.get("href").rsplit("/", 1)[1], 16) for link in links] == [3, 1, 2]


def test_pictures_come_only_when_asked_for(reader: Asked, records: list[dict[str, Any]]) -> None:
    pictured = next(each for each in records if each["images"])
    page = reader.page(f"/article/{pictured['id']}")
    assert page.cssselect("img") == []
    assert pictured["images"][0]["caption"] in page.text_content()
    status, headers, body = reader.raw(f"/article/{pictured['id']}?pictures=1")
    assert status == 200
    assert html.document_fromstring(body.decode()).cssselect("img")[0].get("src") == pictured["images"][0]["url"]
    assert "img-src https: http:" in headers["Content-Security-Policy"]


def test_the_archived_response_is_explained(reader: Asked, records: list[dict[str, Any]]) -> None:
    status, headers, body = reader.raw(f"/article/{records[0]['id']}/archived")
    assert status == 200
    assert "sandbox" in headers["Content-Security-Policy"]
    assert records[0]["title"] in body.decode()
    assert "body by rule" in body.decode() or "rule:" in body.decode()
    status, headers, body = reader.raw(f"/article/{records[0]['id']}/archived?raw=1")
    assert headers["Content-Type"].startswith("text/plain")
    assert b"<html" in body.lower()


def test_the_sources_show_their_runs_and_fields(reader: Asked, records: list[dict[str, Any]]) -> None:
    page = reader.page("/sources", lang="en")
    rows = {row.cssselect("th small bdi")[0].text: row for row in page.cssselect(".sources tbody tr")}
    assert set(rows) == {"aldifaf", "almarfa", "alwaha"}
    mine = {each["id"]: each for each in records if each["source"] == "alwaha"}.values()
    shares = [int(cell.text_content()) for cell in rows["alwaha"].cssselect("td[class^=c]")]
    assert shares == [int(100 * sum(bool(each[name]) for each in mine) / len(mine)) for name in FIELDS]
    one = reader.page("/source/alwaha", lang="en")
    assert "38 articles" in " ".join(one.text_content().split())
    reader.page("/source/nobody", status=404)


def test_trends_compare_up_to_five_words(reader: Asked) -> None:
    page = reader.page("/trends", q="زيتون، مطر, مدرسة؛ وزير، مباراة، سادسة")
    assert [name.text for name in page.cssselect(".legend a bdi")] == ["زيتون", "مطر", "مدرسة", "وزير", "مباراة"]
    rows = page.cssselect(".trend tbody tr")
    counted = reader.page("/", q="زيتون")
    total = (
        sum(float(row.cssselect("td")[0].text_content()) * int(row.cssselect("td")[-1].text_content()) for row in rows)
        / 1000
    )
    assert round(total) == int(counted.cssselect(".summary .n")[0].text)
    assert page.cssselect(".matrix td.c10")
    reader.page("/trends")


def test_the_card_counts_the_corpus(reader: Asked, records: list[dict[str, Any]]) -> None:
    page = reader.page("/card", lang="en")
    newest = {each["id"]: each for each in sorted(records, key=lambda each: each["version"])}.values()
    figures = {div.cssselect("dt")[0].text: div.cssselect("dd .n")[0].text for div in page.cssselect(".figures div")}
    assert figures["Articles"] == "130"
    assert figures["Words"] == f"{sum(each['word_count'] for each in newest):,}"
    assert figures["Reprints of another article"] == str(sum(bool(each["duplicate_of"]) for each in newest))


def test_a_result_is_taken_along(reader: Asked) -> None:
    q = quote("زيتون")
    ids = set(hits(reader.page("/", q="زيتون")))
    _, headers, body = reader.raw(f"/export.jsonl?q={q}")
    assert {json.loads(line)["id"] for line in body.splitlines()} == ids
    assert headers["Content-Disposition"] == "attachment; filename=articles.jsonl"
    _, _, body = reader.raw(f"/export.csv?q={q}")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert {row["id"] for row in rows} == ids
    pq = pytest.importorskip("pyarrow.parquet")
    _, _, body = reader.raw(f"/export.parquet?q={q}")
    assert set(pq.read_table(io.BytesIO(body)).column("id").to_pylist()) == ids
    assert reader.raw("/export.exe")[0] == 404


def test_the_page_offers_the_statement_and_the_watch(reader: Asked) -> None:
    import tomllib

    page = reader.page("/", q='"سكك القمر"', source="aldifaf", copies="original", lang="en")
    assert page.cssselect(".nothing")
    (watch,) = page.cssselect("pre")
    assert tomllib.loads(watch.text)["my-watch"]["words"] == '"سكك القمر"'
    assert "The other filters" in page.text_content()
    page = reader.page("/", q="زيتون", source="aldifaf")
    statement, watch = (pre.text for pre in page.cssselect("pre"))
    assert "read_json(" in statement
    assert tomllib.loads(watch)["my-watch"] == {"words": "زيتون", "sources": ["aldifaf"]}


def test_every_latin_or_numeric_run_stands_alone(reader: Asked, records: list[dict[str, Any]]) -> None:
    copy = next(each for each in records if each["duplicate_of"])
    for path in ("/", f"/article/{copy['id']}", "/sources", "/source/almarfa", "/card", "/trends?q=zz"):
        tree = html.document_fromstring(reader.raw(path)[2].decode())
        for text in tree.xpath(
            "//body//text()[not(ancestor::bdi or ancestor::pre or ancestor::svg or ancestor::*[@dir='auto'] or"
            " ancestor::option or ancestor::*[@lang='en'] or ancestor::a[@class='name'] or ancestor::h1)]"
        ):
            assert not any(letter.isascii() and letter.isalnum() for letter in text), (path, text)


def test_every_word_of_the_interface_is_there_in_both_languages() -> None:
    templates = Path(__file__).parents[2] / "newscrawl" / "browse" / "templates"
    import re

    used = {
        key for path in templates.glob("*.html") for key in re.findall(r"\bt\('([\w.]+)'\)", path.read_text("utf-8"))
    }
    assert used
    assert used <= keys()
    assert {f"field.{name}" for name in FIELDS} <= keys()
    for key in keys():
        assert said(key, "ar").strip()
        assert said(key, "en").strip()


@pytest.mark.parametrize(
    ("count", "arabic", "english"),
    [
        (0, "0 مادة", "0 articles"),
        (1, "مادة واحدة", "1 article"),
        (2, "مادتان", "2 articles"),
        (3, "3 مواد", "3 articles"),
        (10, "10 مواد", "10 articles"),
        (11, "11 مادة", "11 articles"),
        (99, "99 مادة", "99 articles"),
        (100, "100 مادة", "100 articles"),
        (102, "102 مادة", "102 articles"),
        (1103, "1,103 مواد", "1,103 articles"),
    ],
)
def test_arabic_counts_as_it_does(count: int, arabic: str, english: str) -> None:
    assert counted("articles", count, "ar").striptags() == arabic
    assert counted("articles", count, "en").striptags() == english


def test_wrong_addresses_are_answered_in_a_sentence(reader: Asked) -> None:
    for path, status, sentence in (
        ("/?from=yesterday&lang=en", 400, "from: yesterday is no day"),
        ("/?copies=some&lang=en", 400, "copies: some is none of original, reprint"),
        (f"/?q={'+'.join(f'k{n}' for n in range(40))}&lang=en", 400, "at most 32 words"),
        ("/article/xyz?lang=en", 404, "no such article"),
        ("/nowhere?lang=en", 404, "no such page"),
        ("/?page=99999999999999999999&before=x", 200, ""),
        ("/?q=%FF%FE&source=%00", 200, ""),
    ):
        found, _, body = reader.raw(path)
        assert found == status, path
        assert sentence in body.decode()


# What is promised in SECURITY.md.


def test_only_get_and_only_by_its_own_name(reader: Asked) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert reader.raw("/", method)[0] == 405
    assert reader.raw("/", "HEAD")[0] == 200
    for host in (
        "evil.test",
        "evil.test:8642",
        "127.0.0.1.evil.test",
        "localhost.evil.test",
        "10.0.0.7",
        "[::2]",
        "",
        "@",
        "[x",
    ):
        assert reader.raw("/", Host=host)[0] in (400, 421), host
    for host in ("127.0.0.1", "localhost", "LOCALHOST:1", "[::1]:8642"):
        assert reader.raw("/", Host=host)[0] == 200, host


def test_no_page_lets_anything_in(reader: Asked, records: list[dict[str, Any]]) -> None:
    for path in (
        "/",
        "/sources",
        "/card",
        "/trends",
        f"/article/{records[0]['id']}",
        "/nowhere",
        "/static/reader.css",
        "/export.csv?q=x",
    ):
        _, headers, body = reader.raw(path)
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'none'; form-action 'self'")
        assert "script" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert b"<script" not in body.lower()


def test_what_publishers_write_is_never_markup(data_dir: Path) -> None:
    evil = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
    texts = ("title", "subtitle", "section", "publisher", "dateline", "published_raw")
    lists = ("authors", "agencies", "tags", "restrictions")
    bad = record(
        1,
        **{**dict.fromkeys(texts, evil), **{name: [evil] for name in lists}},
        body=f"{evil} كلمة\n{evil}",
        url=f"javascript:alert(3)//{evil}",
        images=[{"url": f"javascript:alert(4){evil}", "caption": evil, "credit": evil}],
        provenance={"title": evil},
        duplicate_of=f"{2:016x}",
        cluster_id=f"{2:016x}",
        similarity=0.5,
    )
    store(data_dir, "one", [bad, record(2, source="aldifaf")])
    store(data_dir, "two", [{**bad, "version": 2, "body": evil}])
    rejected = data_dir / "rejected" / "source=aldifaf" / "r.jsonl"
    rejected.parent.mkdir(parents=True)
    rejected.write_text(
        json.dumps({"reason": evil, "at": evil, "article": {"title": evil, "url": evil}}) + "\n", "utf-8"
    )
    with serving(data_dir) as asked:
        article = f"/article/{1:016x}"
        paths = ["/", f"/?q={quote(evil)}", "/?q=كلمة", article, f"{article}?version=2&pictures=1", "/sources", "/card"]
        paths += ["/source/aldifaf", f"/trends?q={quote(evil)}", f"/?lang={quote(evil)}", f"/{quote(evil)}"]
        for path in paths:
            status, _, body = asked.raw(quote(path, safe="/?=&%"))
            assert status in (200, 404), path
            tree = html.document_fromstring(body.decode())
            assert tree.cssselect("script") == []
            assert [
                e for e in tree.iter() if isinstance(e.tag, str) and any(name.startswith("on") for name in e.attrib)
            ] == []
            for link in tree.cssselect("a[href]"):
                assert urlsplit(link.get("href")).scheme in ("", "http", "https")
            if "pictures" not in path:
                assert tree.cssselect("img") == []


def test_an_archive_outside_the_data_directory_is_not_read(data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    store(data_dir, "one", [record(1, archive={"file": "../secret", "offset": 0}), record(2)])
    with serving(data_dir) as asked:
        status, _, body = asked.raw(f"/article/{1:016x}/archived")
        assert status == 503
        assert "lies outside" in body.decode()
        assert asked.raw(f"/article/{2:016x}/archived")[0] == 404


def test_other_machines_need_the_password(data_dir: Path, tmp_path: Path) -> None:
    store(data_dir, "one", [record(1)])
    with serving(data_dir, host="0.0.0.0", password="sesame، افتح") as asked:
        assert asked.raw("/")[0] == 401
        assert asked.raw("/static/reader.css")[0] == 401
        for given, status in (
            ("x:sesame، افتح", 200),
            (":sesame، افتح", 200),
            ("x:sesame", 401),
            ("sesame، افتح:", 401),
        ):
            assert asked.raw("/", Authorization=f"Basic {b64encode(given.encode()).decode()}")[0] == status
        assert asked.raw("/", Authorization="Bearer x")[0] == 401
        assert (
            asked.raw("/", Host="evil.test", Authorization=f"Basic {b64encode('x:sesame، افتح'.encode()).decode()}")[0]
            == 421
        )


def test_a_port_that_is_taken_is_one_sentence(data_dir: Path) -> None:
    store(data_dir, "one", [record(1)])
    with (
        serving(data_dir) as asked,
        pytest.raises(StorageError, match=f"cannot listen on 127.0.0.1, port {asked.port}"),
    ):
        Server(data_dir, host="127.0.0.1", port=asked.port)


def test_the_watches_were_asked_during_the_crawl(demo: Path, records: list[dict[str, Any]]) -> None:
    feed = json.loads((demo / "watches" / "everything-of-alwaha.json").read_bytes())
    alwaha = {each["id"] for each in records if each["source"] == "alwaha"}
    assert {item["id"].rsplit(":", 1)[1] for item in feed["items"]} == alwaha
    olives = json.loads((demo / "watches" / "olives.json").read_bytes())["items"]
    runs = [json.loads(path.read_bytes()) for path in (demo / "runs").glob("*.json")]
    assert sum(run["watched"].get("olives", 0) for run in runs) == len(olives) > 0
    env = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    (demo / "watches" / "olives.json").unlink()
    command = [str(Path(sys.executable).with_name("newscrawl")), "watch", "olives", "--json", "-s", f"DATA_DIR={demo}"]
    done = subprocess.run(command, cwd=demo.parents[1], env=env, check=True, capture_output=True, timeout=PATIENCE)
    again = {each["id"] for each in json.loads(done.stdout)["olives"]}
    assert again >= {item["id"].rsplit(":", 1)[1] for item in olives}
    assert len(json.loads((demo / "watches" / "olives.json").read_bytes())["items"]) == len(again)
