"""The relay's steps: each takes the rows that lack a result, has it made, and writes it.

Here a stage meets the store and the runner; the stage itself knows neither. `relay.py` says in
which order the steps are taken.
"""

from dragoman.steps.archiving import ArchiveTally, keep_archive
from dragoman.steps.correcting import Corrected, correct, release
from dragoman.steps.deciding import explain_pair, merge_stories, relink, split_story
from dragoman.steps.delivering import queue_tests, send_now
from dragoman.steps.extracting import extract_articles
from dragoman.steps.fetching import fetch_pages, open_fetcher, poll_sources
from dragoman.steps.hooks import read_hooks
from dragoman.steps.indexing import index_texts
from dragoman.steps.keeping import forget_old, keep_days
from dragoman.steps.linking import link_articles
from dragoman.steps.notifying import notify_others
from dragoman.steps.retranslating import Campaign, count_editions, find_affected, mark_again
from dragoman.steps.translating import engine_specs, translate_articles
from dragoman.steps.work import Pass, Progress

__all__ = [
    "ArchiveTally",
    "Campaign",
    "Corrected",
    "Pass",
    "Progress",
    "correct",
    "count_editions",
    "engine_specs",
    "explain_pair",
    "extract_articles",
    "fetch_pages",
    "find_affected",
    "forget_old",
    "index_texts",
    "keep_archive",
    "keep_days",
    "link_articles",
    "mark_again",
    "merge_stories",
    "notify_others",
    "open_fetcher",
    "poll_sources",
    "queue_tests",
    "read_hooks",
    "release",
    "relink",
    "send_now",
    "split_story",
    "translate_articles",
]
