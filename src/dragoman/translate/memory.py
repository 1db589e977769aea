"""Keys of the translation memory: what must be equal for a translation to be used again."""

from __future__ import annotations

from hashlib import blake2b

from dragoman.translate.case import is_capitals
from dragoman.types import EngineKind, Route, TranslatedSegment, Translation, Verdict

# Raised when our own steps before and after the engine change what comes out.
STEPS = "2"


def memory_key(segment_text: str, route: Route) -> str:
    """Give the key of a segment: text, languages, engines, models, versions and our own steps."""
    parts = [STEPS, segment_text]
    for leg in route.legs:
        parts += [leg.engine, leg.language, leg.into, leg.model, leg.version]
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def remember(translation: Translation) -> dict[str, str]:
    """Give the new entries of the memory: what was translated, by engines, and not held back."""
    route = translation.route
    if route is None or any(leg.kind is EngineKind.ECHO for leg in route.legs):
        return {}
    return {
        memory_key(done.segment.text, route): done.target
        for done in translation.segments
        if _is_worth_keeping(done)
    }


def _is_worth_keeping(done: TranslatedSegment) -> bool:
    is_new = not (done.is_remembered or done.is_untouched)
    # How a capital headline is read depends on the rest of its article.
    is_settled = done.segment.block >= 0 and not is_capitals(done.segment.text)
    return is_new and is_settled and done.verdict is Verdict.PUBLISH and bool(done.target)
