"""Who wrote a story and where: persons, agencies and the city, out of every byline that the layers offer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from newscrawl.arabic import Byline, clean, fold, parse_byline, split_dateline
from newscrawl.arabic.names import names_in
from newscrawl.extraction.elements.wording import (
    DOCTORS_TITLE,
    EXCLUSIVE,
    SOURCE_LINE,
    is_byline,
    is_desk_line,
    is_person,
    is_signed_with_paper,
    is_signed_with_town,
    name_before_role,
    names_signed,
    signed_by,
)
from newscrawl.extraction.fields import GENERIC, JSON_LD, META, MICRODATA, RawFields, is_rule

_WRITES = re.compile(r"\s*([^:|؟!]{5,40}?)\s+[يت]كتب\s*(?:لـ?\s*[«\"][^»\"]{2,30}[»\"])?\s*[:|.،-]")
_WRITTEN_BY = re.compile(r"(?:[^\w\s،,]\s*بقلم\s*[:/]?|\sبقلم\s*[:/])\s*([^:|؟!.،]{5,40})\s*[)\]]?$")
# Behind a dash stands a place as often as a colleague.
_DASH = re.compile(r"\s[-–—]\s")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_TRUST = {JSON_LD: 1, MICRODATA: 2, GENERIC: 3}
_LEAST_TRUST = 4
_SHORTEST_HOST_WORD = 5
# Lines that may name a town and a person: for each, the whole story is searched.
_MOST_GUESSES = 20
_DOCTOR = re.compile(r"(?:(?:ال)?[أا]ستاذة?\s+)?(?:ال)?دكتورة?\s+")


@dataclass(slots=True)
class People:
    """Persons, canonical agency names and the city of a story; `layers` says by field who answered."""

    authors: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    dateline: str | None = None
    layers: dict[str, str] = field(default_factory=dict)


class PeopleReader:
    """Reads the bylines of one page; `site_names` (folded) are nobody's names.

    Authors are named without the academic title before the name: one paper prints it and the next does not, and it is
    the same person.
    """

    def __init__(self, fields: RawFields, site_names: frozenset[str]) -> None:
        self._fields = fields
        self._site_names = site_names
        self._found = People()
        self._agencies: list[str] = []
        self._parsed: dict[str, Byline] = {}

    def read(self, story: str, dropped: Iterable[str], credit_lines: Iterable[str] = ()) -> People:
        """`story` is title and body, a line each; `dropped` are the lines that are neither: one of them may name the
        source; `credit_lines` do."""
        found = self._found
        if named := self._writers(story):
            layer, found.authors = min(named, key=lambda one: _rank(one, named))
            found.layers["authors"] = layer
        for offer in self._fields.of("dateline"):
            city = _city(str(offer.value))
            if city:
                found.dateline, found.layers["dateline"] = city, offer.layer
                break
        opening = split_dateline(story.split("\n", 2)[1])
        self._agencies += opening.agencies
        self._place(opening.dateline, GENERIC)
        if not found.authors and opening.persons:
            found.authors, found.layers["authors"] = list(opening.persons), GENERIC
        credits_ = [str(offer.value) for offer in self._fields.of("credit_line")]
        for line in (*credits_, *dropped):
            if match := SOURCE_LINE.match(line):
                self._agencies += parse_byline(match.group(1)).agencies
        for line in credit_lines:
            byline = parse_byline(line)
            self._agencies += byline.agencies
            is_signed = is_byline(line) or is_signed_with_paper(line, self._site_names) or is_signed_with_town(line)
            is_signed = is_signed or bool(names_signed(line)) or name_before_role(line) is not None
            if not found.authors and is_signed and (persons := self._persons(line, GENERIC)):
                found.authors, found.layers["authors"] = persons, GENERIC
        if not found.authors and (persons := next(filter(None, map(signed_by, dropped)), [])):
            found.authors, found.layers["authors"] = persons, GENERIC
        if not found.authors:
            for offer in self._fields.each("author_box"):
                if persons := [person for name in offer.value for person in self._persons(name, offer.layer)]:
                    found.authors, found.layers["authors"] = persons, offer.layer
        if not found.authors and (persons := self._in_title(story)):
            found.authors, found.layers["authors"] = persons, GENERIC
        found.authors = list(dict.fromkeys(map(_without_title, found.authors)))
        found.agencies = [a for a in dict.fromkeys(self._agencies) if fold(a) not in self._site_names]
        return found

    def _in_title(self, story: str) -> list[str]:
        """Who "writes" a headline ("فلان يكتب: ...", "... بقلم: فلان"), or stands behind a bar in it and nowhere in the
        text."""
        _, _, text = story.partition("\n")
        for offer in (*self._fields.of("headline"), *self._fields.of("title")):
            title = str(offer.value)
            for match in filter(None, (_WRITES.match(title), _WRITTEN_BY.search(title))):
                if len(names := parse_byline(match[1]).persons) == 1:
                    return names
            for part in title.split("|")[1:]:
                name = " ".join(part.partition(" - ")[0].split())
                is_told = name in text or fold(name) in self._site_names
                if names_in(name) == [name] and is_person(name) and not is_told:
                    return [name]
        return []

    def _place(self, city: str | None, layer: str) -> None:
        if city and self._found.dateline is None:
            self._found.dateline, self._found.layers["dateline"] = city, layer

    def _writers(self, story: str) -> list[tuple[str, list[str]]]:
        """(layer, persons) of who may have written the story; all but rules give way to a body that is signed, and
        names in Latin letters, most of them accounts, to a bare line in Arabic."""
        named = self._bylines()
        signed = [person for offer in self._fields.of("signed") for person in self._persons(offer.value[0], GENERIC)]
        if any(is_rule(layer) for layer, _ in named):
            return named
        if signed and not any(set(persons) >= set(signed) for layer, persons in named if layer != GENERIC):
            named = [(GENERIC, signed)]
        if any(_ARABIC.search(person) for _, persons in named for person in persons):
            return named
        return self._town_and_name(story) or named

    def _bylines(self) -> list[tuple[str, list[str]]]:
        """(layer, persons) of every offer that names a person."""
        named: list[tuple[str, list[str]]] = []
        for offer in (*self._fields.of("authors"), *self._fields.of("byline")):
            persons = [person for line in offer.value for person in self._persons(str(line), offer.layer)]
            if offer.layer == GENERIC and any(map(_ARABIC.search, persons)):
                persons = [p for p in persons if _ARABIC.search(p)]
            if offer.layer == META and not any(map(_ARABIC.search, persons)):
                persons = [p for p in persons if any(p in others for _, others in named)]  # who built the site
            if persons:
                named.append((offer.layer, list(dict.fromkeys(persons))))
        return named

    def _town_and_name(self, story: str) -> list[tuple[str, list[str]]]:
        """A line "town - person" or "person | date" below the headline, where no byline is named as one.

        What stands for a person may as well be a section: a town, an agency, a title or a given name tells. Whom the
        story tells of has a name in a line below his picture.
        """
        guesses = self._fields.of("town_and_name")
        tags = {fold(str(tag)) for offer in self._fields.of("tags") for tag in offer.value} if guesses else set()
        lines = story.split("\n")
        for offer in guesses:
            for shown in offer.value[:_MOST_GUESSES]:
                name = name_before_role(shown)
                line = name or shown
                byline = self._byline(line)
                # The body of a page without paragraphs may begin with its byline.
                told = "\n".join(text for text in lines if text != shown)
                if any(name in told or fold(name) in tags for name in byline.persons):
                    continue
                is_told = bool(
                    byline.dateline or byline.agencies or DOCTORS_TITLE.match(line) or EXCLUSIVE.search(line)
                )
                is_told = is_told or is_desk_line(line, self._site_names) or name is not None
                known = [name for name in byline.persons if is_person(name) and not _is_told(name.split()[-1], told)]
                is_told = is_told or (_DASH.search(line) is None and 2 * len(known) >= len(byline.persons) > 1)
                if is_told or known:
                    persons = [name for name in self._persons(line, offer.layer) if is_told or name in known]
                    if persons:
                        return [(offer.layer, persons)]
        return []

    def _persons(self, line: str, layer: str) -> list[str]:
        byline = self._byline(line)
        self._agencies += byline.agencies
        self._place(byline.dateline, layer)
        return [person for person in byline.persons if self._is_person(person, layer)]

    def _byline(self, line: str) -> Byline:
        if line not in self._parsed:  # metadata and the line below the headline often say the same
            self._parsed[line] = parse_byline(" ".join(clean(line).split()))
        return self._parsed[line]

    def _is_person(self, name: str, layer: str) -> bool:
        key = fold(name)
        if key in self._site_names or any(c.isdigit() for c in name):
            return False
        if is_rule(layer):
            return True
        return (" " in name or "." in name) and not self._is_account(key)

    def _is_account(self, name: str) -> bool:
        """Whether a folded name in Latin letters has a word of the site's own host in it: "dabanga ar"."""
        words = [word for word in name.split() if word.isascii() and len(word) >= _SHORTEST_HOST_WORD]
        return any(word in site for site in self._site_names if site.isascii() for word in words)


def _is_told(word: str, story: str) -> bool:
    """Whether a story has a word, with or without letters joined to its front."""
    return re.search(rf"{re.escape(word)}(?!\w)", story) is not None


def _city(text: str) -> str | None:
    """The city of a dateline that a rule found; the line as it stands where no agency or desk can be told apart."""
    line = " ".join(clean(text).split()).strip(" :-–—")
    return parse_byline(line).dateline or line or None


def _rank(found: tuple[str, list[str]], others: list[tuple[str, list[str]]]) -> tuple[int, int]:
    """Rules win; then whoever names all that another names and more; then JSON-LD, microdata, the byline, meta."""
    layer, persons = found
    if is_rule(layer):
        return (0, 0)
    fuller = any(set(persons) > set(p) and name != META for name, p in others)
    return (1 if fuller else 2, _TRUST.get(layer, _LEAST_TRUST))


def _without_title(name: str) -> str:
    match = DOCTORS_TITLE.match(name) or _DOCTOR.match(name)
    bare = name[match.end() :].strip() if match else name
    return bare if len(bare.split()) > 1 else name
