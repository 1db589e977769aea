"""The model store: what can be had, what is here, and how it gets here."""

from dragoman.translate.models.catalogue import CATALOGUE_URL, RECORDS_URL, offered_pairs
from dragoman.translate.models.installing import (
    add_models,
    fetch_offers,
    import_models,
    mirror_models,
)
from dragoman.translate.models.inventory import Model, known_pairs, list_models, remove_models

__all__ = [
    "CATALOGUE_URL",
    "RECORDS_URL",
    "Model",
    "add_models",
    "fetch_offers",
    "import_models",
    "known_pairs",
    "list_models",
    "mirror_models",
    "offered_pairs",
    "remove_models",
]
