"""Arabic news text: cleaning, matching, dates, charsets, language, agencies. No HTML, no Scrapy, no state."""

from newscrawl.arabic.agencies import UNNAMED, canonical_agency
from newscrawl.arabic.bylines import Byline, clean_person, parse_byline
from newscrawl.arabic.charset import as_utf8, decode, detect_charset
from newscrawl.arabic.cleaning import clean
from newscrawl.arabic.datelines import Dateline, split_dateline
from newscrawl.arabic.dates import ParsedDate, ParsedTime, parse_date, parse_dates, parse_time
from newscrawl.arabic.folding import FOLD_VERSION, fold
from newscrawl.arabic.mojibake import repair_mojibake
from newscrawl.arabic.script import detect_language
from newscrawl.arabic.search import Query, Text, forms, marked, parse_query

__all__ = [
    "FOLD_VERSION",
    "UNNAMED",
    "Byline",
    "Dateline",
    "ParsedDate",
    "ParsedTime",
    "Query",
    "Text",
    "as_utf8",
    "canonical_agency",
    "clean",
    "clean_person",
    "decode",
    "detect_charset",
    "detect_language",
    "fold",
    "forms",
    "marked",
    "parse_byline",
    "parse_date",
    "parse_dates",
    "parse_query",
    "parse_time",
    "repair_mojibake",
    "split_dateline",
]
