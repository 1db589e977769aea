"""Keys of the translation memory: what must be equal for a translation to be used again."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from hashlib import blake2b

from dragoman.translate.reading.wordforms import is_capitals
from dragoman.translate.route import variant_of
from dragoman.translate.wording.terms import Found, Terms
from dragoman.types import (
    EngineKind,
    MemoryUnit,
    Route,
    TranslatedSegment,
    Translation,
    Verdict,
)

# Raised when our own steps before and after the engine change what comes out.
STEPS = "3"


def memory_key(segment_text: str, route: Route, terms: Sequence[Found] = ()) -> str:
    """Give the key of a segment: text, languages, engines, models, versions and our own steps.

    ``terms`` are those of the glossary that stand in it, so that it is translated anew when
    one of them changes, and only then.
    """
    parts = [STEPS, segment_text]
    for leg in route.legs:
        parts += [leg.engine, leg.language, leg.into, leg.model, leg.version]
    applied = {(one.term.term, one.term.translation, str(one.term.is_cased)) for one in terms}
    for term in sorted(applied):
        parts += ["term", *term]
    return _digest(parts)


def exact_key(segment_text: str, language: str, into: str) -> str:
    """Give the key under which an imported translation of a segment lies.

    It knows no engine: who wrote it needed none.
    """
    text = " ".join(unicodedata.normalize("NFC", segment_text).split())
    return _digest(["exact", text, variant_of(language), variant_of(into)])


def remember(translation: Translation, terms: Terms | None = None) -> tuple[MemoryUnit, ...]:
    """Give the new units of the memory: what was translated, by engines, and not held back.

    ``terms`` are those that the translation was made with.
    """
    route = translation.route
    if route is None or any(leg.kind is EngineKind.ECHO for leg in route.legs):
        return ()
    units = {}
    for done in translation.segments:
        if _is_worth_keeping(done):
            text = done.segment.text
            key = memory_key(text, route, terms.find(text) if terms else ())
            units[key] = MemoryUnit(
                key, text, done.target, translation.language, translation.into, route.name
            )
    return tuple(units.values())


def _digest(parts: Sequence[str]) -> str:
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _is_worth_keeping(done: TranslatedSegment) -> bool:
    is_new = not (done.is_remembered or done.is_untouched)
    # How a capital headline is read depends on the rest of its article.
    is_settled = done.segment.block >= 0 and not is_capitals(done.segment.text)
    return is_new and is_settled and done.verdict is Verdict.PUBLISH and bool(done.target)
