"""What is learnt on the way, and handed to every translation: how words and names are written."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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
    told = store.live_events.languages_of_stories(work.db, stories)
    editions = {languages.base(into) for into in work.settings.editions}
    # One language teaches nothing, and nobody reads what is native to no edition.
    stories = {id for id, found in told.items() if len(found) > 1 and found & editions}
    for members in store.stories.members(work.db, stories).values():
        ids = [one.article for one in members if not one.copy_of]  # a copy is no second witness
        new = [id for id in ids if id in fresh]
        if new and len(ids) > 1:
            others = [id for id in ids if id not in fresh][:_MOST_REPORTS]
            articles = store.articles.articles(work.db, ids=[*new[:_MOST_REPORTS], *others])
            for native in articles:
                _compare(work, native, articles, fresh)


def _compare(
    work: Pass, native: Article, articles: Sequence[Article], fresh: Collection[str]
) -> None:
    """Learn from one native report; each spelling of it counts once, whoever is beside it."""
    into = _edition_of(work, native)
    foreign = [one for one in articles if not languages.is_same(one.language, native.language)]
    for language in dict.fromkeys(languages.base(one.language) for one in foreign) if into else ():
        beside = [one for one in foreign if languages.base(one.language) == language]
        is_new = native.id in fresh
        known = [] if is_new else [one for one in beside if one.id not in fresh]
        found = _learn_from(native, beside)
        counted = _learn_from(native, known)
        new = {name: form for name, form in found.items() if counted.get(name) != form}
        if changed := store.names.add_spellings(work.db, language, into, new):
            named = [one.id for one in beside if changed.keys() & translate.names_of(one)]
            store.work.ask_again(work.db, named, Stage.TRANSLATE, into)


def _learn_from(native: Article, foreign: Sequence[Article]) -> dict[str, str]:
    """Give what a native report teaches beside others; a name that is two things is nothing."""
    found: dict[str, set[str]] = {}
    for one in foreign:
        for name, form in translate.learn_spellings(native, one).items():
            found.setdefault(name, set()).add(form)
    return {name: next(iter(forms)) for name, forms in found.items() if len(forms) == 1}


def _edition_of(work: Pass, article: Article) -> str:
    """Give the edition that an article is native to; empty where there is none."""
    editions = work.settings.editions
    return next((into for into in editions if languages.is_same(into, article.language)), "")
