"""Whether an article that was read again is another revision, and what changed in it."""

from __future__ import annotations

from dataclasses import replace

from dragoman import extract, store
from dragoman.errors import DamagedRow, NotAnArticle
from dragoman.steps.work import Pass
from dragoman.types import Article, Page

_OTHERS = 30  # articles of the source that teach what it prints on all of them


def settle_revision(work: Pass, article: Article, page: Page) -> Article:
    """Give an article as it is to be stored, with what changed since it was last fetched.

    A trivial change leaves text and digest as they were, so that nothing is translated again.
    Raises `NotAnArticle` where something else stands at its address now.
    """
    before = _find_before(work, article.id)
    if before is None or before.fetched in (None, page.fetched):
        # The same page read once more, by a better reader: its author changed nothing.
        known = before.changes if before else ()
        return replace(article, fetched=page.fetched, changes=known)
    title = page.item.title if page.item else ""
    if not extract.is_same_article(before, article, title):
        raise NotAnArticle(
            f"{article.url}: something else stands there now ('{article.title[:80]}'); the "
            "article stays as it was, and is read again when the page changes"
        )
    changes = extract.find_changes(before, article, _learn_furniture(work, article))
    if changes or extract.has_other_pictures(before, article):
        return replace(article, fetched=page.fetched, changes=changes)
    return replace(
        article,
        title=before.title,
        blocks=before.blocks,
        digest=before.digest,
        fetched=page.fetched,
        changes=before.changes,
    )


def _find_before(work: Pass, id: str) -> Article | None:
    try:
        return store.articles.article(work.db, id, with_withdrawn=True)
    except DamagedRow:
        return None


def _learn_furniture(work: Pass, article: Article) -> frozenset[str]:
    found = store.articles.articles(work.db, source=article.source, limit=_OTHERS)
    return extract.recurring_shapes(other for other in found if other.id != article.id)
