"""A store with many invented articles: stories of several reports, translated into each edition.

Words are made of syllables, thousands for each language, and stand as often as words do in any
language (Zipf); so indexes, lists and compressed pages are of the size that real ones have.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Dating,
    EngineKind,
    Grouping,
    Leg,
    Moment,
    Precision,
    Rights,
    Route,
    Segment,
    Source,
    Text,
    TranslatedSegment,
    Translation,
    TranslationStatus,
)

if TYPE_CHECKING:
    from dragoman.store import Store

EDITIONS = ("en", "pt", "es", "ar")
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAYS = 60
OUTLETS = 8  # of each language
WORDS = 12_000  # of each language

_LATIN = (
    "ba be bi bo bra ca ce cla co cri da de di dor du el en es fa fe fi flo ga ge gri ha in ja "
    "ka la le li lo lu ma me mi mo na ne ni no nu o pa pe pla po pri qua ra re ri ro sa se si so "
    "sta ta te ti to tra u va ve vi vo za"
)
_ARABIC = (
    "ب با بر ت تا ج جا ح د در ر را ز س سا ش ص ط ع عا ف فا ق قا ك كا ل لا م ما مر ن نا ه و وا ي يا"
)
_CYRILLIC = (
    "ба бе бо ва ве го да де до жи за зи ка ко кра ла ле ли ло ма ме мо на не ни но о па пе по "
    "про ра ре ри ро са се си со ста та те ти то тра у фа ха це ча ша"
)
_SYLLABLES = {"ar": _ARABIC, "ru": _CYRILLIC}
_LANGUAGES = {"en": "GB", "pt": "PT", "es": "ES", "ar": "TN", "fr": "FR", "ru": "KZ"}
_SECTIONS = ("World", "Politics", "Economy", "Science", "Culture", "Sport", "Local", "")
_RIGHTS = (Rights.FULL, Rights.FULL, Rights.FULL, Rights.EXTRACT, Rights.LINK)
_SIZES = (1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7, 12)  # reports of a story

Progress = Callable[[str], None]


class Tongue:
    """The invented words of a language, the common ones first."""

    def __init__(self, language: str) -> None:
        rng = random.Random(f"words of {language}")
        syllables = _SYLLABLES.get(language, _LATIN).split()
        found: dict[str, None] = {}
        while len(found) < WORDS:
            longest = 1 if len(found) < 20 else 2 if len(found) < 300 else 4
            length = min(longest, rng.choice((1, 2, 2, 3, 3, 4)))
            found["".join(rng.choices(syllables, k=length))] = None
        self.words = list(found)
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(WORDS)))

    def say(self, rng: random.Random, about: tuple[str, ...], length: int) -> str:
        """Make a sentence that names two of the words that its story is about."""
        words = rng.choices(self.words, cum_weights=self._weights, k=length)
        for word in about[:2]:
            words[rng.randrange(length)] = word
        text = " ".join(words)
        return f"{text[0].upper()}{text[1:]}."


def fill_store(db: Store, count: int, say: Progress = lambda line: None) -> None:
    """Write so many articles, their translations and stories, and index them all."""
    from dragoman import store

    tongues = {language: Tongue(language) for language in {*_LANGUAGES, *EDITIONS}}
    outlets = list(_list_outlets())
    for outlet in outlets:
        store.sources.put_source(db, outlet)
    rng = random.Random(20261120)
    groupings: list[Grouping] = []
    while len(groupings) < count:
        number = len(groupings)
        size = min(rng.choice(_SIZES), count - number)
        story = f"st{number:08d}"
        at = NOW - timedelta(days=DAYS * number / count, minutes=rng.randrange(60))
        about = {code: tuple(rng.sample(one.words[200:], 4)) for code, one in tongues.items()}
        section = rng.choice(_SECTIONS)
        for place, outlet in enumerate(rng.sample(outlets, size)):
            id = f"ar{number + place:08d}"
            tongue = tongues[outlet.language]
            article = _write(rng, id, outlet, tongue, about[outlet.language], at, section)
            kept = store.articles.put_article(db, article, "1")
            for into in EDITIONS:
                if into != outlet.language:
                    made = _translate(rng, kept, into, tongues[into], about[into])
                    store.translations.put_translation(db, made, "1", ())
            groupings.append(Grouping(id, f"ev{number:08d}", story))
        if number % 1000 < size:
            say(f"{len(groupings)} articles")
    store.stories.put_links(db, (), groupings, "1", [one.article for one in groupings])
    _index(db, say)


def _list_outlets() -> list[Source]:
    return [
        Source(
            f"{language}{number}",
            f"https://{language}{number}.example/feed",
            f"Outlet {language.upper()} {number}",
            language,
            country,
            _RIGHTS[number % len(_RIGHTS)],
            is_indexable=number % 2 == 0,
        )
        for language, country in _LANGUAGES.items()
        for number in range(OUTLETS)
    ]


def _write(
    rng: random.Random,
    id: str,
    outlet: Source,
    tongue: Tongue,
    about: tuple[str, ...],
    at: datetime,
    section: str,
) -> Article:
    """Write an article of some 300 words in eight paragraphs."""
    seen = at + timedelta(minutes=rng.randrange(600))
    paragraphs = []
    for _ in range(8):
        said = (tongue.say(rng, rng.sample(about, 2), rng.randint(9, 22)) for _ in range(2))  # type: ignore[arg-type]
        paragraphs.append(Block(BlockKind.PARAGRAPH, (Text(" ".join(said)),)))
    return Article(
        id,
        outlet.id,
        f"https://{outlet.id}.example/news/{id}",
        outlet.language,
        tongue.say(rng, about, rng.randint(6, 11)).rstrip("."),
        tuple(paragraphs),
        published=Dating(Moment(seen, Precision.MINUTE)),
        first_seen=seen,
        authors=(tongue.say(rng, (), 2).rstrip(".").title(),),
        section=section,
    )


def _translate(
    rng: random.Random, article: Article, into: str, tongue: Tongue, about: tuple[str, ...]
) -> Translation:
    """Say as many sentences of about the same length in another language."""
    title = tongue.say(rng, about, len(article.title.split())).rstrip(".")
    segments = [
        TranslatedSegment(Segment("t0", -1, 0, 0, len(article.title), article.title), title)
    ]
    blocks = []
    for index, block in enumerate(article.blocks):
        text, made, start = block.parts[0].text, [], 0
        for number, sentence in enumerate(text.removesuffix(".").split(". ")):
            target = tongue.say(rng, about, len(sentence.split()))
            end = min(len(text), start + len(sentence) + 1)
            segment = Segment(f"s{index}-{number}", index, 0, start, end, text[start:end])
            segments.append(TranslatedSegment(segment, target))
            made.append(target)
            start = end + 1
        blocks.append(replace(block, parts=(Text(" ".join(made)),)))
    leg = Leg("firefox", EngineKind.NEURAL, article.language, into, "invented", "1")
    return Translation(
        article.id,
        article.revision,
        article.language,
        into,
        TranslationStatus.DONE,
        title,
        tuple(blocks),
        tuple(segments),
        Route((leg,)),
        made=NOW,
    )


def _index(db: Store, say: Progress) -> None:
    from dragoman.config import Settings
    from dragoman.steps import Pass, index_texts

    def report(stage: str, done: int, total: int, what: str) -> None:
        if done % 5000 == 0 or done == total:
            say(f"{done} of {total} {what} indexed")

    asyncio.run(index_texts(Pass(db, None, Settings(), report)))  # type: ignore[arg-type]


def open_fast(file: Path) -> Store:
    """Open a store that need not outlive a power cut: it is made for one bench."""
    from sqlalchemy import event

    from dragoman.store import open_store

    db = open_store(file)

    @event.listens_for(db.engine, "connect")
    def hurry(connection: object, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]

    db.engine.dispose()
    return db
