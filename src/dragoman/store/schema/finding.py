"""What is computed so that much can be found at little cost: search and linking."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table

from dragoman.store.columns import KEY, Utc
from dragoman.store.schema.base import metadata

# -- Search (`search.py`). The index itself is the database's own: see `fulltext.py`. --

# What must be indexed, again or no more. A row is written with what it waits for.
search_waiting = Table(
    "search_waiting",
    metadata,
    Column("article", KEY, primary_key=True),
    Column("into", KEY, primary_key=True),  # empty: the original
    Column("asked", Integer, nullable=False),  # goes up: it changed while it was being read
)

# The texts that are indexed, by the number that they have in the index.
search_documents = Table(
    "search_documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article", KEY, nullable=False),
    Column("into", KEY, nullable=False),
    Column("language", KEY, nullable=False),  # of the text, without region
    Column("original", KEY, nullable=False),  # language of the article, without region
    Column("source", KEY, nullable=False),
    Column("section", KEY, nullable=False),
    Column("at", Utc, nullable=False),
    Column("version", KEY, nullable=False),  # of the analyser
    Index("ix_search_documents_article", "article", "into", unique=True),
    Index("ix_search_documents_version", "version"),
)

# The editions and languages that there are texts of, so that each is asked in its own words.
search_scopes = Table(
    "search_scopes",
    metadata,
    Column("into", KEY, primary_key=True),
    Column("language", KEY, primary_key=True),
)

# The tokens of a text, packed: the index gives none back, and needs them to forget a text.
search_tokens = Table(
    "search_tokens",
    metadata,
    Column("document", Integer, primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),
)

# In how many texts of a language a word stands near the top: for what is misspelt.
search_words = Table(
    "search_words",
    metadata,
    Column("language", KEY, primary_key=True),
    Column("word", KEY, primary_key=True),
    Column("documents", Integer, nullable=False),
)

# -- What linking needs to stay cheap as the archive grows -------------------------------------

# Computed from groupings and articles in the transaction that changes them. Whoever keeps
# centroids asks for what changed after the revision that it has seen.
live_events = Table(
    "live_events",
    metadata,
    Column("event", KEY, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("oldest", Utc, nullable=False),
    Column("newest", Utc, nullable=False),
    Column("members", Integer, nullable=False),  # none: it is gone
    Index("ix_live_events_revision", "revision", "event"),
    Index("ix_live_events_newest", "newest"),
)

# How often names and words stood in the stream of news.
stream_counts = Table(
    "stream_counts",
    metadata,
    Column("name", KEY, primary_key=True),
    Column("counts", LargeBinary, nullable=False),
)
