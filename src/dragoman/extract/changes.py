"""What changed between two readings of one article, block by block.

What a site prints on many of its articles (a counter, a clock, an advertisement) is no change
of the article. It is known by standing on other articles of the source too: word for word, or,
where it is a few words and no sentence, with other digits. So a counter of comments says nothing,
and a figure that was corrected in a sentence, a list or a table does.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from dragoman.types import Article, BlockKind, Change

MAX_CHANGES = 50  # that are kept of one revision
_MAX_TEXT = 2000  # characters of a changed text that are kept
_MAX_UNITS = 2000  # texts of an article that are compared in order
_MAX_FURNITURE = 300  # characters; what is longer is an article's own
_MAX_COUNTER = 8  # words of a clock or counter
_RECURRING = 3  # articles on which a text stands before it counts as the site's
_MAX_PAIRED = 200  # texts of one gap that are paired by likeness
_ALIKE = 0.5  # of the words, for a text to be a correction of another
_SAME_TITLE = 0.5
_SAME_WORDS = 0.3  # of the rarer words of the shorter text
_MIN_SHARED = 40  # characters of a text that two articles share only if they are one

_MARKS = str.maketrans("“”„«»‘’‚‹›–—‑−\u00a0\u202f", '"""""' + "'''''" + "----" + "  ")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।]['\")»”’]*$")
_DIGITS = re.compile(r"\d+(?:[.,:\s]\d+)*")
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


def find_changes(
    before: Article, after: Article, recurring: Collection[str] = ()
) -> tuple[Change, ...]:
    """Say what changed from one reading of an article to the next, in order; title first.

    ``recurring`` holds the shapes of what stands on other articles too (`recurring_shapes`):
    what has one of them is left out.
    """
    known = frozenset(recurring)
    old = [text for kind, text in _units(before) if not _shapes(kind, text) & known]
    new = [text for kind, text in _units(after) if not _shapes(kind, text) & known]
    found = [] if _key(before.title) == _key(after.title) else [Change(before.title, after.title)]
    found += _compare(old, new)
    return tuple(
        Change(one.before[:_MAX_TEXT], one.after[:_MAX_TEXT]) for one in found[:MAX_CHANGES]
    )


def has_other_pictures(before: Article, after: Article) -> bool:
    """Whether the pictures of an article changed; an address may change its server and size."""
    return _pictures(before) != _pictures(after)


def recurring_shapes(others: Iterable[Article]) -> frozenset[str]:
    """Give the shapes that stand on several other articles of a source."""
    counts: Counter[str] = Counter()
    for article in others:
        counts.update({shape for unit in _units(article) for shape in _shapes(*unit)})
    return frozenset(shape for shape, count in counts.items() if count >= _RECURRING)


def is_same_article(before: Article, after: Article, title: str = "") -> bool:
    """Whether what stands at an address now is still the article that stood there.

    A login page of a network, or an error page with status 200, must not take its place.
    ``title`` is what the feed calls the article: a page with that title is the right one,
    whatever stood there before.
    """
    if max(_overlap(before.title, after.title), _overlap(title, after.title)) >= _SAME_TITLE:
        return True
    kept = {_key(text) for _, text in _units(before) if len(text) >= _MIN_SHARED}
    if any(_key(text) in kept for _, text in _units(after)):
        return True
    old, new = _rare_words(before.text), _rare_words(after.text)
    return bool(old and new) and len(old & new) >= _SAME_WORDS * min(len(old), len(new))


def _units(article: Article) -> list[tuple[BlockKind, str]]:
    """List an article's texts: each item of a list is one, any other block as a whole."""
    units = []
    for block in article.blocks:
        parts = [part.text for part in block.parts]
        texts = parts if block.kind is BlockKind.LIST else ["\n".join(parts)]
        units += [(block.kind, text) for text in texts if text.strip()]
    return units


def _pictures(article: Article) -> list[str]:
    addresses = [block.image.url for block in article.blocks if block.image is not None]
    return [urlsplit(address).path.rpartition("/")[2] for address in addresses]


def _key(text: str) -> str:
    """Spell a text so that quotation marks, dashes and spaces make no difference."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_MARKS).split())


def _shapes(kind: BlockKind, text: str) -> set[str]:
    """Give what a text would be known by on other articles; none for one that is too long."""
    key = _key(text).casefold()
    if len(key) > _MAX_FURNITURE:
        return set()
    is_short = len(key.split()) <= _MAX_COUNTER and not _SENTENCE_END.search(key)
    if kind is not BlockKind.PARAGRAPH or not is_short:
        return {key}
    return {key, _DIGITS.sub("0", key)}


def _compare(old: list[str], new: list[str]) -> list[Change]:
    old_keys, new_keys = [_key(text) for text in old], [_key(text) for text in new]
    kept = Counter(old_keys) & Counter(new_keys)  # moved texts are no change
    found: list[Change] = []
    matcher = SequenceMatcher(None, old_keys[:_MAX_UNITS], new_keys[:_MAX_UNITS], autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind != "equal":
            gone = [old[i] for i in range(start, end) if not kept[old_keys[i]]]
            come = [new[i] for i in range(other_start, other_end) if not kept[new_keys[i]]]
            found += _pair(gone, come)
    return found


def _pair(gone: list[str], come: list[str]) -> list[Change]:
    """Tell corrections from removals and additions: a corrected text keeps most of its words."""
    found: list[Change] = []
    left = list(come[:_MAX_PAIRED])
    for text in gone[:_MAX_PAIRED]:
        best = max(left, key=lambda other: _overlap(text, other), default="")
        if best and _overlap(text, best) >= _ALIKE:
            left.remove(best)
            found.append(Change(text, best))
        else:
            found.append(Change(text, ""))
    return found + [Change("", text) for text in left]


def _words(text: str) -> list[str]:
    """List the words of a text; in scripts without spaces, its pairs of characters."""
    found = []
    for word in _WORD.findall(text.casefold()[:20_000]):
        if _UNSPACED.search(word) and len(word) > 2:
            found += [word[i : i + 2] for i in range(len(word) - 1)]
        else:
            found.append(word)
    return found


def _overlap(text: str, other: str) -> float:
    """Say how much of the shorter of two texts stands in the other."""
    one, two = Counter(_words(text)), Counter(_words(other))
    shorter = min(one.total(), two.total())
    return (one & two).total() / shorter if shorter else 0.0


def _rare_words(text: str) -> set[str]:
    return {word for word in _words(text) if len(word) > 4 or _UNSPACED.search(word)}
