"""Relative days in a text: resolved against its date, or telling which date it can have."""

from dragoman.days.fitting import Saying, days_fitting, read_saying
from dragoman.days.resolve import find_days
from dragoman.days.said import publication_day

__all__ = ["Saying", "days_fitting", "find_days", "publication_day", "read_saying"]
