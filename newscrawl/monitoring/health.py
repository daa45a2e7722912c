"""Whether a crawl went as a crawl should: judged from its stats alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def total(stats: Mapping[str, Any], name: str) -> int:
    """All that newscrawl counted under a name: the stat itself and everything below it."""
    prefix = f"newscrawl/{name}"
    return sum(count for key, count in stats.items() if key == prefix or key.startswith(f"{prefix}/"))


def reasons(stats: Mapping[str, Any], name: str) -> dict[str, int]:
    """The counts below a name by what follows it, the most frequent first."""
    prefix = f"newscrawl/{name}/"
    found = {key.removeprefix(prefix): count for key, count in stats.items() if key.startswith(prefix)}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def named(counts: Mapping[str, int]) -> str:
    """Reasons and their counts in words: "http-404 2, timeout 1"."""
    return ", ".join(f"{reason} {count}" for reason, count in counts.items())


# Reasons for which listed articles were left out that are not the articles' own.
_LEFT_OUT = frozenset({"too-many-new", "too-many", "too-large", "broken-off", "not-closed", "too-long"})


def left_out(stats: Mapping[str, Any]) -> dict[str, int]:
    """What was listed and is not taken, by reasons that a person may want to do something about."""
    return {
        reason: count
        for reason, count in reasons(stats, "skipped").items()
        if reason in _LEFT_OUT or reason.startswith("error-")
    }


def health(stats: Mapping[str, Any]) -> str | None:
    """Why a finished crawl looks unhealthy, in one sentence without the source's name; None when it looks well."""
    read, empty = total(stats, "listings/read"), total(stats, "listings/empty")
    failed = reasons(stats, "listings/failed")
    good = sum(total(stats, name) for name in ("stored", "unchanged", "duplicates"))
    bad = reasons(stats, "failed")
    rejected = total(stats, "rejected")
    if failed and not read and not empty:
        return f"none of its {sum(failed.values())} listings could be had ({named(failed)})"
    if bad and not good:
        return f"none of {sum(bad.values())} articles could be had ({named(bad)})"
    postponed = reasons(stats, "postponed")
    # Once listings could be read, what was postponed waits for the next run and says nothing against this one.
    if postponed and not (good or read or empty):
        return f"none of {sum(postponed.values())} articles could be had ({named(postponed)})"
    if empty and not read:
        return f"its {empty} listings hold no article links; has the site been redesigned?"
    # A story that is gone says nothing against the site.
    walls = {kind: count for kind, count in reasons(stats, "blocked").items() if kind != "not-found"}
    raised = reasons(stats, "listings/raised")
    for reason, count in left_out(stats).items():
        if reason.startswith("error-"):
            name = reason.removeprefix("error-")
            raised[name] = raised.get(name, 0) + count
        elif reason == "broken-off":
            raised[reason] = count
    if raised:
        return f"listings could not be read to their end ({named(raised)}); what they list may be missing"
    if sum(walls.values()) > good:
        return f"{sum(walls.values())} answers were walls, and {good} articles were got ({named(walls)})"
    # A record of an archive that is merely odd says nothing; a place where the file is broken has lost pages.
    if broken := {kind: n for kind, n in reasons(stats, "archive-damage").items() if kind in ("damaged", "cut-off")}:
        return f"the archive is damaged in {sum(broken.values())} places ({named(broken)}); what could be read was"
    if rejected > good:
        return f"{rejected} of {rejected + good} pages gave no valid article"
    return None
