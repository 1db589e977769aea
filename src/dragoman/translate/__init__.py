"""Translate: articles into another language, sentence by sentence, and the gate behind it.

`translate_article` takes an article along a route of engines and gives a translation with
its provenance and verdicts; `find_route` finds the route through what the engines can do.
"""

from dragoman.translate.article import failed, pending, translate_article, translate_title
from dragoman.translate.correcting import (
    correct_translation,
    judge_correction,
    reviewed_units,
)
from dragoman.translate.counting import has_price
from dragoman.translate.documents.text import translate_batch, translate_document, write_translation
from dragoman.translate.engine import Engine, available_legs, load_engine
from dragoman.translate.models.catalogue import read_offers
from dragoman.translate.models.installing import (
    add_models,
    fetch_offers,
    import_models,
    mirror_models,
)
from dragoman.translate.models.inventory import known_pairs, list_models, remove_models
from dragoman.translate.models.loading import verify_model
from dragoman.translate.pivots import pivot_keys
from dragoman.translate.reading.segments import segment_article
from dragoman.translate.reading.wordforms import capital_words, learn_forms
from dragoman.translate.route import find_route, is_clearly_better
from dragoman.translate.wording.memory import exact_key, memory_key, remember
from dragoman.translate.wording.spelling import learn_spellings, names_of
from dragoman.translate.wording.terms import Terms

# Of the stage: the store keeps it with the checkpoint, and a higher one translates again.
VERSION = "3"

__all__ = [
    "VERSION",
    "Engine",
    "Terms",
    "add_models",
    "available_legs",
    "capital_words",
    "correct_translation",
    "exact_key",
    "failed",
    "fetch_offers",
    "find_route",
    "has_price",
    "import_models",
    "is_clearly_better",
    "judge_correction",
    "known_pairs",
    "learn_forms",
    "learn_spellings",
    "list_models",
    "load_engine",
    "memory_key",
    "mirror_models",
    "names_of",
    "pending",
    "pivot_keys",
    "read_offers",
    "remember",
    "remove_models",
    "reviewed_units",
    "segment_article",
    "translate_article",
    "translate_batch",
    "translate_document",
    "translate_title",
    "verify_model",
    "write_translation",
]
