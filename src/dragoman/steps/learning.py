"""What is learnt on the way, and handed to every translation: how words and names are written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import product

from dragoman import languages, store, translate
from dragoman.steps.work import Pass
from dragoman.types import Aids, Article, Stage

_MOST_REPORTS = 12  # of a story that are compared with a new one


def gather_aids(work: Pass, article: Article, into: str) -> Aids:
    """Gather what the relay knows that helps to translate an article."""
    forms = store.names.usual_forms(work.db, article.language, translate.capital_words(article))
    spellings = store.names.usual_spellings(
        work.db, article.language, into, translate.names_of(article)
    )
    return Aids(forms=tuple(forms.items()), spellings=tuple(spellings.items()))


def learn_forms(work: Pass, article: Article) -> None:
    """Learn from a new article how its language writes names and acronyms."""
    store.names.add_forms(work.db, article.language, translate.learn_forms(article))


def learn_spellings(work: Pass, fresh: Collection[str]) -> None:
    """Learn from stories that got new reports how native ones spell the others' names.

    What is spelt otherwise in an edition by now is translated again; the memory makes it cheap.
    """
    stories = {one.story for one in store.stories.groupings(work.db, fresh)}
    for members in store.stories.members(work.db, stories).values():
        ids = [one.article for one in members]
        new = [id for id in ids if id in fresh]
        if len(ids) > 1:
            others = [id for id in ids if id not in fresh][:_MOST_REPORTS]
            articles = store.articles.articles(work.db, ids=[*new[:_MOST_REPORTS], *others])
            _compare(work, articles, fresh)


def _compare(work: Pass, articles: Sequence[Article], fresh: Collection[str]) -> None:
    for native, foreign in product(articles, articles):
        into = _edition_of(work, native)
        is_new = native.id in fresh or foreign.id in fresh
        if not into or not is_new or languages.is_same(native.language, foreign.language):
            continue
        found = translate.learn_spellings(native, foreign)
        changed = store.names.add_spellings(work.db, foreign.language, into, found)
        if changed:
            named = [
                one.id
                for one in articles
                if languages.is_same(one.language, foreign.language)
                and changed.keys() & translate.names_of(one)
            ]
            store.work.ask_again(work.db, named, Stage.TRANSLATE, into)


def _edition_of(work: Pass, article: Article) -> str:
    """Give the edition that an article is native to; empty where there is none."""
    editions = work.settings.editions
    return next((into for into in editions if languages.is_same(into, article.language)), "")
