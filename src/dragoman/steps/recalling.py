"""What was settled before an engine is asked: the glossary's terms, and the memory's sentences."""

from __future__ import annotations

from functools import cache

from dragoman import store, translate
from dragoman.steps.work import Pass
from dragoman.types import Article, Route, Term


class Glossary:
    """The terms of an edition by the article's language, read once for a batch of articles."""

    def __init__(self, work: Pass, into: str) -> None:
        self.into = into
        self._work = work
        self._state = self._read_state()
        self.terms = cache(
            lambda language: translate.Terms(store.glossary.terms_for(work.db, language, into))
        )

    def _read_state(self) -> tuple[object, object]:
        db = self._work.db
        return store.glossary.state_of(db, self.into), store.corrections.state_of(db, self.into)

    def has_changed(self) -> bool:
        """Whether terms or corrections of the edition came since they were read; then read anew."""
        state = self._read_state()
        if state == self._state:
            return False
        self._state = state
        self.terms.cache_clear()
        return True

    def of(self, article: Article) -> tuple[Term, ...]:
        """Give the terms that stand in an article, which is all that a worker needs."""
        terms = self.terms(article.language)
        texts = (segment.text for segment in translate.segment_article(article))
        return tuple(dict.fromkeys(found.term for text in texts for found in terms.find(text)))


def recall(work: Pass, article: Article, glossary: Glossary, route: Route) -> dict[str, str]:
    """Ask the translation memory for what it knows of an article."""
    terms = glossary.terms(article.language)
    keys: set[str] = set()
    for segment in translate.segment_article(article):
        text = segment.text
        keys.add(translate.exact_key(text, article.language, glossary.into))
        keys.add(translate.memory_key(text, route, terms.find(text)))
        keys.update(translate.pivot_keys(text, route).values())
    return store.memory.remembered(work.db, keys)
