"""Analysis of text for search: words, stems, queries, excerpts. Pure, and the same everywhere.

What is indexed and what is asked for pass through here, whichever database keeps the index.
"""

from dragoman.analysis.excerpts import Part, excerpt, mark_hits
from dragoman.analysis.queries import Phrase, Plan, Query, Term, parse_query, plan_query
from dragoman.analysis.words import VERSION, Terms, Word, analyse, common_words, split_words

__all__ = [
    "VERSION",
    "Part",
    "Phrase",
    "Plan",
    "Query",
    "Term",
    "Terms",
    "Word",
    "analyse",
    "common_words",
    "excerpt",
    "mark_hits",
    "parse_query",
    "plan_query",
    "split_words",
]
