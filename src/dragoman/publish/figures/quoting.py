"""Cut a sentence to the words around a figure."""

from __future__ import annotations

LONGEST = 150  # characters of a quotation


def cut_quote(text: str, start: int, end: int, limit: int = LONGEST) -> str:
    """Give the words around ``text[start:end]``, whole words only; ``…`` stands for the rest."""
    if len(text) <= limit:
        return text.strip()
    room = max(0, limit - (end - start)) // 2
    left, right = max(0, start - room), min(len(text), end + room)
    if left > 0:
        space = text.find(" ", left, start)
        left = space + 1 if space >= 0 else left
    if right < len(text):
        space = text.rfind(" ", end, right)
        right = space if space >= end else right
    quote = text[left:right].strip()
    return f"{'… ' if left > 0 else ''}{quote}{' …' if right < len(text) else ''}"
