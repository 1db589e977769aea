"""News told after real texts: each day has its stories, and several outlets tell each of them.

Invented sentences are all alike to a linker, and become one story of thousands; these become
stories of some reports each. A text comes again only when its story is long over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

ITEMS = 4  # of a feed in a day
STEP = timedelta(days=1) / ITEMS
_STORIES = 15  # of a day: the next with the same text is of the month after
_OUTLETS = 4  # that tell of the same in one item
_SHIFT = 7  # stories by which their next item is further on
_SENTENCES = 6  # of a text that each tells, at most
_TITLE = 70  # characters
_SHORT = 25  # a shorter sentence is a remnant
_PARTING = re.compile(r"(?<=[.!?])\s+|\n+")
_NAMES = ("Ana Brook", "Ben Salter", "Cora Lindqvist", "David Okafor", "Elsa Marin", "Femi Grant")


@dataclass(frozen=True, slots=True)
class Retelling:
    """A report: its title first, then its sentences, from the first again when all were told."""

    title: str
    sentences: tuple[str, ...]
    chance: Random

    def headline(self) -> str:
        """Give the title."""
        return self.title

    def say(self) -> str:
        """Give a sentence without its full stop."""
        return self.chance.choice(self.sentences).rstrip(".")

    def tell(self, paragraphs: int) -> list[str]:
        """Give the text, in so many paragraphs."""
        size = -(-len(self.sentences) // paragraphs)
        return [
            " ".join(self.sentences[at : at + size]) for at in range(0, len(self.sentences), size)
        ]

    def name(self) -> str:
        """Give the name of who wrote it."""
        return self.chance.choice(_NAMES)


class Texts:
    """Real texts, each told by several outlets in the course of a day, up to today."""

    def __init__(self, texts: Sequence[str], days: int) -> None:
        self.began = datetime.now(UTC) - timedelta(days=days)
        parted = ([s.strip() for s in _PARTING.split(text)] for text in texts)
        whole = ([s for s in sentences if len(s) >= _SHORT] for sentences in parted)
        self._texts = [sentences for sentences in whole if len(sentences) > 2]
        Random(1).shuffle(self._texts)

    def retell(self, number: int, at: int) -> Retelling:
        """Write what an outlet reports in its item number ``at``."""
        chance = Random(f"{number}-{at}")
        text = self._texts[self._choose(number, at)]
        told = sorted(chance.sample(range(len(text)), min(_SENTENCES, max(len(text) - 1, 2))))
        words = text[told[0]].split()
        while len(" ".join(words)) > _TITLE:
            words.pop()
        return Retelling(" ".join(words), tuple(text[one] for one in told), chance)

    def _choose(self, number: int, at: int) -> int:
        of_day = (number // _OUTLETS + at * _SHIFT) % _STORIES
        return (at // ITEMS * _STORIES + of_day) % len(self._texts)


def write_texts(texts: Sequence[str], days: int, file: Path) -> None:
    """Write texts, and for how many days they are told, as `read_texts` reads them."""
    file.write_text(json.dumps({"texts": texts, "days": days}), encoding="utf-8")


def read_texts(file: Path) -> Texts:
    """Read the texts to be told."""
    return Texts(**json.loads(file.read_text(encoding="utf-8")))
