"""Relative days in a text, resolved against the day that it was published."""

from dragoman.days.resolve import find_days

__all__ = ["find_days"]
