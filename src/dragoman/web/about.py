"""Build the pages about the site itself, with figures as they are now."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman import languages
from dragoman.publish.views import AboutView, ContactView, ModelUse
from dragoman.store import editions, sources, stories
from dragoman.types import UNKNOWN_LANGUAGE
from dragoman.web.settings import SiteSettings
from dragoman.web.views import list_publishers, make_frame

if TYPE_CHECKING:
    from dragoman.store import Store

PIVOT = "en"  # where two models may meet
KEPT_S = 300  # models are read from their folder this often


def build_about(db: Store, settings: SiteSettings, language: str) -> AboutView:
    """Build the page that says how the site works."""
    spoken = {languages.base(one.language) for one in sources.sources(db)} - {UNKNOWN_LANGUAGE}
    return AboutView(
        make_frame(settings, language, "about/"),
        list_publishers(db),
        languages=tuple(sorted(spoken)),
        articles=editions.count_articles(db),
        stories=stories.count_stories(db),
        engines=settings.engines,
        models=find_models(settings, spoken),
    )


def build_contact(settings: SiteSettings, language: str) -> ContactView:
    """Build the page that says whom to write to."""
    return ContactView(make_frame(settings, language, "contact/"))


def find_models(settings: SiteSettings, spoken: set[str]) -> tuple[ModelUse, ...]:
    """List the installed models that lead from a source's language to an edition's."""
    if "firefox" not in settings.engines:
        return ()
    wanted = {languages.base(code) for code in settings.editions} | {PIVOT}
    # A pair without a model of its own is reached by way of English.
    return tuple(
        model
        for model in _list_installed(settings.models, int(time.monotonic()) // KEPT_S)
        if model.language in {*spoken, PIVOT} and model.into in wanted
    )


@lru_cache(maxsize=4)
def _list_installed(folder: Path | None, _minutes: int) -> tuple[ModelUse, ...]:
    from dragoman.translate.models.inventory import list_models

    found: dict[tuple[str, str], ModelUse] = {}
    for model in list_models(folder):
        pair = (languages.base(model.language), languages.base(model.into))
        # The best of a pair comes first, and is the one that translates.
        found.setdefault(
            pair,
            ModelUse(*pair, model.architecture, model.version, model.licence, model.quality),
        )
    return tuple(found[pair] for pair in sorted(found))
