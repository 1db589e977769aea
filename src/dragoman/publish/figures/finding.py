"""Find what a text counts: how many were killed, hurt, arrested; what something cost.

Only what surely belongs together is taken: a number and its word may be parted by people and by
words that carry nothing ("12 people have been confirmed dead"), and by nothing else. A number
of the past, of a range or of another group than a report's own is no figure of this happening.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from dragoman import languages
from dragoman.publish.figures.lexicon import has_lexicon, normalise_word, read_lexicon
from dragoman.publish.figures.reading import Token, read_tokens

EVERYBODY = "people"

_FARTHEST = 7  # tokens between a number and the word that it belongs to
_LONGEST = 1200  # characters of a sentence that are read
_MILLION = 1e6
_FEWEST_TROOPS = 100  # fewer soldiers are those of an incident
_LIGHT = ("light", "prepositions", "least", "more", "about", "most", "to", "from")
_BOUNDS = ("least", "more", "about", "most")
_YEAR = re.compile(r"(?<![\d.,])(1[5-9]\d\d|20\d\d)(?![\d.,]*\d|%)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts, as a text has it."""

    kind: str  # killed, injured, ..., magnitude, fine, turnout
    who: str  # people, or the group that it counts
    value: float
    bound: str  # least, more, about, most; empty: just so
    unit: str  # a currency, "%" or nothing
    start: int  # of the number, in the text
    end: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What it counts: two figures with one key can be compared."""
        return self.kind, self.who, self.unit


@lru_cache(maxsize=8192)
def find_figures(text: str, language: str, year: int = 0) -> tuple[Figure, ...]:
    """Find the figures of a sentence or headline, in its order.

    ``year`` is the report's: a sentence that names another tells of something else.
    """
    if not has_lexicon(language) or len(text) > _LONGEST:
        return ()
    if year and any(int(found) != year for found in _YEAR.findall(text)):
        return ()
    lexicon = read_lexicon(languages.base(language))
    if not lexicon.hints.search(normalise_word(text, lexicon.language)):
        return ()
    tokens = read_tokens(text, lexicon)
    if any(token.has("past") for token in tokens):
        return ()
    tokens = _drop_former(_drop_ranges(tokens))
    return tuple(_find(tokens))


def _drop_ranges(tokens: Sequence[Token]) -> list[Token]:
    """Replace numbers that stand for a range by a pause: 10 to 15, 10-15, between 10 and 15."""
    kept = list(tokens)
    for at, (one, other) in enumerate(pairwise(tokens)):
        if one.value is not None and other.value is not None:
            kept[at] = kept[at + 1] = _pause(one)
    for at in range(len(tokens) - 2):
        one, link, other = tokens[at : at + 3]
        if one.value is None or other.value is None:
            continue
        before = tokens[at - 1] if at else None
        is_change = before is not None and before.has("from")
        is_between = link.has("and") and before is not None and before.has("between")
        is_dash = link.is_pause and link.start == one.end and link.end == other.start
        if is_between or is_dash or (link.has("to") and not is_change):
            kept[at] = kept[at + 2] = _pause(one)
    return kept


def _pause(token: Token) -> Token:
    return Token("", token.start, token.end, is_pause=True)


def _drop_former(tokens: Sequence[Token]) -> list[Token]:
    """Leave out what a number was before: from 12 to 15; 15, up from 12."""
    is_vote = any(token.has("votes-votes") for token in tokens)
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        number = tokens[at + 1] if at + 1 < len(tokens) else None
        if number is not None and number.value is not None:
            after = tokens[at + 2 : at + 8]
            is_left = token.has("from") and any(
                one.has("to") and other.value is not None for one, other in pairwise(after)
            )
            if is_left or (token.has("against") and not is_vote):
                at += 2
                continue
        kept.append(token)
        at += 1
    return kept


def _find(tokens: Sequence[Token]) -> Iterator[Figure]:
    for at, token in enumerate(tokens):
        if token.value is None or token.value <= 0 or _is_claimed(tokens, at):
            continue
        unit = _find_unit(tokens, at)
        bound = _find_bound(tokens, at)
        if unit:
            thing = _find_thing(tokens, at, "percent" if unit == "%" else "money")
            found = (thing, "") if thing else None
        else:
            finders = (_find_measure, _find_votes, _find_counted)
            found = next((one for find in finders if (one := find(tokens, at))), None)
        if found:
            yield Figure(*found, token.value, bound, unit, token.start, token.end)


def _is_claimed(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word before makes a number a day, an age or a name: day 12, aged 12."""
    before = tokens[max(0, at - 2) : at]
    if before and before[-1].has("named"):
        return True
    return len(before) == 2 and before[0].has("named") and before[1].has("light")


def _find_unit(tokens: Sequence[Token], at: int) -> str:
    """Give the currency of a number, or the sign of its share."""
    for token in tokens[at + 1 : at + 3]:
        if token.has("percent-sign"):
            return "%"
        if token.has("currencies"):
            return token.of("currencies")[0]
        if not token.has("light"):
            break
    before = tokens[at - 1] if at else None
    return before.of("currencies")[0] if before is not None and before.has("currencies") else ""


def _find_bound(tokens: Sequence[Token], at: int) -> str:
    """Say how surely a number is meant: at least, more than, about, at most."""
    place = at - 1
    while place >= 0 and tokens[place].has("currencies"):
        place -= 1
    near = [tokens[place]] if place >= 0 else []
    after = [token for token in tokens[at + 1 : at + 4] if "_" in token.text]
    is_change = place > 0 and tokens[place].has("to") and tokens[place - 1].has("light")
    for bound in _BOUNDS:
        # "up to 15", and "rose to 15", may be one word.
        if any(token.has(bound) for token in near) and not (bound == "most" and is_change):
            return bound
    return "least" if any(token.has("least") for token in after) else ""


def _find_thing(tokens: Sequence[Token], at: int, role: str) -> str:
    """Give the nearest thing that a sum or share can be of; nothing where two are as near."""
    best: dict[str, int] = {}
    for step in (-1, 1):
        place = at + step
        while 0 <= place < len(tokens) and abs(place - at) <= _FARTHEST:
            token = tokens[place]
            if token.is_pause or token.value is not None:
                break
            for thing in token.of(role):
                best.setdefault(thing, abs(place - at))
            place += step
    nearest = sorted(best, key=lambda thing: (best[thing], thing))
    is_clear = len(nearest) == 1 or (len(nearest) > 1 and best[nearest[0]] < best[nearest[1]])
    return nearest[0] if is_clear else ""


def _find_measure(tokens: Sequence[Token], at: int) -> tuple[str, str] | None:
    """Read how strong an earthquake was: a number below ten, most often with decimals."""
    value = tokens[at].value or 0.0
    if not 2.0 <= value < 10.0:
        return None
    near = [*reversed(tokens[max(0, at - 3) : at]), *tokens[at + 1 : at + 2]]
    for token in near:
        if token.has("measures"):
            is_named = token.text.startswith(("magn", "магн"))
            return (token.of("measures")[0], "") if is_named or value % 1 else None
        if token.is_pause or not any(token.has(name) for name in _LIGHT):
            break
    return None


def _find_votes(tokens: Sequence[Token], at: int) -> tuple[str, str] | None:
    """Read votes for and against."""
    if not any(token.has("votes-votes") for token in tokens):
        return None
    for token in tokens[at + 1 : at + 5]:
        if token.has("votes-for"):
            return "votes-for", ""
        if token.has("votes-against"):
            return "votes-against", ""
        if not (token.has("votes-votes") or token.has("light") or token.has("prepositions")
                or token.has("people")):  # fmt: skip
            break
    return None


# -- People ---------------------------------------------------------------------------------


def _find_counted(tokens: Sequence[Token], at: int) -> tuple[str, str] | None:
    """Say what is counted, and whom."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    # "Ten of the dead" are a part; "two millions de personnes" are all.
    if following is not None and following.has("part") and (tokens[at].value or 0.0) < _MILLION:
        return None
    is_person = following is not None and (following.has("people") or following.has("nouns"))
    if (tokens[at].value or 0.0) % 1 or (tokens[at].is_year and not is_person):
        return None
    right = _look_right(tokens, at)
    if right and right[2] <= 1:
        return right[:2]
    found = _look_left(tokens, at) or (right[:2] if right else None)
    return found or _find_noun(tokens, at)


def _name_group(kind: str, who: str) -> str:
    """Give whom a figure counts: those arrested at a protest are its protesters."""
    return EVERYBODY if kind == "arrested" and who == "protesters" else who


def _look_right(tokens: Sequence[Token], at: int) -> tuple[str, str, int] | None:
    """Find what a number's people did or suffered: 12 people were killed."""
    who, is_phrase = "", False
    for distance, token in enumerate(tokens[at + 1 : at + 2 + _FARTHEST]):
        if token.is_pause or token.value is not None or token.has("and"):
            return None
        # "12 arrested people" has its word before the people, "12 killed" has nobody.
        if token.has("after") and not (token.has("people") and not who and distance == 0):
            kind = token.of("after")[0]
            return kind, _name_group(kind, who or EVERYBODY), distance
        if token.has("people"):
            if who and not is_phrase:
                return None
            who = who or token.of("people")[0]
        elif token.has("prepositions"):
            is_phrase = bool(who)
        elif not is_phrase and not any(token.has(name) for name in _LIGHT):
            return None
    return None


def _look_left(tokens: Sequence[Token], at: int) -> tuple[str, str] | None:
    """Find what a number is said of: killed at least 12 people; the death toll rises to 12."""
    who = _whom(tokens, at)
    if not who:
        return None
    for token in reversed(tokens[max(0, at - _FARTHEST) : at]):
        if token.is_pause or token.value is not None:
            return None
        if token.has("before"):
            kind = token.of("before")[0]
            return kind, _name_group(kind, who)
        if token.has("and") or not any(token.has(name) for name in (*_LIGHT, "people")):
            return None
    return None


def _whom(tokens: Sequence[Token], at: int) -> str:
    """Give the group that stands after a number; nothing where it is one that we do not know."""
    for token in tokens[at + 1 : at + 3]:
        if token.has("people"):
            return token.of("people")[0]
        if token.is_pause or token.value is not None or token.has("and"):
            return EVERYBODY
        if token.has("light") and not token.has("prepositions"):
            continue
        is_glue = any(token.has(name) for name in (*_LIGHT, "after", "before", "between"))
        return EVERYBODY if is_glue else ""
    return EVERYBODY


def _find_noun(tokens: Sequence[Token], at: int) -> tuple[str, str] | None:
    """Find what is counted by its own name: 200 drones, 10,000 demonstrators."""
    for token in tokens[at + 1 : at + 3]:
        for thing in token.of("nouns"):
            is_few = thing == "troops" and (tokens[at].value or 0.0) < _FEWEST_TROOPS
            return None if is_few else (thing, "")
        if not token.has("light"):
            return None
    return None
