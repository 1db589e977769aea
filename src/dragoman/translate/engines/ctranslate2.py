"""Models that CTranslate2 runs: OPUS-MT, NLLB and the like, on the processor or a GPU.

Each model is a folder as its converters write it, with the SentencePiece files beside. Its
languages stand in ``dragoman.json``, or in the folder's name: ``opus-mt-en-pt``.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from dragoman import languages
from dragoman.errors import EngineDied, ModelError, PluginError, UnknownLanguage
from dragoman.translate.counting import read_number
from dragoman.translate.units import cut_units
from dragoman.translate.vocabulary import Vocabulary, read_vocabulary
from dragoman.types import EngineKind, Leg

if TYPE_CHECKING:
    from ctranslate2 import Translator
    from sentencepiece import SentencePieceProcessor

MANIFEST = "dragoman.json"
_SOURCE_FILES = ("source.spm", "sentencepiece.bpe.model", "spiece.model", "sentencepiece.model")
_TARGET_FILES = ("target.spm", *_SOURCE_FILES[1:])
_NAMED = re.compile(r"(?:.*[-_])?([a-z]{2,3})-([a-z]{2,3})")
_BATCH = 32  # sentences; between two batches the deadline is looked at
_BATCH_TOKENS = 2048
_LONGEST = 400  # tokens of one unit's translation

Stamp = tuple[tuple[str, int, int], ...]  # name, size and time of each file of a model

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Model:
    """A model folder and what its manifest says."""

    folder: Path
    pairs: tuple[tuple[str, str], ...]
    tokens: dict[str, str] = field(default_factory=dict)  # by language; of one for many languages
    is_token_in_source: bool = False  # the target's token stands before the source text
    quality: float = 0.0
    version: str = ""

    def file(self, names: Sequence[str]) -> Path:
        """Find the first of these files; raises `ModelError`."""
        for name in names:
            if (self.folder / name).is_file():
                return self.folder / name
        raise ModelError(
            f"{self.folder} holds none of {', '.join(names)}; copy the SentencePiece files of the "
            "model beside its model.bin"
        )


class CTranslate2Engine:
    """Translates in batches with the models of a folder."""

    name = "ctranslate2"
    kind = EngineKind.NEURAL

    def __init__(
        self, folder: Path, device: str, compute: str, threads: int, deadline_s: float
    ) -> None:
        self._folder = folder
        self._device = device
        self._compute = compute
        self._threads = threads
        self._deadline_s = deadline_s
        self._loaded: dict[Path, tuple[Stamp, Loaded]] = {}

    def legs(self) -> tuple[Leg, ...]:
        """List one leg for each pair of each model; a folder that is none is named in the log."""
        return tuple(
            Leg(
                self.name,
                self.kind,
                *pair,
                model=model.folder.name,
                version=model.version,
                quality=model.quality,
            )
            for model in self._models()
            for pair in model.pairs
        )

    def translate(self, sentences: Sequence[str], leg: Leg) -> list[str]:
        """Translate sentences; one that fails alone is given back empty.

        Raises `ModelError` where the model cannot be loaded, `EngineDied` past the deadline or
        where no sentence is answered.
        """
        units = [cut_units(sentence) if sentence.strip() else [] for sentence in sentences]
        flat = [unit for some in units for unit in some]
        if not flat:
            return ["" for _ in sentences]
        loaded = self._load(leg)
        until = time.monotonic() + self._deadline_s
        done: list[str] = []
        for at in range(0, len(flat), _BATCH):
            if time.monotonic() > until:
                raise EngineDied(
                    f"the model {leg.model} passed its deadline of {self._deadline_s:g} s after "
                    f"{at} of {len(flat)} sentences"
                )
            done += loaded.translate(flat[at : at + _BATCH], leg)
        if not any(done):
            raise EngineDied(
                f"the model {leg.model} gave no answer to any of {len(flat)} sentences; "
                "convert it again"
            )
        answers = iter(done)
        parts = [[next(answers) for _ in some] for some in units]
        # A sentence whose part failed is not published with a hole.
        return [" ".join(some) if all(some) else "" for some in parts]

    def vocabulary(self, leg: Leg) -> Vocabulary:
        """Give the characters and words of the vocabulary that the model reads with."""
        model = self._model(leg)
        return _vocabulary(model.file(_SOURCE_FILES), _stamp(model.folder))

    def _models(self) -> list[Model]:
        if not self._folder.is_dir():
            raise ModelError(
                f"{self._folder} is no folder; set translate.options.ctranslate2.models to the "
                "folder that holds your converted models"
            )
        places = sorted(file.parent for file in self._folder.glob("*/model.bin"))
        models = []
        for place in places:
            try:
                models.append(read_model(place))
            except ModelError as error:  # the others can still be used
                _log.warning("model left out", engine=self.name, error=str(error))
        return models

    def _model(self, leg: Leg) -> Model:
        folder = self._folder / leg.model
        if not (folder / "model.bin").is_file():
            raise ModelError(f"{folder} holds no model.bin any more; put the model back")
        return read_model(folder)

    def _load(self, leg: Leg) -> Loaded:
        model = self._model(leg)
        stamp, known = _stamp(model.folder), self._loaded.pop(model.folder, None)
        if known is None or known[0] != stamp:
            known = stamp, load_model(model, self._device, self._compute, self._threads)
        self._loaded[model.folder] = known
        return known[1]


@dataclass(slots=True)
class Loaded:
    """A model in memory, with its tokenizers."""

    model: Model
    translator: Translator
    source: SentencePieceProcessor
    target: SentencePieceProcessor
    ending: str  # set after the source's pieces, where the model itself does not

    def translate(self, units: Sequence[str], leg: Leg) -> list[str]:
        """Translate units in one batch; where that fails, one by one."""
        try:
            return self._translate(units, leg)
        except (RuntimeError, ValueError) as error:
            if len(units) == 1:
                _log.warning("sentence refused", model=leg.model, error=str(error)[:200])
                return [""]
            return [self.translate([unit], leg)[0] for unit in units]

    def _translate(self, units: Sequence[str], leg: Leg) -> list[str]:
        tokens = self.model.tokens
        own, other = tokens.get(leg.language, ""), tokens.get(leg.into, "")
        before = [other] if self.model.is_token_in_source else [own]
        pieces = [
            [*filter(None, before), *self.source.encode(unit, out_type=str), self.ending]
            for unit in units
        ]
        prefix = [other] if other and not self.model.is_token_in_source else []
        results = self.translator.translate_batch(
            [[piece for piece in some if piece] for some in pieces],
            [prefix for _ in units] if prefix else None,
            max_batch_size=_BATCH_TOKENS,
            batch_type="tokens",
            beam_size=2,
            max_input_length=0,  # cut already: the library would drop the rest silently
            max_decoding_length=min(_LONGEST, 32 + 3 * max(map(len, pieces))),
            return_end_token=True,
        )
        return [self._read(result.hypotheses[0], len(prefix)) for result in results]

    def _read(self, pieces: list[str], skipped: int) -> str:
        """Join pieces; what has holes or did not come to its end is given up."""
        if not pieces or pieces[-1] not in ("</s>", "<eos>") or "<unk>" in pieces:
            return ""
        text: str = self.target.decode(pieces[skipped:-1])
        return text.strip()


def _stamp(folder: Path) -> Stamp:
    """Give what tells a model from another that was put into its place."""
    try:
        states = [(file.name, file.stat()) for file in sorted(folder.iterdir())]
    except OSError as error:
        raise ModelError(f"{folder} cannot be read: {error.strerror}") from error
    return tuple((name, state.st_size, state.st_mtime_ns) for name, state in states)


def load_engine(
    models: str = "",
    device: str = "cpu",
    compute: str = "default",
    threads: str = "1",
    deadline_s: str = "300",
) -> CTranslate2Engine:
    """Make the engine for the folder ``models``; ``device`` is cpu, cuda or auto."""
    if not models:
        raise PluginError(
            "translate.options.ctranslate2 needs 'models', the folder of your converted models"
        )
    if device not in ("cpu", "cuda", "auto"):
        raise PluginError(f"translate.options.ctranslate2.device: '{device}'; cpu, cuda or auto")
    cores = int(read_number("ctranslate2", "threads", threads))
    seconds = read_number("ctranslate2", "deadline_s", deadline_s)
    return CTranslate2Engine(Path(models), device, compute, cores, seconds)


def read_model(folder: Path) -> Model:
    """Read a model's manifest, or its folder's name; raises `ModelError`."""
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Model(folder, _read_name(folder))
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{folder / MANIFEST} cannot be read: {error}") from error
    try:
        said = json.loads(text)
        tokens = {languages.normalise(k): str(v) for k, v in said.get("tokens", {}).items()}
        pairs = tuple(_read_pairs(said.get("pairs", ()), tokens))
        model = Model(
            folder,
            pairs,
            tokens,
            said.get("token_in_source") is True,
            float(said.get("quality", 0.0)),
            str(said.get("version", "")),
        )
    except (ValueError, TypeError, AttributeError, UnknownLanguage) as error:
        raise ModelError(f"{folder / MANIFEST} does not say its languages: {error}") from error
    if not model.pairs:
        raise ModelError(
            f"{folder / MANIFEST} names no languages; write {{'pairs': ['en>pt']}} for a model of "
            "one pair, or {'tokens': {'en': 'eng_Latn'}} for one of many languages"
        )
    return model


def _read_pairs(written: Sequence[str], tokens: dict[str, str]) -> Iterator[tuple[str, str]]:
    for pair in written:
        language, _, into = pair.partition(">")
        yield languages.normalise(language), languages.normalise(into)
    if not written:
        yield from ((one, other) for one in tokens for other in tokens if one != other)


def _read_name(folder: Path) -> tuple[tuple[str, str], ...]:
    named = _NAMED.fullmatch(folder.name)
    try:
        if named:
            return ((languages.normalise(named[1]), languages.normalise(named[2])),)
    except UnknownLanguage:
        pass
    raise ModelError(
        f"{folder} does not say its languages; name it like opus-mt-en-pt, or write {MANIFEST}"
    )


def load_model(model: Model, device: str, compute: str, threads: int) -> Loaded:
    """Load a model and its tokenizers.

    Raises `ModelError` where a file is missing, broken or of another model, and `PluginError`
    where CTranslate2 is not installed.
    """
    try:
        import ctranslate2
        import sentencepiece
    except ImportError as error:
        raise PluginError(
            "the engine 'ctranslate2' needs packages that are not installed; run "
            "`pip install 'dragoman[ctranslate2]'`"
        ) from error
    files = model.file(_SOURCE_FILES), model.file(_TARGET_FILES)
    try:
        translator = ctranslate2.Translator(
            str(model.folder), device=device, compute_type=compute, intra_threads=threads
        )
        source, target = (sentencepiece.SentencePieceProcessor(model_file=str(f)) for f in files)
        ending = _find_ending(model)
        loaded = Loaded(model, translator, source, target, ending)
        _probe(loaded)
    except (RuntimeError, ValueError, OSError, MemoryError) as error:
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise ModelError(f"the model {model.folder} cannot be loaded: {reason}") from error
    return loaded


def _find_ending(model: Model) -> str:
    """Give the token that has to be set after a source, which converters leave to the caller."""
    config: Any = json.loads((model.folder / "config.json").read_text(encoding="utf-8"))
    if config.get("add_source_eos"):
        return ""
    # Hugging Face's Marian and the models of many languages learnt with it, OpenNMT's without.
    is_with = bool(model.tokens) or (model.folder / "source.spm").is_file()
    return str(config.get("eos_token") or "</s>") if is_with else ""


def _probe(loaded: Loaded) -> None:
    """Translate a word: a vocabulary of another model shows only then."""
    missing = [token for token in loaded.model.tokens.values() if not _knows(loaded, token)]
    if missing:
        raise ValueError(f"its vocabulary has no {', '.join(missing[:3])}")
    pieces = [loaded.source.id_to_piece(at) for at in range(loaded.source.get_piece_size())]
    known = _pieces_of(loaded)
    shared = sum(piece in known for piece in pieces)
    if shared < len(pieces) // 2:
        raise ValueError(
            f"its vocabulary holds {shared} of the {len(pieces)} pieces of its SentencePiece file; "
            "they are of different models"
        )
    language, into = loaded.model.pairs[0]
    loaded._translate(["1"], Leg("ctranslate2", EngineKind.NEURAL, language, into))


def _knows(loaded: Loaded, token: str) -> bool:
    return token in _pieces_of(loaded)


def _pieces_of(loaded: Loaded) -> frozenset[str]:
    return _vocabulary_of(loaded.model.folder, "source", _stamp(loaded.model.folder))


@lru_cache(maxsize=8)
def _vocabulary_of(folder: Path, side: str, _: Stamp) -> frozenset[str]:
    for name in ("shared_vocabulary", f"{side}_vocabulary"):
        if (folder / f"{name}.json").is_file():
            return frozenset(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
        if (folder / f"{name}.txt").is_file():
            lines = (folder / f"{name}.txt").read_text(encoding="utf-8").split("\n")
            return frozenset(line for line in lines if line)
    raise ValueError(f"{folder} holds no {side}_vocabulary.json and no shared_vocabulary.json")


@lru_cache(maxsize=16)
def _vocabulary(path: Path, _: Stamp) -> Vocabulary:
    return read_vocabulary(path.read_bytes())
