"""What belongs to a story and stands beside the container of its body: leads above it, the rest of it below."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice, takewhile

from lxml import etree

from newscrawl.arabic.sentences import ends_sentence, is_cut
from newscrawl.extraction.elements import furniture
from newscrawl.extraction.elements.blocks import BOLD_TAGS, INLINE_TAGS, Block, read, text_of
from newscrawl.extraction.elements.cards.rows import Cards
from newscrawl.extraction.elements.columns import CELL_TAGS
from newscrawl.extraction.elements.prose import Prose
from newscrawl.extraction.elements.verdicts import Verdict

_LEAST_LEAD, _LEAST_SENTENCE = 60.0, 24.0
_LIST_TAGS = frozenset({"li", "dd", "dt", "ul", "ol"})
_PART_TAGS = frozenset({"p", "li", "blockquote"})
_LEVELS_OF_ASIDE, _LEVELS_OF_REST = 20, 2
_STORY_BOX = re.compile(r"article|story|post|news|entry|single|detail|content", re.IGNORECASE)
# How most paragraphs of Arabic news go on, and no advertisement, notice or life of a writer begins.
_GOES_ON = re.compile(
    r"\W*(?:و[\u0621-\u064a]{2,}|ف[\u0621-\u064a]{4,}|كما|كذلك|أما|يذكر|يشار|بدور(?:ه|ها|هم)|من (?:جهة|جهت|جانب)\w*"
    r"|إلى ذلك|في (?:المقابل|السياق|غضون|حين)|غير أن|لكن|بينما|فيما)(?![\u0621-\u064a])"
)
# "body1" and "text-12" count; "col-md-8" and "col-md-4" are columns; "elementor-element-4f3a2b1" is random.
_COUNT, _COLUMN = re.compile(r"-?\d+$"), re.compile(r"col|span|grid|width|-(?:xs|sm|md|lg|xl)-", re.IGNORECASE)
_RANDOM = re.compile(r"(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{6,}$")


class Beside:
    """Looks around a container; `headline` is what shows the headline, `around` what stands around that."""

    def __init__(
        self,
        prose: Prose,
        cards: Cards,
        judged: Callable[[etree._Element], tuple[bool, bool]],
        headline: etree._Element | None,
        around: set[etree._Element],
    ) -> None:
        self._prose = prose
        self._cards = cards
        self._judged = judged
        self._headline = {*around, *(headline.iter() if headline is not None else ())}
        self._shown = headline
        self._around = around

    def leads(self, container: etree._Element) -> list[etree._Element]:
        """The prose between the headline and a container, in document order: a lead in a box of its own, what
        introduces the entries of a live blog. Lists there sum the story up."""
        found: list[etree._Element] = []
        inside = set(container.iter())
        for element, run in self._prose.runs.items():
            if element in inside:
                return found
            is_after = element not in self._prose.early and element not in self._headline
            is_prose = is_after and run.weight >= _LEAST_LEAD and element.tag not in _LIST_TAGS
            if (is_prose or (is_after and self._goes_on(element, found))) and not self.is_aside(element):
                found.append(element)
        return []

    def _goes_on(self, element: etree._Element, found: list[etree._Element]) -> bool:
        """Whether a short sentence stands beside the lead that was found last, and looks like it."""
        if not found or element.getparent() is not found[-1].getparent() or _kind(element) != _kind(found[-1]):
            return False
        return self._prose.runs[element].weight >= _LEAST_SENTENCE and ends_sentence(text_of(element))

    def bare_leads(self, container: etree._Element, host: str) -> list[Block]:
        """The prose between the headline and a container that stands in no box but those that hold the headline."""
        if container in self._around or self._shown is None:
            return []
        above = set(container.iterancestors())
        found: list[Block] = []
        for holder in self._shown.iterancestors():
            # The text of a cell that is no column counts as its row's.
            boxes = (holder, holder.getparent()) if holder.tag in CELL_TAGS else (holder,)
            runs = (self._prose.runs.get(box) for box in boxes if box is not None)
            if any(run is not None and run.weight >= _LEAST_LEAD for run in runs):
                found += self._bare_in(holder, {container, *above}, host)
            if holder in above:
                break
        return found

    def _bare_in(self, holder: etree._Element, below: set[etree._Element], host: str) -> list[Block]:
        """The prose straight in a box, from the headline in it to what is `below`."""
        boxes = [child for child in holder if child.tag not in INLINE_TAGS and child not in self._headline]
        found: list[Block] = []
        for block in read(holder, dict.fromkeys(boxes, Verdict.STRUCTURE), headline=self._shown, host=host):
            if block.kind == "furniture" and block.element in below:
                break
            shown_by = block.shown_by
            is_bare = shown_by is not None and _box_of(shown_by) is holder
            if shown_by is not None and is_bare and block.dropped is None and len(block.text) >= _LEAST_LEAD:
                block.element = shown_by
                found.append(_without_notes(block, holder))
        return found

    def rest(self, container: etree._Element, leads: Iterable[etree._Element] = ()) -> list[etree._Element]:
        """The paragraphs below a container that go on with its story, in document order, where `leads` stand above it.

        They have the tag and the class of one that is known, and nothing that can be read stands between. Behind
        furniture or another story's card they stand in boxes as the known ones do, or in the story's own box.
        """
        if container.tag in ("body", "article", "main"):
            return []
        runs = self._prose.runs
        inside = set(container.iter())
        known = [e for e in (*leads, *(e for e in inside if e in runs)) if runs[e].weight]
        places = _Places(container, self._around, known)
        kinds = {_kind(element) for element in known}
        found: list[etree._Element] = []
        headings: list[etree._Element] = []
        is_parted = is_below = False
        for element, run in runs.items():
            if element in inside:
                is_below = True
            elif is_below:
                if places.meeting(element) is None:
                    break
                if self.is_aside(element) or run.linked > run.prose:
                    is_parted, headings = True, []
                elif element.tag in furniture.TITLE_TAGS and run.prose and not run.linked and not is_parted:
                    headings.append(element)
                elif self._is_prose(element) and self._belongs(element, places, kinds, is_parted=is_parted):
                    found += [*headings, element]
                    is_parted, headings = False, []
                else:
                    break
        return found

    def _is_prose(self, element: etree._Element) -> bool:
        if is_cut(text_of(element)):
            return False  # another story's excerpt
        weight = self._prose.runs[element].weight
        return weight >= _LEAST_LEAD or (weight >= _LEAST_SENTENCE and ends_sentence(text_of(element)))

    def _belongs(
        self, element: etree._Element, places: _Places, kinds: set[tuple[str, str | None]], *, is_parted: bool
    ) -> bool:
        """Whether prose below a container looks and stands as the story does."""
        holder = places.meeting(element)
        path = _path(element, holder)
        depth = len(path)
        is_alike = holder is not None and path in places.known_paths(holder)
        if is_alike and depth > 1 and any(step.partition(".")[2] for step in path):
            return True
        if any(box.find(".//input") is not None for box in islice(element.iterancestors(), depth - 1)):
            return False  # a poll, a call to subscribe
        is_told_in = holder is not None and ((holder in self._around and _is_story_box(holder)) or places.tells(holder))
        is_sentence = self._prose.runs[element].weight >= _LEAST_LEAD and ends_sentence(text_of(element))
        if is_parted:
            goes_on = is_sentence and _GOES_ON.match(text_of(element)) is not None
            return goes_on and (is_told_in or is_alike) and depth <= _LEVELS_OF_REST and _kind(element) in kinds
        if is_told_in and is_sentence and (_kind(element) in kinds or element.tag in _PART_TAGS):
            return True
        return depth <= _LEVELS_OF_REST and _kind(element) in kinds

    def _is_sentence(self, heading: etree._Element) -> bool:
        """Whether a heading is prose that ends as sentences do: a lead, and no headline."""
        run = self._prose.runs.get(heading)
        return run is not None and run.weight >= _LEAST_LEAD and ends_sentence(text_of(heading))

    def is_aside(self, element: etree._Element) -> bool:
        """Whether an element stands in furniture, in a card, in comments or in a box with a heading of its own."""
        around = takewhile(lambda box: box not in self._around, element.iterancestors())
        boxes = (element, *islice(around, _LEVELS_OF_ASIDE))
        heads = (box for b in boxes[1:] for box in islice(b, 1) if box.tag in furniture.TITLE_TAGS)
        if any(not self._is_sentence(head) for head in heads):
            return True  # a box with a heading of its own: a summary, a note, another story
        return element in self._cards.excerpts or any(
            box in self._cards.boxes or box in self._prose.comments or self._judged(box)[0] for box in boxes
        )


class _Places:
    """Where elements stand against a container: how they meet it, and whether the `known` prose stands so, too.

    `around` holds the headline: the innermost of it is the largest box that is looked at.
    """

    def __init__(self, container: etree._Element, around: set[etree._Element], known: Iterable[etree._Element]) -> None:
        holders = list(container.iterancestors())
        home = next((at for at, box in enumerate(holders) if box in around), _LEVELS_OF_REST - 1)
        self._holders = holders[: home + 1]
        self._around = around
        self._known = list(known)
        self._beside = [element for element in self._known if container not in (element, *element.iterancestors())]
        self._paths: dict[etree._Element, set[tuple[str, ...]]] = {}

    def meeting(self, element: etree._Element) -> etree._Element | None:
        """The innermost box that holds the container and an element; None where that is too large to be the story's."""
        around = set(element.iterancestors())
        return next((holder for holder in self._holders if holder in around), None)

    def tells(self, holder: etree._Element) -> bool:
        """Whether a box holds known prose beside the container, and not the headline."""
        return holder not in self._around and any(holder in known.iterancestors() for known in self._beside)

    def known_paths(self, holder: etree._Element) -> set[tuple[str, ...]]:
        """The tags and names from below a box that holds the container down to each known piece of prose."""
        if holder not in self._paths:
            self._paths[holder] = {_path(known, holder) for known in self._known}
        return self._paths[holder]


def _path(element: etree._Element, holder: etree._Element | None) -> tuple[str, ...]:
    """The tags and names from below a holder down to an element, without what only counts or is random."""
    around = [element, *takewhile(lambda box: box is not holder, element.iterancestors())]
    return tuple(map(_named, reversed(around)))


def _named(element: etree._Element) -> str:
    words = (element.get("class") or element.get("id") or "").split()
    told = [word if _COLUMN.search(word) else _COUNT.sub("", word) for word in words if not _RANDOM.search(word)]
    return f"{element.tag}.{' '.join(told)}"


def _is_story_box(box: etree._Element) -> bool:
    names = f"{box.get('class', '')} {box.get('id', '')}"
    return box.tag in ("article", "main") or _STORY_BOX.search(names) is not None


def _without_notes(block: Block, holder: etree._Element) -> Block:
    """A block without the byline or the date in an element right before the one that is the rest of it."""
    for element in holder.iterchildren(*BOLD_TAGS):
        before, text = element.getprevious(), text_of(element)
        is_rest = len(text) >= _LEAST_LEAD and block.text.endswith(text) and len(text) < len(block.text)
        if is_rest and before is not None and before.tag in INLINE_TAGS and not (before.tail or "").strip():
            block.text, block.words, block.element, block.runs = text, text.count(" ") + 1, element, ()
    return block


def _box_of(element: etree._Element) -> etree._Element | None:
    box: etree._Element | None = element
    while box is not None and box.tag in INLINE_TAGS and box.tag not in CELL_TAGS:
        box = box.getparent()
    return box


def _kind(element: etree._Element) -> tuple[str, str | None]:
    return str(element.tag), element.get("class")
