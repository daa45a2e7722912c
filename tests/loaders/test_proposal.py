"""Rules proposed from a site's pages: what they agree with, what they refuse, what they tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benchmarks.proposals import ARCHIVE, archived_pages, demo_pages, measure
from newscrawl.extraction.elements.naming import Rank, names_of, rank_of
from newscrawl.extraction.page.page import Page
from newscrawl.extraction.page.selectors import select
from newscrawl.extraction.rules import Rules
from newscrawl.extraction.source import Publisher, Source
from newscrawl.loaders import Loaded, load
from newscrawl.loaders.proposal import Proposal, is_same, propose, sample
from newscrawl.loaders.proposed_body import BodyFinder
from newscrawl.loaders.proposed_fields import Sample
from tests.loaders.story_pages import BOX, STORY, TITLES, address, story_page

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SOURCE = Source(
    name="almithal",
    publisher=Publisher("المثال", "Al-Mithal", country="JO", timezone="Asia/Amman"),
    domains=("almithal.example",),
)


def proposed(bodies: Sequence[bytes]) -> Proposal:
    return propose([Page(body, address(n)) for n, body in enumerate(bodies)], SOURCE, fetched_at=NOW)


def why(proposal: Proposal, field: str) -> str:
    (told,) = [one for one in proposal.told if one.field == field]
    assert told.selectors == ()
    return told.why


def test_names_of_the_editors_system_are_chosen_before_those_of_the_design() -> None:
    rules = proposed([story_page(n) for n in range(4)]).rules
    assert rules is not None
    assert (rules.title, rules.body, rules.authors) == (".entry-title", ".entry-content", ".author")
    assert rules.tags == 'a[rel="tag"]'


def test_rules_lead_to_the_same_record_on_pages_that_were_not_seen() -> None:
    pages = [Page(story_page(n, inside=BOX.format(n, TITLES[(n + 1) % 4])), address(n)) for n in range(8)]
    rules = propose(pages[:4], SOURCE, fetched_at=NOW).rules
    assert rules is not None
    for page in pages:
        plain = load(page, SOURCE, generic=True, fetched_at=NOW).article
        ruled = load(page, replace(SOURCE, rules=(rules,)), fetched_at=NOW).article
        assert is_same(ruled, plain)
        assert ruled.provenance["body"] == "rule"


def test_what_differs_on_one_page_is_told_and_not_written() -> None:
    pages = [story_page(n) for n in range(4)]
    pages[2] = story_page(2, title_class="headline-large")
    proposal = proposed(pages)
    assert proposal.rules is not None
    # "h1" is on all of them.
    assert proposal.rules.title in ("h1", ".post h1", "article h1")
    pages[2] = pages[2].replace(b"<h1", b"<h2").replace(b"</h1", b"</h2")
    assert "no name marks it" in why(proposed(pages), "title")


def test_a_selector_that_finds_another_text_disagrees() -> None:
    pages = [story_page(n, head=f'<meta name="author" content="كاتب آخر {n}">') for n in range(3)]
    twice = [page.replace(b'<span class="posted-on">', b'<span class="author">x</span><span>') for page in pages]
    proposal = proposed(twice)
    assert proposal.rules is None or proposal.rules.authors is None or len(proposal.rules.selectors("authors")) == 1


def test_what_a_box_holds_beside_the_story_is_dropped_by_names_that_touch_no_story() -> None:
    pages = [Page(story_page(n, paragraphs=STORY[: 3 + n % 2]), address(n)) for n in range(4)]
    samples = [sample(page, SOURCE, NOW) for page in pages]

    def read(one: Sample, rules: Rules) -> Loaded:
        return load(one.page, replace(SOURCE, rules=(rules,)), fetched_at=NOW)

    drops = BodyFinder(samples, read).drops("article")
    assert drops
    for one in samples:
        ruled = read(one, Rules(body="article", drop=drops, sifts=True)).reading
        assert {block.text for block in one.reading.story} <= {block.text for block in ruled.story}


def test_where_the_reading_without_rules_differs_between_pages_is_told() -> None:
    stamp = '<meta property="article:published_time" content="2026-11-03T10:00:00+02:00">'
    pages = [story_page(n, head=stamp if n else "") for n in range(4)]
    assert any(line.startswith("published_at: ") and "4 pages" in line for line in proposed(pages).differences)


@pytest.mark.parametrize("few", [0, 1, 2])
def test_fewer_than_three_pages_tell_nothing(few: int) -> None:
    with pytest.raises(ValueError, match="3 pages or more"):
        proposed([story_page(n) for n in range(few)])


def test_pages_without_a_story_have_no_rules() -> None:
    assert proposed([b"<html><body><p>x</p></body></html>"] * 3).rules is None


def test_sifting_rules_leave_furniture_out_of_their_box() -> None:
    page = Page(story_page(1, inside='<div class="newsletter">نشرة الصباح في بريدكم كل يوم</div>'), address(1))
    trusting, sifting = (Rules(body=".entry-content", sifts=sifts) for sifts in (False, True))
    texts = [load(page, replace(SOURCE, rules=(rules,)), fetched_at=NOW).article.body for rules in (trusting, sifting)]
    assert ["نشرة الصباح" in (text or "") for text in texts] == [True, False]


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("entry-content", Rank.SYSTEM),
        ("field-name-body", Rank.SYSTEM),
        ("field--name-title", Rank.SYSTEM),
        ("story_text", Rank.SYSTEM),
        ("khabar-nass", Rank.PLAIN),
        ("col-md", Rank.DESIGN),
        ("elementor-widget", Rank.DESIGN),
        ("post-4711", None),
        ("Article_body__xGkQz", None),
        ("a:b", None),
        ("x" * 61, None),
    ],
)
def test_ranks(name: str, rank: Rank | None) -> None:
    assert rank_of(name) == rank


def test_names_are_selectors_that_find_their_element() -> None:
    page = Page(story_page(3), address(3))
    for element in page.root.iter():
        for name in names_of(element)[:10]:
            assert element in select(page.tree, name.selector), name.selector


@pytest.mark.slow
def test_proposed_rules_hold_on_98_of_100_unseen_pages() -> None:
    scores = [measure(slug, demo_pages(slug), learn=5, draws=2) for slug in ("aldifaf", "almarfa", "alwaha")]
    if ARCHIVE.is_file():
        scores.append(measure("racidy", archived_pages(ARCHIVE), learn=5, draws=2))
    for score in scores:
        assert score.tested > 50, score
        assert score.same >= 0.98 * score.tested, score
