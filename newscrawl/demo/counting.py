"""Arabic counted nouns: the number and its noun in the form that grammar asks for."""

from __future__ import annotations

from dataclasses import dataclass

# After a word for 3 to 10 the noun is plural and the number takes the opposite gender of the noun.
_FOR_MASCULINE = {
    3: "ثلاثة", 4: "أربعة", 5: "خمسة", 6: "ستة", 7: "سبعة", 8: "ثمانية", 9: "تسعة", 10: "عشرة",
}  # fmt: skip
_FOR_FEMININE = {
    3: "ثلاث", 4: "أربع", 5: "خمس", 6: "ست", 7: "سبع", 8: "ثماني", 9: "تسع", 10: "عشر",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noun:
    """A countable noun: singular, gender ("m" or "f"), the singular after 11-99, the plural after 3-10."""

    singular: str
    gender: str
    accusative: str
    plural: str


def count(number: int, noun: Noun) -> str:
    """The number with its noun: "ثلاث مدارس", "14 مدرسة", "105 أيام", "300 مدرسة".

    Raises ValueError where the form depends on the case of the whole phrase (1, 2, and hundreds with 1 or 2).
    """
    last = number % 100
    if number < 3 or last in (1, 2):
        raise ValueError(f"no counted form for {number}")
    if number <= 10:
        word = (_FOR_MASCULINE if noun.gender == "m" else _FOR_FEMININE)[number]
        return f"{word} {noun.plural}"
    if last == 0:
        return f"{number} {noun.singular}"
    if last <= 10:
        return f"{number} {noun.plural}"
    return f"{number} {noun.accusative}"
