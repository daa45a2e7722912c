"""The pieces of the regular expression that a site's article addresses are told by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from newscrawl.discovery.addresses import Part, announces, words
from newscrawl.discovery.other_pages import is_other_page

Prefix = tuple[Part, ...]

# One desk in a path: no number, for numbered lists stand where desks do.
_DESK = r"[^/?\d][^/?]*/"
_DESK_NUMBER = re.compile(r"\d{1,4}(?=[-_]\D)")
# So few addresses may all be of one desk, and of so few nobody knows which words vary.
_FEW, _VERY_FEW = 8, 2


def alternatives(options: Iterable[str]) -> str:
    """Any of several expressions, each once, in a group that captures nothing; "" for none."""
    listed = list(dict.fromkeys(options))
    return listed[0] if len(listed) == 1 else f"(?:{'|'.join(listed)})" if listed else ""


def literal(texts: Iterable[str]) -> str:
    """A word as it is written; whatever the letter case when it was seen in more than one."""
    forms = sorted(set(texts))
    if len(forms) == 1 and forms[0].removesuffix("s") in ("article", "story", "post"):
        return forms[0].removesuffix("s") + "s?"
    escaped = re.escape(forms[0].lower() if len(forms) > 1 else forms[0]).replace(r"\-", "-").replace(r"\_", "_")
    return f"(?i:{escaped})" if len(forms) > 1 else escaped


def host_pattern(hosts: Iterable[str]) -> str:
    """The hosts that addresses were seen on, with their doubles for telephones; all desks' hosts of one domain."""
    seen = sorted(set(hosts))
    doubles = rf"(?:(?:{'|'.join(sorted(words('host')))})\.)?"
    if len(seen) == 1:
        return f"{doubles}{re.escape(seen[0])}".replace(r"\-", "-")
    shared = _shared_domain(seen)
    if shared is None:
        return doubles + alternatives(re.escape(host).replace(r"\-", "-") for host in seen)
    editions = "|".join(sorted(word for word in words("language") if word.isascii()))
    return rf"(?:(?!(?:{editions})\.)[\w-]+\.)?" + re.escape(shared).replace(r"\-", "-")


def _shared_domain(hosts: Sequence[str]) -> str | None:
    """The longest common ending of host names when it is a domain of theirs, not only a country's."""
    common: list[str] = []
    for labels in zip(*(reversed(host.split(".")) for host in hosts), strict=False):
        if len(set(labels)) > 1:
            break
        common.insert(0, labels[0])
    # "com.eg" is nobody's: a name has a label of more than three letters beside its ending.
    return ".".join(common) if len(common) > 1 and max(map(len, common[:-1])) > 3 else None


def form_pattern() -> str:
    """The segment before a path that says the same without it; never given back for a desk's name."""
    return "(?:(?:" + "|".join(re.escape(word) for word in sorted(words("form"))) + ")/)?+"


def prefix_pattern(
    prefixes: Sequence[Prefix], unwanted: Iterable[str] = (), *, group: str | None = None, loose: bool = False
) -> str:
    """What comes before the part that tells a story, "" or ending in "/".

    Words that all share are kept, between them desks vary; `unwanted` are words that no desk has. With `group` the
    part that varies is captured under this name. `loose` takes more for desks than was seen to vary: the part behind
    is one that only stories have.
    """
    by_kinds: dict[str, list[Prefix]] = {}
    for prefix in dict.fromkeys(prefixes):
        dates = "".join(part.kind for part in prefix if part.kind in "DNT")
        by_kinds.setdefault(dates, []).append(prefix)
    grouped = group if len(by_kinds) == 1 else None
    return alternatives(
        _one_prefix(alike, list(unwanted), grouped, len(prefixes) if loose else None) for alike in by_kinds.values()
    )


def _one_prefix(prefixes: list[Prefix], unwanted: list[str], group: str | None, seen: int | None) -> str:
    """`seen`: of how many addresses they are; None when only what varies is a desk."""
    if _has_desk_on_both_sides(prefixes):
        return _around_dates(prefixes, unwanted, group, seen)
    shortest = min(map(len, prefixes))
    lead = 0
    while lead < shortest and _same([prefix[lead] for prefix in prefixes]):
        lead += 1
    trail = 0
    while trail < shortest - lead and _same([prefix[-1 - trail] for prefix in prefixes]):
        trail += 1
    if seen is not None and seen < _FEW and lead + trail == shortest == max(map(len, prefixes)):
        lead, trail = _opened(prefixes[0], lead, trail, all_words=seen < _VERY_FEW)
    before = "".join(_part([prefix[at] for prefix in prefixes]) for at in range(lead))
    after = "".join(_part([prefix[at] for prefix in prefixes]) for at in range(-trail, 0))
    middles = list(dict.fromkeys(prefix[lead : len(prefix) - trail] for prefix in prefixes))
    middle = _middle(middles, unwanted, deeper=seen is not None and not group, bare=not before)
    if group and middle:
        middle = f"(?P<{group}>{middle})"
    return before + middle + after


def _has_desk_on_both_sides(prefixes: list[Prefix]) -> bool:
    """Whether words vary before a date or a number, and behind it."""
    runs = [_runs(prefix) for prefix in prefixes]
    varying = [at for at in range(len(runs[0])) if len({run[at][0] for run in runs}) > 1]
    return len(varying) > 1


def _runs(prefix: Prefix) -> list[tuple[Prefix, Prefix]]:
    """Runs of words, each with the date, number or title that follows it; nothing follows the last."""
    ends = [at for at, part in enumerate(prefix) if part.kind in "DNT"]
    starts = [0, *(end + 1 for end in ends)]
    return [(prefix[start:end], prefix[end : end + 1]) for start, end in zip(starts, [*ends, len(prefix)], strict=True)]


def _around_dates(prefixes: list[Prefix], unwanted: list[str], group: str | None, seen: int | None) -> str:
    """As `_one_prefix`, run by run; a group takes the first that varies."""
    pattern = ""
    for run in zip(*map(_runs, prefixes), strict=True):
        words_before = list(dict.fromkeys(words for words, _ in run))
        named = group if len(words_before) > 1 else None
        pattern += _one_prefix(words_before, unwanted, named, seen)
        pattern += _part([end[0] for _, end in run]) if run[0][1] else ""
        group = None if named else group
    return pattern


def _same(parts: list[Part]) -> bool:
    """Whether a part is one and the same wherever it was seen, and no desk among others that will come."""
    first = parts[0]
    if any(part.kind != first.kind for part in parts):
        return False
    if first.kind in "DNT":
        return True
    texts = {part.text.lower() for part in parts}
    # A segment in Arabic names a desk, whichever it is.
    return len(texts) == 1 and all(
        word in words("story") or (word.isascii() and word not in words("desk")) for word in texts
    )


def _part(parts: list[Part]) -> str:
    if parts[0].kind == "N":
        return r"\d+/"
    if parts[0].kind == "T":
        return "[^/?]+/"
    if parts[0].kind == "D":
        return alternatives(part.form for part in parts) + "/"
    return literal(part.text for part in parts) + "/"


def _opened(prefix: Prefix, lead: int, trail: int, *, all_words: bool) -> tuple[int, int]:
    """How many parts at both ends still count as always the same when few addresses were seen: a word that announces no
    story, right before the part that tells it or, of very few addresses, anywhere, is a desk's.
    """
    at = len(prefix) - 1
    while at >= 0 and prefix[at].kind in "DNT":
        at -= 1
    desks = [
        place
        for place in (range(len(prefix)) if all_words else [at])
        if place >= 0 and prefix[place].kind == "W" and not announces(prefix[place].text)
    ]
    return (desks[0], len(prefix) - 1 - desks[-1]) if desks else (lead, trail)


def _middle(middles: list[Prefix], unwanted: list[str], *, deeper: bool, bare: bool) -> str:
    depths = sorted({len(middle) for middle in middles})
    if depths == [0]:
        return ""
    seen = {part.text for middle in middles for part in middle}
    if all(word.lower() in words("story") for word in seen):
        listed = dict.fromkeys("".join(_part([part]) for part in middle) for middle in middles if middle)
        return f"(?:{'|'.join(listed)})" + ("?" if depths[0] == 0 else "")
    refused = sorted(set(unwanted) - {word.lower() for word in seen})
    # A list's word that stories are filed under is written out, or the address would count as a list's.
    named = "".join(f"{re.escape(word)}/|" for word in sorted(seen) if is_other_page(f"https://host/{word}/x"))
    # Joomla writes the number of a desk before its name.
    numbered = [len(match[0]) for word in seen if (match := _DESK_NUMBER.match(word))]
    named += rf"\d{{1,{max(numbered)}}}[-_][^/?]+/|" if numbered else ""
    desk = f"(?:{named}{refusal(refused)}{_DESK})"
    least, most = depths[0], depths[-1]
    if deeper:
        least, most = max(least - 1, min(least, 1) if bare else 0), most + 1
    return desk if least == most == 1 else f"{desk}{{{least},{most}}}"


def refusal(refused: Iterable[str]) -> str:
    """A look ahead that none of these words is the next segment."""
    listed = "|".join(re.escape(word).replace(r"\-", "-") for word in refused)
    return f"(?!(?:{listed})/)" if listed else ""


def digits_pattern(shortest: int, longest: int, seen: int) -> str:
    """A number of so many figures that is neither a year nor, where eight figures were not `seen`, a day."""
    count = f"{{{shortest},{longest}}}" if shortest != longest else f"{{{shortest}}}"
    no_year = r"(?!(?:19|20)\d\d(?!\d))" if shortest <= 4 <= longest else ""
    no_day = r"(?!20[0-3]\d{5}(?!\d))" if seen < 8 <= longest else ""
    return rf"{no_year}{no_day}\d{count}"


def without_query(pattern: str) -> str:
    """An expression whose ends know no query: one that writes a question mark is searched in the query, too, where
    links that lead on (`/login?next=https://…`) hold the addresses of stories.
    """
    return re.sub(r"\[([-_/.]+)\?\]", r"[\1]", pattern.replace("(?=[?]|$)", "$"))
