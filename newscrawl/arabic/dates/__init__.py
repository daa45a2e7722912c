"""Dates as Arabic news pages write them."""

from newscrawl.arabic.dates.model import ParsedDate, ParsedTime
from newscrawl.arabic.dates.parsing import EARLIEST, parse_date, parse_dates, parse_time

__all__ = ["EARLIEST", "ParsedDate", "ParsedTime", "parse_date", "parse_dates", "parse_time"]
