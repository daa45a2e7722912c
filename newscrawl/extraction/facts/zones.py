"""The country and clock of a site that has no publisher file: by its domain, else by its country ending."""

from __future__ import annotations

from functools import cache

from newscrawl.tables import read_table


@cache
def _rows(name: str) -> dict[str, str]:
    rows = (line.partition("\t") for line in read_table("newscrawl.extraction", name))
    return {key: value for key, _, value in rows}


def country_of(host: str) -> str | None:
    """ISO 3166 code of the country where the newsroom of a host sits; None when unknown."""
    domains = _rows("domains.tsv")
    labels = host.split(".")
    for at in range(len(labels) - 1):
        country = domains.get(".".join(labels[at:]))
        if country:
            return country
    ending = labels[-1].upper()
    return ending if len(labels) > 1 and ending in _rows("countries.tsv") else None


def zone_of(host: str) -> str | None:
    """IANA name of the time zone of a host's newsroom; None when its country is unknown."""
    country = country_of(host)
    return zone_of_country(country) if country else None


def zone_of_country(country: str) -> str | None:
    """IANA name of the time zone in which the newspapers of a country (ISO 3166) write; None for one unknown."""
    return _rows("countries.tsv").get(country)
