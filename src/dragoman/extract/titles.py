"""The headline, chosen among what the page calls it in its several places.

A page names its article up to seven times, and often not twice the same. What most places
agree on wins; the words of the address tell which headline the newsroom gave it first.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from dragoman.extract.flow import Flow, Run, make_key
from dragoman.extract.jsonld import Statement, text_of
from dragoman.sanitize import clean_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from dragoman.extract.metadata import Metas
    from dragoman.types import FeedItem

_SEPARATORS = re.compile(
    r"\s+[|·•»›:—–\-−‒―~/\\]+\s+|\s*[|｜ㅣ]\s*|\s*::\s*|_(?=\S+$)|-(?=[^\s-]+$)"
)
# What a headline is taken from, and how far each is trusted before they vote.
_PART = 0.5  # what a candidate that holds this one, with a kicker or a name added, counts
_SENTENCE = 20  # characters of a key: a heading with fewer names a section or a box
_WEIGHTS = {
    "json-ld": 1.0,
    "h1": 1.0,
    "h2": 0.7,
    "opengraph": 0.9,
    "feed": 1.2,
    "twitter": 0.5,
    "title": 0.6,
}


def strip_site(title: str, site: str, url: str, names: frozenset[str] = frozenset()) -> str:
    """Take the site's name, or one of ``names`` (keys: sections, learnt endings), off a title."""
    host = make_key((urlsplit(url).hostname or "").removeprefix("www.").rsplit(".", 1)[0])
    site_key = make_key(site)
    exact = names | {site_key, host}
    for _ in range(3):
        pieces = list(_SEPARATORS.finditer(title))
        if not pieces:
            return title
        last, first = pieces[-1], pieces[0]
        rest = title[last.end() :]
        is_tight = last[0] in ("-", "_")
        if make_key(rest) in exact or (not is_tight and _is_site(rest, site_key, host)):
            title = title[: last.start()].strip()
        elif first[0] not in ("-", "_") and _is_site(title[: first.start()], site_key, host):
            title = title[first.end() :].strip()
        else:
            break
    return title


def _is_site(piece: str, site: str, host: str) -> bool:
    key = make_key(piece)
    if not key:
        return True
    names = [name for name in (site, host) if len(name) >= 2]
    return any(
        key == name
        or (len(key) >= 3 and key in name)
        or (len(name) >= 3 and name in key and len(key) <= len(name) + 14)
        for name in names
    )


def _h1s(flow: Flow) -> list[Run]:
    return [run for run in flow.runs if run.place.heading == 1 and len(run.key) > 1]


@dataclass(frozen=True, slots=True)
class Headline:
    """A title, where it came from, and the run that shows it."""

    text: str
    origin: str
    run: Run | None = None


def _candidates(
    root: HtmlElement, flow: Flow, metas: Metas, statement: Statement, item: FeedItem | None
) -> list[tuple[str, str]]:
    found = [
        ("json-ld", text_of(statement.article.get("headline") or statement.article.get("name")))
    ]
    h1s = _h1s(flow)
    found += [("h1", run.text) for run in h1s]
    if not h1s:
        # Old pages begin with a smaller heading, and their <title> is the masthead alone.
        first = next(
            (r for r in flow.runs if r.place.heading == 2 and len(r.key) > _SENTENCE), None
        )
        found += [("h2", first.text)] if first is not None else []
    found.append(("opengraph", metas.first("og:title")))
    found.append(("twitter", metas.first("twitter:title")))
    found.append(("feed", clean_text(item.title) if item is not None else ""))
    element = next(root.iter("title"), None)
    found.append(("title", clean_text(element.text or "") if element is not None else ""))
    return [(origin, text) for origin, text in found if text and len(text) <= 400]


_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "å": "a", "ł": "l", "đ": "d",
     "ı": "i"}
)  # fmt: skip
_MIN_SLUG = 4  # words: a shorter address names a topic
_LIKENESS = 0.7  # of the words of address and headline, below which it tells nothing
_SLUG_WEIGHT = 2.4


def _words(text: str, *, is_spelt: bool) -> list[str]:
    """Give the words of a text as addresses write them: without accents, or spelt out."""
    folded = unicodedata.normalize("NFC", text).casefold()
    if folded.isascii():
        return re.findall(r"[^\W_]+", folded)
    folded = folded.translate(_LETTERS) if is_spelt else folded
    plain = unicodedata.normalize("NFKD", folded)
    return re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))


def find_slug(url: str) -> list[str]:
    """Give the words with which an address names its article."""
    parts = [re.sub(r"\.\w{2,5}$", "", unquote(part)) for part in urlsplit(url).path.split("/")]
    named = max(parts, key=lambda part: len(re.findall(r"[-_,+. ]", part)), default="")
    words = _words(named, is_spelt=True)
    # Long figures are the article's number.
    return [word for word in words if len(word) < 4 or not any(map(str.isdigit, word))]


def measure_likeness(title: str, slug: list[str]) -> float:
    """Say how far a headline and the words of an address are the same, from 0 to 1."""
    if len(slug) < _MIN_SLUG:
        return 0.0
    best = 0.0
    for is_spelt in (True,) if title.isascii() else (True, False):
        words = _words(title, is_spelt=is_spelt)[: len(slug) + 4]
        shared = sum((Counter(words) & Counter(slug)).values())
        # Addresses are cut in the middle of a word.
        shared += slug[-1] not in words and any(w.startswith(slug[-1]) for w in words)
        best = max(best, 2 * shared / (len(words) + len(slug)))
    return best


def find_title(
    root: HtmlElement,
    flow: Flow,
    metas: Metas,
    statement: Statement,
    site: str,
    url: str,
    item: FeedItem | None,
    names: frozenset[str] = frozenset(),
) -> Headline:
    """Choose the title on which most sources agree, the words of the address among them."""
    candidates = [
        (origin, strip_site(clean_text(text), site, url, names))
        for origin, text in _candidates(root, flow, metas, statement, item)
    ]
    votes: defaultdict[str, float] = defaultdict(float)
    shown: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for origin, text in candidates:
        key = make_key(text)
        if len(key) < 2 or key == make_key(site):
            continue
        votes[key] += _WEIGHTS[origin]
        shown[key].append((origin, text))
    slug = find_slug(url)
    for key in votes:
        # Part of another candidate (a kicker before it, a cut end) is half an agreement.
        votes[key] += _PART * sum(
            _WEIGHTS[o] for o, t in candidates if key != make_key(t) and key in make_key(t)
        )
        likeness = max(measure_likeness(text, slug) for _, text in shown[key])
        votes[key] += _SLUG_WEIGHT * likeness if likeness >= _LIKENESS else 0.0
    if not votes:
        return Headline("", "")
    best = max(votes, key=lambda key: votes[key])
    origin, text = _choose_writing(shown[best])
    return Headline(text, origin, _find_run(flow, best))


def _choose_writing(shown: list[tuple[str, str]]) -> tuple[str, str]:
    """Choose among writings that differ in spaces and marks alone.

    One that glues words together has lost an element's edge; then most sources decide.
    """
    support: Counter[str] = Counter()
    for origin, text in shown:
        support[text] += int(10 * _WEIGHTS[origin])
    return max(shown, key=lambda one: (len(_words(one[1], is_spelt=False)), support[one[1]]))


def _find_run(flow: Flow, key: str) -> Run | None:
    heads = [run for run in flow.runs if run.place.heading and run.key and (run.key == key)]
    if heads:
        return min(heads, key=lambda run: run.place.heading)
    first = next((run for run in flow.runs if run.key == key), None)
    return first or next(iter(_h1s(flow)), None)
