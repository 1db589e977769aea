"""An engine for tests and demonstrations: it gives the text back, marked."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.translate.vocabulary import Vocabulary
from dragoman.types import EngineKind, Leg


class EchoEngine:
    """Gives every sentence back with the target language before it."""

    name = "echo"
    kind = EngineKind.ECHO

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._legs = tuple(
            Leg(self.name, self.kind, language, into, model="echo", version="1")
            for language, into in pairs
        )

    def legs(self) -> tuple[Leg, ...]:
        """List the pairs that it was given."""
        return self._legs

    def translate(self, sentences: Sequence[str], leg: Leg) -> list[str]:
        """Mark each sentence with the language that it should be in."""
        return [f"[{leg.into}] {sentence}" if sentence.strip() else "" for sentence in sentences]

    def vocabulary(self, leg: Leg) -> Vocabulary:
        """Give no limits: it writes everything."""
        return Vocabulary()


def load_engine(pairs: str = "en-pt pt-en") -> EchoEngine:
    """Make the engine for pairs written as ``en-pt pt-en``."""
    return EchoEngine([(one, other) for one, _, other in (p.partition("-") for p in pairs.split())])
