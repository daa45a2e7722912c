"""The generic content finder: where on a page the story's text stands, without a publisher's rules.

One pass over the text nodes that are long enough to be prose gives every ancestor the weight of the prose below it.
From there two kinds of candidates come: elements whose itemprop, class or id names a story's body, and the smallest
element that still holds most of the prose. The best of them is read into blocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from lxml import etree

from newscrawl.extraction.body.beside import Beside
from newscrawl.extraction.body.coverage import coverage
from newscrawl.extraction.elements import furniture
from newscrawl.extraction.elements.blocks import Block
from newscrawl.extraction.elements.cards.rows import Cards
from newscrawl.extraction.elements.cards.stories import other_stories
from newscrawl.extraction.elements.columns import is_parted
from newscrawl.extraction.elements.prose import Prose
from newscrawl.extraction.elements.verdicts import Verdict
from newscrawl.extraction.page.outline import Outline, outermost

_LEAF_TAGS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "dd", "ul", "ol", "dl"})
# A cell of a table of figures is a leaf; one of a table that lays out the page is not.
_CELL_TAGS = frozenset({"td", "th", "tr"})
# Characters of prose in a cell that may be a leaf.
_LARGEST_CELL = 300

# Shares and factors of weight. Each was found by trying; behind it stand the bounds between which no reading of the zoo
# and of the real pages changes, as benchmarks/thresholds.py measures them.
_FURNITURE_FACTOR = 0.05  # what prose in furniture, cards and comments still weighs: 0 to 0.1
_BEFORE_FACTOR = 0.3  # prose above the headline: 0.08 to 1.2
_MISNAMED_SHARE = 0.6  # a box with more of the page's prose is named as furniture by mistake: 0.54 to 1
_MOST_OF_IT = 0.72  # a child with so much of its box is the story alone: 0.48 to 1
_ENOUGH_OF_IT = 0.4  # or with so much, when it holds the headline or no rival comes near: 0.1 to 0.5
_RIVAL_FACTOR = 2.0  # how many times as heavy as the next: 0.5 to 4
_FEWEST_PARAGRAPHS = 3  # of a short story beside a longer column: 1 to 12
_LEAST_STORY = 200.0  # its weight: 50 to 800
_LEAST_SHARE = 0.2  # and its share of both: 0.05 to 0.8
_CLOSE = 0.8  # a named body so close to the heaviest is as good: 0.64 to 0.8
_CLOSE_TO_WHOLE = 0.6  # the same, where the heaviest holds headline and standfirst, too: 0.15 to 0.75
_SURE_SHARE = 0.15  # of the densest box that a single name or articleBody must hold: 0.04 to 0.6
_UNSURE_SHARE = 0.45  # that several boxes of one name must: 0.3 to 0.9
_PART_OF_HEAVIEST = 0.04  # a part of a story weighs so much of the heaviest part: 0.01 to 0.06
_PART_OF_OWN = 0.5  # and loses no more of its own weight to furniture: 0.13 to 0.63
_PARTS_FACTOR = 1.2  # a box no heavier than this against its parts holds nothing else: 1.2 to 4.8
_REST_FACTOR = 2.0  # a box heavier than this against a named body has the rest of it: 1.3 to 4


class ContentFinder:
    """Finds the containers of the story among a page's texts; `headline` is where the story begins.

    `at` is the headline's place among the outline's texts, `host` the page's.
    """

    def __init__(
        self,
        outline: Outline,
        headline: etree._Element | None = None,
        at: int = 0,
        host: str = "",
    ) -> None:
        self._around_headline = set(headline.iterancestors()) if headline is not None else set()
        self._prose = Prose(outline, at, self._around_headline, host)
        self._parents = outline.parents
        self._cards = Cards(self._prose, self._around_headline)
        if headline is not None:
            self._cards.add(other_stories(outline, self._prose, at, self._around_headline))
        self._weights: dict[etree._Element, float] = {}
        self._counts: dict[etree._Element, int] = {}
        self._unweighted: dict[etree._Element, float] = {}
        # Beside holds the judgements, not the finder: a circle would keep the page's tree until the collector comes.
        self._judged = furniture.Judgements().__getitem__
        self.beside = Beside(self._prose, self._cards, self._judged, headline, self._around_headline)

    @property
    def others(self) -> dict[etree._Element, Verdict]:
        """The boxes that are not the story wherever they stand: cards of other stories, readers' comments."""
        cards = dict.fromkeys(self._cards.boxes, Verdict.CARD_BOX)
        return cards | dict.fromkeys(self._prose.comments, Verdict.COMMENTS)

    def coverage(self, blocks: Iterable[Block]) -> float | None:
        """How much of the page's prose the kept ones of `blocks` hold, 0 to 1."""
        return coverage(self._prose, self.beside.is_aside, blocks)

    def containers(self) -> list[etree._Element]:
        """The elements that hold the story's text, outermost only, in document order."""
        self._spread()
        if not self._weights:
            return []
        dense = self._densest()
        return [found for found in self._named(dense) or [dense] if not _is_in_footer(found)]

    def _spread(self) -> None:
        """Gives every ancestor of prose its weight: once as it stands, once without furniture, teasers and preludes."""
        prose = self._prose
        own = {e: weight for e, run in prose.runs.items() if (weight := run.weight)}
        for element in self._cards.excerpts & own.keys():
            own[element] *= _FURNITURE_FACTOR
        order = self._innermost_first(own)
        self._unweighted = self._summed(own, order)
        whole = sum(own.values())
        factors: dict[etree._Element | None, float] = {None: 1.0}
        for node in reversed(order):
            factor = factors[self._parents[node]]
            if node in prose.comments:
                factor = _FURNITURE_FACTOR
            elif factor == 1.0 and self._judged(node)[0] and node not in self._around_headline:
                is_small = node.tag in ("footer", "nav") or self._unweighted[node] < _MISNAMED_SHARE * whole
                factor = _FURNITURE_FACTOR if is_small else 1.0
            factors[node] = factor
        discounted = {e: w * factors[e] * (_BEFORE_FACTOR if e in prose.early else 1.0) for e, w in own.items()}
        self._weights = self._summed(discounted, order)
        counts = self._summed(dict.fromkeys(own, 1.0), order)
        self._counts = {node: int(count) for node, count in counts.items()}

    def _innermost_first(self, own: dict[etree._Element, float]) -> list[etree._Element]:
        """The elements and all their ancestors, every child before its parent."""
        found: set[etree._Element] = set()
        for element in own:
            node: etree._Element | None = element
            while node is not None and node not in found:
                found.add(node)
                node = self._parents[node]
        return [element for element in reversed(self._parents) if element in found]

    def _summed(self, own: dict[etree._Element, float], order: list[etree._Element]) -> dict[etree._Element, float]:
        """What lies in and below each element."""
        sums = dict.fromkeys(order, 0.0)
        sums.update(own)
        for node in order:
            parent = self._parents[node]
            if parent is not None:
                sums[parent] += sums[node]
        return sums

    def _densest(self) -> etree._Element:
        children: dict[etree._Element, list[etree._Element]] = {}
        for element in self._weights:
            parent = self._parents[element]
            if parent is not None:
                children.setdefault(parent, []).append(element)
        node = max(self._weights, key=lambda e: self._weights[e])
        while (parent := self._parents[node]) is not None:
            node = parent
        while True:
            below = [c for c in children.get(node, ()) if not self._is_leaf(c)]
            if not below:
                return node
            below.sort(key=lambda c: -self._weights[c])
            told = next((c for c in below[1:] if c in self._around_headline), None)
            if told is not None and self._tells_a_story(told, self._weights[node]):
                node = told
                continue
            best = below[0]
            rival = self._weights[below[1]] if len(below) > 1 else 0.0
            if not self._outweighs(best, node, rival):
                return node
            node = best

    def _tells_a_story(self, box: etree._Element, whole: float) -> bool:
        """Whether the box with the headline holds a short story of its own beside a longer column; points in a list
        do not count."""
        if self._counts[box] < _FEWEST_PARAGRAPHS or self._weights[box] < max(_LEAST_STORY, _LEAST_SHARE * whole):
            return False
        inside = set(box.iter())
        paragraphs = (e for e, run in self._prose.runs.items() if e.tag != "li" and run.weight and e in inside)
        return sum(1 for _ in paragraphs) >= _FEWEST_PARAGRAPHS

    def _outweighs(self, child: etree._Element, node: etree._Element, rival: float) -> bool:
        """Whether the story of `node` lies in `child` alone, not also beside it."""
        weight = self._weights[child]
        if self._counts[child] == self._counts[node]:
            return True
        if self._counts[child] < 2 and not is_parted(child):
            return False
        share = weight / self._weights[node]
        if share >= _MOST_OF_IT or (child in self._around_headline and share >= _ENOUGH_OF_IT):
            return True
        return share >= _ENOUGH_OF_IT and weight >= _RIVAL_FACTOR * rival

    def _is_leaf(self, element: etree._Element) -> bool:
        if element.tag in _CELL_TAGS:
            return self._counts[element] <= 1 and self._weights[element] < _LARGEST_CELL
        return element.tag in _LEAF_TAGS

    def _named(self, dense: etree._Element) -> list[etree._Element]:
        """The elements that are named as a body, when they hold enough of the prose to be believed."""
        groups: dict[str, list[etree._Element]] = {}
        for element, weight in self._weights.items():
            if weight > 0 and element.tag not in ("body", "html") and self._judged(element)[1]:
                key = element.get("itemprop") or element.get("class") or element.get("id") or ""
                groups.setdefault(key, []).append(element)
        best: dict[str, float] = {}
        for key, elements in groups.items():
            heaviest = max(self._weights[e] for e in elements)
            credible = [e for e in elements if self._is_credible(e, heaviest)]
            groups[key] = outermost(credible)
            best[key] = sum(self._weights[e] for e in groups[key])
        if not best:
            return []
        largest, most = max(best.items(), key=itemgetter(1))
        # What holds the headline holds the standfirst, too.
        is_whole = not self._around_headline.isdisjoint(groups[largest])
        shares = {k: _CLOSE_TO_WHOLE if is_whole and dense in groups[k] else _CLOSE for k in groups}
        close = [k for k, w in best.items() if w >= shares[k] * most]
        # Of equally heavy names the innermost is the tightest.
        key = min(close, key=lambda k: (sum(self._counts[e] for e in groups[k]), -_depth(groups[k][0])))
        is_sure = len(groups[key]) == 1 or "articlebody" in key.lower()
        if best[key] < (_SURE_SHARE if is_sure else _UNSURE_SHARE) * self._weights[dense]:
            return []
        return self._with_the_rest(self._one_story(_in_document_order(groups[key])))

    def _with_the_rest(self, elements: list[etree._Element]) -> list[etree._Element]:
        """The box around a named body that holds most of the prose beside it: an ad parts some bodies in two."""
        holder = self._parents[elements[0]]
        if len(elements) > 1 or holder is None or holder in self._around_headline or holder.tag in ("body", "html"):
            return elements
        weight, count = self._weights[elements[0]], self._counts[elements[0]]
        is_larger = self._weights[holder] >= _REST_FACTOR * weight and self._counts[holder] > count + 1
        return [holder] if is_larger else elements

    def _one_story(self, elements: list[etree._Element]) -> list[etree._Element]:
        """Of bodies in several <article>s the headline's; of many parts side by side the box that holds them all."""
        if len(elements) < 2:
            return elements
        homes = [next((a for a in e.iterancestors("article")), None) for e in elements]
        home = next((h for h in homes if h is not None and h in self._around_headline), homes[0])
        elements = [e for e, h in zip(elements, homes, strict=True) if h is home]
        holder = _common_ancestor(elements)
        parts = sum(self._weights[e] for e in elements)
        if len(elements) > 2 and holder is not None and self._weights[holder] <= _PARTS_FACTOR * parts:
            return [holder]
        return elements

    def _is_credible(self, element: etree._Element, heaviest: float) -> bool:
        weight = self._weights[element]
        if weight >= heaviest:
            return True
        return weight >= _PART_OF_HEAVIEST * heaviest and weight >= _PART_OF_OWN * self._unweighted[element]


def _is_in_footer(element: etree._Element) -> bool:
    around = (element, *element.iterancestors())
    return any(e.tag in ("footer", "nav") or e.get("role") == "contentinfo" for e in around)


def _common_ancestor(elements: list[etree._Element]) -> etree._Element | None:
    shared = list(elements[0].iterancestors())
    for element in elements[1:]:
        around = set(element.iterancestors())
        shared = [a for a in shared if a in around]
    return shared[0] if shared else None


def _depth(element: etree._Element) -> int:
    return sum(1 for _ in element.iterancestors())


def _in_document_order(elements: list[etree._Element]) -> list[etree._Element]:
    if len(elements) < 2:
        return elements
    wanted = set(elements)
    return [e for e in elements[0].getroottree().getroot().iter() if e in wanted]
