"""Stage 2: a page becomes an article.

`extract_article` takes typed blocks, title, authors, dates with evidence, language and pictures
out of one page; `learn_pages` learns page by page what recurs on a host, so that mastheads,
clocks and promotions are told from the article, and `make_template` makes of it what
extraction asks (`learn_template`: both at once). `extract_batch` and `article_json` are the
filter `dragoman extract`.
"""

from __future__ import annotations

from dragoman.extract.article import extract_article
from dragoman.extract.batch import article_json, extract_batch
from dragoman.extract.changes import (
    find_changes,
    has_other_pictures,
    is_same_article,
    recurring_shapes,
)
from dragoman.extract.reading import judge_body
from dragoman.extract.relative_days import mark_days
from dragoman.extract.template import Template, learn_pages, learn_template, make_template

VERSION = (
    "4"  # of the stage: stored with each checkpoint; raise it when articles come out differently
)

__all__ = [
    "VERSION",
    "Template",
    "article_json",
    "extract_article",
    "extract_batch",
    "find_changes",
    "has_other_pictures",
    "is_same_article",
    "judge_body",
    "learn_pages",
    "learn_template",
    "make_template",
    "mark_days",
    "recurring_shapes",
]
