"""Long tables of words, written as text rather than as lists of quoted strings."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """Give the words of a text as a set."""
    return frozenset(text.split())


def word_list(text: str) -> tuple[str, ...]:
    """Give the words of a text in order."""
    return tuple(text.split())
